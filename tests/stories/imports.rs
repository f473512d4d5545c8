//! Old records: imported from a unit's own lists, marked as such, seen by nobody else.

mod bad_rows;
mod by_shell;
mod foreign;
mod twice;

use serde_json::{Value, json};
use takedown_tests::world::Party;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    old_records_are_kept_as_what_they_are,
    a_record_taken_back_stays_and_is_not_counted,
);

const LINK: &str = "https://paste.example/old#key";

/// A row as a list has it.
pub fn row(locator: &str, reference: &str, sent_on: &str, number: u32) -> Value {
    json!({"locator": locator, "agency_reference": reference, "sent_on": sent_on,
        "source": {"file": "mails.xlsx", "sheet": "2019", "row": number, "sha256": "ab".repeat(32)}})
}

/// Imports rows; the answer.
pub async fn import(unit: &Party, rows: &[Value]) -> Value {
    let rows = Value::from(rows.to_vec());
    unit.api.post("/v1/imports", &rows).await.is(200).json()
}

pub async fn look_up(unit: &Party, locator: &str) -> Value {
    let items = json!({"items": [{"locator": locator}]});
    let found = unit.api.post("/v1/lookups", &items).await.is(200).json();
    found["items"][0].clone()
}

pub fn results(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["result"].as_str().unwrap())
        .collect()
}

pub fn id(answer: &Value, index: usize) -> String {
    answer["items"][index]["id"].as_str().unwrap().to_owned()
}

async fn old_records_are_kept_as_what_they_are(db: Db) {
    let w = World::new(db).await;
    let mut full = row(
        "hxxps[:]//PASTE[.]example/old#key",
        "A-1/19",
        "2019-05-02",
        4,
    );
    for (member, value) in [
        ("sent_at", json!("2019-05-01T22:30:00.000Z")),
        ("platform", json!("Paste Ltd")),
        ("asked", json!("order")),
        ("legal_basis", json!("=a law that is none any more")),
        ("grounds", json!(["glorification"])),
        ("outcome", json!("removed")),
        ("answered_on", json!("2019-05-03")),
        ("note", json!("by telephone")),
        ("language", json!("pl")),
    ] {
        full[member] = value;
    }
    let rows = [full, row(LINK, "A-2/19", "2020-06-01", 5)];
    let answer = import(&w.unit, &rows).await;
    assert_eq!(
        (&answer["imported"], &answer["refused"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(answer["items"][0]["status"], 201);
    assert_eq!(answer["items"][0]["platform"], json!(w.platform.id));

    let read = w
        .unit
        .api
        .get(&format!("/v1/imports/{}", id(&answer, 0)))
        .await
        .is(200)
        .json();
    for (member, value) in [
        ("provenance", json!("imported")),
        ("agency", json!(w.unit.id)),
        ("locator", rows[0]["locator"].clone()),
        ("kind", json!("url")),
        ("platform_name", json!("Paste Ltd")),
        ("sent_on", json!("2019-05-02")),
        ("outcome", json!("removed")),
        ("withdrawal", Value::Null),
    ] {
        assert_eq!(read[member], value, "{member}");
    }
    assert_eq!(read["platform"]["id"], json!(w.platform.id));
    assert_eq!(read["source"], rows[0]["source"]);
    let other = w
        .unit
        .api
        .get(&format!("/v1/imports/{}", id(&answer, 1)))
        .await
        .is(200)
        .json();
    assert_eq!(other["outcome"], Value::Null, "no answer is known");

    // Told to the unit, apart from what was witnessed.
    let told = json!({"times": 2, "first_on": "2019-05-02", "last_on": "2020-06-01"});
    let found = look_up(&w.unit, LINK).await;
    assert_eq!(
        (&found["imported"], &found["asked"]),
        (&told, &json!(false))
    );
    assert_eq!(
        (&found["own"], &found["elsewhere"]),
        (&Value::Null, &Value::Null)
    );
    let filed = w
        .file(&Filing::referral(&[LINK, "https://paste.example/new"]))
        .await;
    assert_eq!(filed["repeats"].as_array().unwrap().len(), 1);
    assert_eq!(filed["repeats"][0]["imported"], told);
    assert_eq!(filed["repeats"][0]["own"], Value::Null);
    // It does not stand in the way of filing, for nothing of it is open.
    let again =
        Filing::referral(&["https://paste.example/old2"]).set("if_repeated", json!("refuse"));
    import(
        &w.unit,
        &[row("https://paste.example/old2", "A-3/19", "2019-05-02", 6)],
    )
    .await;
    w.file(&again).await;

    // Nobody is told of them, and they are among no requests.
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 2);
    let inbox = w.platform.api.get("/v1/inbox").await.is(200).json();
    assert_eq!(inbox["items"].as_array().unwrap().len(), 2);
    let record = w
        .auditor
        .api
        .get(&format!("/v1/agencies/{}/record", w.unit.id))
        .await
        .is(200);
    assert!(record.text().contains("\"filed\":2"), "{}", record.text());
    let requests = w
        .auditor
        .api
        .get("/v1/exports/requests")
        .await
        .is(200)
        .text();
    assert!(!requests.contains("A-1/19"), "{requests}");

    // The auditor has them apart: exact as lines, harmless as cells.
    for party in [&w.unit, &w.auditor] {
        let lines = party.api.get("/v1/exports/imports").await.is(200).text();
        let lines: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0]["locator"], rows[0]["locator"]);
        assert_eq!(lines[0]["provenance"], "imported");
        assert_eq!(lines[0]["legal_basis"], "=a law that is none any more");
        assert_eq!(
            (&lines[0]["sheet"], &lines[0]["row"]),
            (&json!("2019"), &json!(4))
        );
        let cells = party
            .api
            .get("/v1/exports/imports?format=csv")
            .await
            .is(200)
            .text();
        let cells = crate::export::cells(&cells);
        assert_eq!(cells.len(), 4);
        let place = |name: &str| cells[0].iter().position(|cell| cell == name).unwrap();
        assert_eq!(
            cells[1][place("legal_basis")],
            "'=a law that is none any more"
        );
        assert_eq!(cells[1][place("sent_on")], "2019-05-02");
    }
    let filtered = format!(
        "/v1/exports/imports?agency_reference=A-2/19&file={}",
        "ab".repeat(32)
    );
    assert_eq!(
        w.auditor
            .api
            .get(&filtered)
            .await
            .is(200)
            .text()
            .lines()
            .count(),
        1
    );
    assert_eq!(
        w.auditor.api.list("/v1/imports?limit=2").await.len(),
        3,
        "page after page"
    );
    assert_eq!(
        w.auditor
            .api
            .list("/v1/imports?agency_reference=A-2/19")
            .await
            .len(),
        1
    );
}

async fn a_record_taken_back_stays_and_is_not_counted(db: Db) {
    let w = World::new(db).await;
    let rows: Vec<Value> = ["2019-05-02", "2020-05-02", "2021-05-02"]
        .iter()
        .zip(1..)
        .map(|(day, n)| row(LINK, "A-1", day, n))
        .collect();
    let answer = import(&w.unit, &rows).await;
    let take_back = async |index: usize| {
        let address = format!("/v1/imports/{}/withdrawal", id(&answer, index));
        let body = json!({"reason": "The wrong list."});
        w.unit.api.put(&address, &body).await.is(200).json()
    };
    let told = async || look_up(&w.unit, LINK).await["imported"].clone();
    let back = take_back(2).await;
    assert_eq!(back["withdrawal"]["reason"], "The wrong list.");
    assert_eq!(
        told().await,
        json!({"times": 2, "first_on": "2019-05-02", "last_on": "2020-05-02"})
    );
    assert_eq!(take_back(2).await, back, "said again it changes nothing");
    assert_eq!(told().await["times"], 2);
    take_back(0).await;
    assert_eq!(
        told().await,
        json!({"times": 1, "first_on": "2020-05-02", "last_on": "2020-05-02"})
    );
    take_back(1).await;
    assert_eq!(told().await, Value::Null);

    // What was taken back can be imported again, and both accounts stay.
    let again = import(&w.unit, &rows).await;
    assert_eq!(results(&again), ["imported"; 3]);
    assert_eq!(told().await["times"], 3);
    assert_eq!(w.unit.api.list("/v1/imports").await.len(), 6);
    assert_eq!(w.unit.api.list("/v1/imports?withdrawn=true").await.len(), 3);
    let lines = w
        .auditor
        .api
        .get("/v1/exports/imports")
        .await
        .is(200)
        .text();
    assert_eq!(lines.lines().count(), 6);
    assert_eq!(
        lines
            .matches("\"withdrawal_reason\":\"The wrong list.\"")
            .count(),
        3
    );
    let unreasoned = format!("/v1/imports/{}/withdrawal", id(&again, 0));
    let refused = w.unit.api.put(&unreasoned, &json!({"reason": " "})).await;
    refused.problem_at(422, "invalid", "/reason");
}
