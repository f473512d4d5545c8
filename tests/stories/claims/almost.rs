//! What is almost right is told so that it can be put right, and grants nothing.

use serde_json::json;
use takedown_tests::{Db, both_databases};

use super::{RECORD, owner};

both_databases!(
    a_record_that_is_almost_right_is_told_by_what_is_wrong_with_it,
    a_file_that_is_almost_right_is_told_by_what_is_wrong_with_it,
);

async fn a_record_that_is_almost_right_is_told_by_what_is_wrong_with_it(db: Db) {
    let c = owner(db, &["en"]).await;
    let line = c.begun().await;
    let code = line.strip_prefix("takedown-exchange-claim=").unwrap();
    let last = if line.ends_with('0') { '1' } else { '0' };
    let wrong_end = format!("{}{last}", &line[..55]);
    let other = "takedown-exchange-claim=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
    for (text, says) in [
        (format!("\"{line}\""), "within quotation marks"),
        (code.to_owned(), "Only the code is there"),
        (line[..30].to_owned(), "It ends after 30 characters"),
        (line.replace("claim=", "claim ="), "character 24 "),
        (wrong_end, "character 56 is"),
        (other.to_owned(), "not this one"),
        (
            "<b>v=spf1".to_owned(),
            "Something else is there: &#34;&#60;b&#62;v=spf1",
        ),
    ] {
        c.names.texts(RECORD, &[&text]);
        let page = c.looked().await;
        assert!(page.contains(says), "{text}: {says}: {page}");
        assert_eq!(c.platform().await["standing"], "contacted", "{text}");
    }
    // At a name beside the right one.
    for name in [
        "small.test",
        "_takedown-exchange.small.test.small.test",
        "_takedown-exchange.www.small.test",
    ] {
        c.names.forget();
        c.names.texts(name, &[&line]);
        let page = c.looked().await;
        let says = format!("The record is right but stands at {name}.");
        assert!(page.contains(&says), "{says}: {page}");
        assert_eq!(c.platform().await["standing"], "contacted");
    }
    // One that leads to the right one is the owner's own doing.
    c.names
        .has(RECORD, json!({"CNAME": "elsewhere.small.test"}));
    c.names.texts("elsewhere.small.test", &[&line]);
    c.granted().await;
}

async fn a_file_that_is_almost_right_is_told_by_what_is_wrong_with_it(db: Db) {
    let c = owner(db, &["en"]).await;
    let line = c.begun().await;
    for (say, says) in [
        ("missing", "no such file (404)"),
        ("redirect", "sends on to https://www.small.test/elsewhere"),
        ("html", "a page in HTML"),
        ("flood", "more than is read"),
        ("bytes", "no text in UTF-8"),
        ("stall", "Nobody answered in time"),
    ] {
        c.names.site(say);
        let page = c.looked().await;
        assert!(page.contains(says), "{say}: {page}");
    }
    // Whoever may write on the site could have written it into a page.
    c.names.page(&format!("{line}\n"));
    assert!(c.looked().await.contains("a page in HTML"));
    c.names.file(&format!("<pre>\n{line}\n</pre>\n"));
    assert!(c.looked().await.contains("a page in HTML"));
    assert_eq!(c.platform().await["standing"], "contacted");
    c.names.file(&line[..50]);
    assert!(c.looked().await.contains("It ends after 50 characters"));
    c.names.file(&line.to_uppercase());
    c.granted().await;
    let fetched = c.names.fetched();
    let file = "/.well-known/takedown-exchange.txt";
    assert!(fetched.iter().all(|path| path == file), "{fetched:?}");
    assert_eq!(fetched.len(), 10, "each look fetches once: {fetched:?}");
}
