//! The guide of old records, command by command, and a list that is imported from a shell.

use std::process::{Command, Stdio};

use serde_json::json;
use takedown_tests::cli::{Cli, Ran};
use takedown_tests::paths::{self, root};
use takedown_tests::{Db, World, both_databases};

both_databases!(
    every_command_of_the_guide_does_what_it_says,
    what_was_left_out_is_said_in_row_report_and_at_the_end,
);

/// A party's shell with the lists of the guide in it.
fn shell(w: &World) -> Cli {
    let cli = Cli::of(&w.unit, &w.server);
    for name in ["mails-2019.xlsx", "mails-2019.csv", "mapping.toml"] {
        let from = root().join("docs/guides/old-records").join(name);
        std::fs::copy(from, cli.dir().join(name)).unwrap();
    }
    cli
}

/// A line of the guide, as a reader types it.
async fn typed(cli: &Cli, line: &str) -> Ran {
    let environment = cli.command(&[]);
    let mut bash = Command::new("bash");
    let binary = paths::binary();
    let path = std::env::var("PATH").unwrap_or_default();
    bash.args(["-c", line])
        .current_dir(cli.dir())
        .stdin(Stdio::null());
    for (name, value) in environment.get_envs() {
        match value {
            Some(value) => bash.env(name, value),
            None => bash.env_remove(name),
        };
    }
    bash.env(
        "PATH",
        format!("{}:{path}", binary.parent().unwrap().display()),
    );
    let output = tokio::task::spawn_blocking(move || bash.output().unwrap());
    Ran::from(output.await.unwrap())
}

async fn every_command_of_the_guide_does_what_it_says(db: Db) {
    let w = World::new(db).await;
    let cli = shell(&w);
    let guide = std::fs::read_to_string(root().join("docs/guides/old-records.md")).unwrap();
    let blocks = crate::readme::blocks(&guide, "sh");
    let mut ran = Vec::new();
    for line in blocks.lines() {
        ran.push((line, typed(&cli, line).await));
    }
    let said = |part: &str| {
        let found = ran.iter().find(|(line, _)| line.contains(part));
        let (_, ran) = found.unwrap_or_else(|| panic!("the guide has no {part}"));
        (ran.code, ran.out.as_str(), ran.err.as_str())
    };
    assert_eq!(ran.len(), 8, "{blocks}");
    assert_eq!(said("--example-mapping").0, 0);
    let printed = std::fs::read_to_string(cli.dir().join("my-mapping.toml")).unwrap();
    assert!(printed.contains("[columns]"), "{printed}");

    let (code, out, err) = said("--dry-run");
    assert_eq!(code, 1, "{out}{err}");
    assert!(
        err.contains("6 would be imported, 0 already imported, 2 refused"),
        "{err}"
    );
    assert!(
        err.contains("read the sheet \"Mails 2019\"") && err.contains("Mails 2020"),
        "{err}"
    );
    // What the guide shows is what is said.
    for shown in crate::readme::blocks(&guide, "text").lines() {
        assert!(out.contains(shown), "{shown}\n{out}");
    }
    let (code, _, err) = said("--report");
    assert_eq!(code, 1, "{err}");
    assert!(
        err.contains("6 imported, 0 already imported, 2 refused"),
        "{err}"
    );
    let report = std::fs::read_to_string(cli.dir().join("report.csv")).unwrap();
    let report = crate::export::cells(&report);
    assert_eq!(
        report[0],
        ["row", "link", "result", "id", "column", "reason"]
    );
    let rows: Vec<_> = report[1..]
        .iter()
        .map(|row| (&*row[0], &*row[1], &*row[2]))
        .collect();
    assert_eq!(
        rows,
        [
            ("4", "1", "imported"),
            ("5", "1", "imported"),
            ("6", "1", "imported"),
            ("6", "2", "imported"),
            ("8", "1", "refused"),
            ("9", "1", "refused"),
            ("10", "1", "imported"),
            ("11", "1", "imported"),
        ]
    );
    assert!(
        report[1][3].starts_with("imp_") && report[5][4] == "Link",
        "{report:?}"
    );

    let (code, out, err) = said("mails-2019.csv");
    assert_eq!(code, 1, "{out}{err}");
    assert!(
        err.contains("0 imported, 6 already imported, 2 refused"),
        "{out}{err}"
    );
    assert!(err.contains("UTF-8") && err.contains("';'"), "{err}");
    assert!(
        !out.contains("says something else"),
        "both lists say the same: {out}"
    );

    let (code, out, _) = said("takedown lookup");
    assert!(code == 0 && out.contains("2, last on 2019-09-02"), "{out}");
    let (code, out, _) = said("imported list");
    assert_eq!((code, out.lines().count()), (0, 7), "{out}");
    assert!(out.contains("A-2/19") && !out.contains("https://"), "{out}");
    assert_eq!(said("takedown export").0, 0);
    let table = std::fs::read_to_string(cli.dir().join("old-records.csv")).unwrap();
    let table = crate::export::cells(&table);
    assert_eq!(table.len(), 7);
    let place = |name: &str| table[0].iter().position(|cell| cell == name).unwrap();
    let column = |name: &str| {
        table[1..]
            .iter()
            .map(|row| row[place(name)].as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        column("agency_reference"),
        ["A-1/19", "A-1/19", "A-2/19", "A-2/19", "A-5/19", "A-6/19"]
    );
    assert_eq!(
        column("sent_on"),
        [
            "2019-05-02",
            "2019-05-02",
            "2019-06-14",
            "2019-06-14",
            "2019-08-20",
            "2019-09-02"
        ]
    );
    assert_eq!(column("sent_at")[2], "2019-06-14T07:30:00.000Z");
    assert_eq!(
        column("outcome"),
        [
            "removed",
            "",
            "declined_within_terms",
            "declined_within_terms",
            "",
            "removed"
        ]
    );
    assert_eq!(column("platform_id")[0], w.platform.id);
    assert_eq!(
        (column("platform_id")[4], column("platform_name")[4]),
        ("", "Old Board")
    );
    assert_eq!(column("note")[4], "'=the board closed in 2020");

    let (code, _, err) = said("imported withdraw");
    assert!(code == 0 && err.contains("6 taken back"), "{err}");
    let left = w.unit.api.list("/v1/imports?withdrawn=false").await;
    assert_eq!(left, Vec::<serde_json::Value>::new());

    // A mapping that is wrong, a column that is not there, a list that is none: said before anything is sent.
    std::fs::write(
        cli.dir().join("wrong.toml"),
        "[columns]\nlocater = \"Link\"\n",
    )
    .unwrap();
    let wrong = cli
        .run(&["import", "mails-2019.csv", "--mapping", "wrong.toml"])
        .await
        .ends(1);
    assert!(
        wrong.err.contains("wrong.toml:2: unknown field `locater`"),
        "{}",
        wrong.err
    );
    let mapping = std::fs::read_to_string(cli.dir().join("mapping.toml")).unwrap();
    std::fs::write(
        cli.dir().join("other.toml"),
        mapping.replace("\"Remarks\"", "\"Notes\""),
    )
    .unwrap();
    let wrong = cli
        .run(&["import", "mails-2019.csv", "--mapping", "other.toml"])
        .await
        .ends(1);
    assert!(wrong.err.contains("lacks \"Notes\""), "{}", wrong.err);
    cli.run(&["import", "mails-2019.csv"]).await.ends(2);
    let read = cli
        .run(&["imported", "list", "--json"])
        .await
        .ends(0)
        .json();
    let id = read["items"][0]["id"].as_str().unwrap();
    let shown = cli.run(&["imported", "show", id]).await.ends(0).json();
    assert_eq!(shown["provenance"], json!("imported"));
}

async fn what_was_left_out_is_said_in_row_report_and_at_the_end(db: Db) {
    let w = World::new(db).await;
    let cli = Cli::of(&w.unit, &w.server);
    let write = |name: &str, text: &str| std::fs::write(cli.dir().join(name), text).unwrap();
    write(
        "mapping.toml",
        "[columns]\nlocator = \"Link\"\nsent_on = \"Sent\"\n[read]\ntime_zone = \"Europe/Warsaw\"\n",
    );
    let import = async |list: &str| {
        let words = [
            "import",
            list,
            "--mapping",
            "mapping.toml",
            "--report",
            "report.csv",
        ];
        cli.run(&words).await
    };
    write(
        "clocks.csv",
        "Link,Sent,Note,note\n\
         https://paste.example/1,2019-03-31 02:30,,\n\
         https://paste.example/2,2019-10-27 02:30,,\n\
         https://paste.example/3,2019-10-27 03:30,,\n",
    );
    let ran = import("clocks.csv").await.ends(0);
    for says in [
        "row 2, column \"Sent\": 2019-03-31 02:30 did not exist, because the clocks went forward in Europe/Warsaw",
        "row 3, column \"Sent\": 2019-10-27 02:30 was there twice",
    ] {
        let said = ran.out.contains(says) || ran.err.contains(says);
        assert!(said, "{}{}", ran.out, ran.err);
    }
    for says in [
        "the heading \"note\" stands in the columns C and D",
        "3 imported",
        "2 rows have a time of day that the clocks did not show, or showed twice",
    ] {
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    let report = std::fs::read_to_string(cli.dir().join("report.csv")).unwrap();
    let report = crate::export::cells(&report);
    let told: Vec<_> = report[1..]
        .iter()
        .map(|row| (&*row[0], &*row[2], &*row[4], row[5].is_empty()))
        .collect();
    assert_eq!(
        told,
        [
            ("2", "imported", "Sent", false),
            ("3", "imported", "Sent", false),
            ("4", "imported", "", true),
        ]
    );
    let twice = "Sent,Link,Note,LINK\n2019-05-02,https://paste.example/4,,x\n";
    write("twice.csv", twice);
    let twice = import("twice.csv").await.ends(1);
    let says = "row 1 has the same heading more than once: \"Link\" in the columns B and D";
    assert!(twice.err.contains(says), "{}", twice.err);
    assert_eq!(w.unit.api.list("/v1/imports").await.len(), 3);
}
