//! From cells to records: days, words, several links, what is wrong by row and column.

use chrono::NaiveDate;
use serde_json::json;

use super::{Cell, EXAMPLE, SheetRow, body, made, mapping, refused};
use crate::cli::import::headings::{NotFound, headings};

fn row(number: u32, cells: &[&str]) -> SheetRow {
    let cells = cells.iter().map(|text| match *text {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    });
    SheetRow {
        number,
        cells: cells.collect(),
        read: 0,
    }
}

/// The headings of the example, in another order and writing than there.
fn heading() -> SheetRow {
    row(
        1,
        &[
            "  LINK ",
            "sent",
            "File  number",
            "Platform",
            "Answer",
            "Answered",
            "Remarks",
            "Other",
        ],
    )
}

fn of(rows: &[SheetRow]) -> Vec<super::Made> {
    let rows: Vec<SheetRow> = [heading()]
        .into_iter()
        .chain(rows.iter().cloned())
        .collect();
    made(&mapping(EXAMPLE), &rows)
}

#[test]
fn a_row_becomes_a_record_for_each_of_its_links() {
    let found = of(&[row(
        2,
        &[
            "https://paste.example/1 ;\n hxxps[:]//paste[.]example/2",
            "02.05.2019 23:30",
            "A-1",
            " paste ",
            "Not Found",
            "2019-05-04",
            "by mail",
            "x",
        ],
    )]);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].link, found[1].link), (1, 2));
    assert_eq!(
        body(&found[0]),
        json!({"locator": "https://paste.example/1", "kind": "url", "sent_on": "2019-05-02", "sent_at": "2019-05-02T21:30:00.000Z",
            "platform": "paste.example", "agency_reference": "A-1", "outcome": "not_found", "answered_on": "2019-05-04",
            "note": "by mail", "language": "pl", "source": {"file": "list.csv", "row": 2,
            "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}})
    );
    assert_eq!(body(&found[1])["locator"], "hxxps[:]//paste[.]example/2");
}

#[test]
fn merged_cells_hold_for_the_rows_below_and_blank_rows_are_passed_over() {
    let found = of(&[
        row(
            2,
            &["https://paste.example/1", "02.05.2019", "A-1", "Paste"],
        ),
        row(3, &["https://paste.example/2", "", ""]),
        row(
            4,
            &["", "", "", "", "", "", "", "only in a column of no concern"],
        ),
        row(5, &["https://paste.example/3", "", "A-2"]),
    ]);
    assert_eq!(
        found.iter().map(|made| made.row).collect::<Vec<_>>(),
        [2, 3, 5]
    );
    let second = body(&found[1]);
    assert_eq!(
        (&second["sent_on"], &second["agency_reference"]),
        (&json!("2019-05-02"), &json!("A-1"))
    );
    // The platform is not filled down in the example.
    assert_eq!(second.get("platform"), None);
    assert_eq!(body(&found[2])["agency_reference"], "A-2");
}

#[test]
fn days_come_as_dates_as_numbers_and_as_text() {
    let day = |cell: Cell| {
        let mut sent = row(2, &["https://paste.example/1", "x"]);
        sent.cells[1] = cell;
        let record = body(&of(&[sent])[0]);
        (record["sent_on"].clone(), record.get("sent_at").cloned())
    };
    let date = NaiveDate::from_ymd_opt(2019, 9, 2).unwrap();
    let noon = date.and_hms_opt(12, 0, 0).unwrap();
    let midnight = date.and_hms_opt(0, 0, 0).unwrap();
    let on = json!("2019-09-02");
    assert_eq!(day(Cell::Moment(midnight)), (on.clone(), None));
    assert_eq!(
        day(Cell::Moment(noon)),
        (on.clone(), Some(json!("2019-09-02T10:00:00.000Z")))
    );
    assert_eq!(day(Cell::Number(43_710.0)), (on.clone(), None));
    assert_eq!(
        day(Cell::Number(43_710.5)),
        (on.clone(), Some(json!("2019-09-02T10:00:00.000Z")))
    );
    assert_eq!(day(Cell::Text(" 02.09.2019 ".into())), (on, None));
    // An hour that a change of the clocks skipped is no instant; the day stands.
    assert_eq!(
        day(Cell::Text("31.03.2019 02:30".into())),
        (json!("2019-03-31"), None)
    );
}

#[test]
fn what_is_wrong_is_said_with_row_and_column() {
    let mut failed = row(9, &["x", "02.05.2019"]);
    failed.cells[0] = Cell::Failed("#REF!".into());
    let found = of(&[
        row(2, &["", "02.05.2019", "A-1"]),
        row(
            3,
            &["https://paste.example/1", "in May", "A-1", "", "perhaps"],
        ),
        row(4, &["https://paste.example/1\nnightowl", "02.05.2019"]),
        failed,
    ]);
    let said = refused(&found);
    for (found, wanted) in said.iter().zip([
        "row 2, Link: is empty",
        "row 3, Sent: \"in May\" is no day in the form %d.%m.%Y or",
        "row 3, Answer: \"perhaps\" is not an outcome; it is one of removed,",
        "row 4, Link: the locator has no host",
        "row 9, Link: holds the error #REF! of a formula",
    ]) {
        assert!(found.starts_with(wanted), "{found}");
    }
    assert_eq!(said.len(), 5, "{said:#?}");
    let good: Vec<_> = found.iter().filter(|made| made.body.is_ok()).collect();
    assert_eq!(good.len(), 1, "the other link of row 4");
    assert_eq!((good[0].row, good[0].link), (4, 1));
}

#[test]
fn headings_that_are_missing_are_named() {
    let missing = headings(&mapping(EXAMPLE), &row(1, &["Link", "Sent", "Platform"])).unwrap_err();
    let lacks = ["File number", "Answer", "Answered", "Remarks"];
    assert_eq!(missing, NotFound::Missing(lacks.map(str::to_owned).into()));
}

#[test]
fn a_heading_that_stands_there_twice_is_refused_or_remarked() {
    let mapping = mapping("[columns]\nlocator = \"Link\"\nsent_on = \"Sent\"\n");
    let twice = row(3, &["Link", "Sent", "x", " LINK ", "link", "sent"]);
    let wanted = [
        "\"Link\" in the columns A, D and E",
        "\"Sent\" in the columns B and F",
    ];
    assert_eq!(
        headings(&mapping, &twice),
        Err(NotFound::Twice(wanted.map(str::to_owned).into()))
    );
    let other = row(3, &["Note", "Link", "", "Sent", "", "note"]);
    let found = headings(&mapping, &other).unwrap();
    assert_eq!(found.places.len(), 2);
    assert_eq!(
        found.remarks,
        [
            "the heading \"note\" stands in the columns A and F; none of them is read, since the mapping names none"
        ]
    );
    // A row that lacks one is not the row with the headings, whatever stands there twice.
    let above = headings(&mapping, &row(1, &["Link", "Link"]));
    assert_eq!(above, Err(NotFound::Missing(vec!["Sent".into()])));
}

#[test]
fn a_time_that_was_left_out_is_remarked_with_its_column() {
    let sent = |at: &str| {
        of(&[row(
            2,
            &["https://paste.example/1;https://paste.example/2", at, "A-1"],
        )])
    };
    for at in ["31.03.2019 02:30", "27.10.2019 02:30"] {
        let found = sent(at);
        assert_eq!(found.len(), 2);
        for made in &found {
            assert_eq!(body(made).get("sent_at"), None);
            let [remark] = made.remarks.as_slice() else {
                unreachable!("{made:?}")
            };
            assert_eq!(remark.column.as_deref(), Some("Sent"));
            assert!(
                remark.reason.contains("only the day was kept"),
                "{remark:?}"
            );
        }
    }
    assert_eq!(sent("31.03.2019 03:30")[0].remarks, []);
}
