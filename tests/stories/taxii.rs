//! What a platform is asked as a collection of STIX objects, read by programs that nobody here wrote.

mod changes;
mod doors;

use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use takedown_tests::seams::{self, no_rate_limit};
use takedown_tests::world::Party;
use takedown_tests::{Db, Filing, World, both_databases, paths, wait};

const ACCEPT: &str = "application/taxii+json;version=2.1";
const WRITERS: usize = 6;
const EACH: usize = 6;

both_databases!(
    what_is_asked_is_read_as_stix_and_reading_it_is_the_receipt,
    many_writers_and_no_page_loses_one,
);

/// The address of a platform's collection: its UUID is that of its identifier.
pub fn collection(party: &Party) -> String {
    format!("/taxii2/exchange/collections/{}/", uuid(&party.id))
}

/// The UUID within one of our identifiers.
fn uuid(id: &str) -> String {
    const DIGITS: &str = "0123456789abcdefghjkmnpqrstvwxyz";
    let (_, text) = id.rsplit_once('_').unwrap();
    let number = text.chars().fold(0_u128, |number, digit| {
        (number << 5) | u128::try_from(DIGITS.find(digit).unwrap()).unwrap()
    });
    let hex = format!("{number:032x}");
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

/// `taxii2-client` and `stix2` read so many reports.
async fn read(w: &World, party: &Party, (limit, reports, how): (usize, usize, &str)) -> Value {
    let who = party.api.credentials();
    let (limit, reports) = (limit.to_string(), reports.to_string());
    let done = tokio::process::Command::new(paths::tool("venv/bin/python"))
        .arg(paths::root().join("tests/taxii/read.py"))
        .args([&w.server.url(), seams::PUBLIC_URL])
        .args([&who.id, &who.secret, &limit, &reports])
        .arg(how)
        .output();
    let done = tokio::time::timeout(wait::PATIENCE, done)
        .await
        .unwrap()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    serde_json::from_slice(&done.stdout).unwrap()
}

/// The objects of a collection that were added after a date, and the date of the last one.
async fn since(party: &Party, date: &str) -> (Vec<Value>, String) {
    let at = format!("{}objects/?limit=200&added_after={date}", collection(party));
    let answer = party.api.get(&at).header("accept", ACCEPT).await.is(200);
    let last = answer.header("x-taxii-date-added-last");
    let last = last.map_or_else(|| date.to_owned(), str::to_owned);
    let found = answer.json()["objects"].as_array().cloned();
    (found.unwrap_or_default(), last)
}

fn of_type<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|o| o["type"] == kind).collect()
}

async fn what_is_asked_is_read_as_stix_and_reading_it_is_the_receipt(db: Db) {
    let w = World::new(db).await;
    let sha256 = "ab".repeat(32);
    let link = "https://paste.example/it's\\here?q=a&b#s3cr3t";
    let items = json!([
        {"locator": link, "digests": [{"algorithm": "sha256", "value": sha256}]},
        {"kind": "account", "locator": "paste:somebody"},
        {"kind": "site", "locator": "https://mirror.paste.example/"},
        {"kind": "file_hash", "locator": "cd".repeat(16)},
    ]);
    let filing = Filing::referral(&[link])
        .platform(&w.platform.id)
        .set("items", items);
    let request = w.file(&filing).await;
    let elsewhere = w
        .file(&Filing::referral(&["https://forum.example/x"]))
        .await;

    // What tells of no content is no receipt: which objects there are, and since when.
    // Its names do not tell what it is about: those that everybody computes from a locator are not among them before it was read.
    let manifest = async |query: &str| {
        let at = format!("{}manifest/?limit=200{query}", collection(&w.platform));
        let call = w.platform.api.get(&at).header("accept", ACCEPT);
        call.await.is(200).json()
    };
    let before = manifest("").await;
    let kinds: HashSet<&str> = before["objects"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["id"].as_str()?.split("--").next())
        .collect();
    for told in ["report", "indicator", "relationship", "course-of-action"] {
        assert!(kinds.contains(told), "{kinds:?}");
    }
    for kept in ["url", "domain-name", "user-account", "file"] {
        assert!(!kinds.contains(kept), "{kinds:?}");
        let asked = manifest(&format!("&match[type]={kept}")).await;
        assert_eq!(asked, json!({}));
    }
    assert_eq!(w.read(&request).await["status"], "filed");

    let read = read(&w, &w.platform, (5, 1, "next")).await;
    let uuid_of = |value: &Value| uuid(value.as_str().unwrap());
    assert_eq!(
        read["collections"],
        json!([[uuid(&w.platform.id), "What Paste is asked", true, false]])
    );
    let objects = read["objects"].as_array().unwrap().clone();
    let by_id: HashMap<&str, &Value> = objects
        .iter()
        .map(|o| (o["id"].as_str().unwrap(), o))
        .collect();
    assert_eq!(by_id.len(), objects.len(), "each once");
    let manifest = manifest("").await;
    let listed = manifest["objects"].as_array().unwrap();
    assert_eq!(listed.len(), objects.len());
    for one in listed {
        let object = by_id[one["id"].as_str().unwrap()];
        if let Some(modified) = object["modified"].as_str() {
            assert_eq!(one["version"], modified);
        }
    }
    let mut dates: Vec<_> = listed
        .iter()
        .map(|o| o["date_added"].as_str().unwrap())
        .collect();
    let in_order = dates.clone();
    dates.sort_unstable();
    dates.dedup();
    assert_eq!(dates, in_order, "no two at one instant");

    let [report] = of_type(&objects, "report")[..] else {
        unreachable!()
    };
    assert_eq!(report["id"], format!("report--{}", uuid_of(&request["id"])));
    assert_eq!(report["description"], request["reasons"]["text"]);
    assert_eq!(
        report["external_references"][0]["external_id"],
        request["reference"]
    );
    assert!(
        report["labels"]
            .as_array()
            .unwrap()
            .contains(&json!("referral"))
    );
    assert!(report["name"].as_str().unwrap().contains("voluntary"));
    for reference in report["object_refs"].as_array().unwrap() {
        assert!(
            by_id.contains_key(reference.as_str().unwrap()),
            "{reference}"
        );
    }
    // Exactly as filed.
    let urls: Vec<_> = of_type(&objects, "url")
        .iter()
        .map(|o| o["value"].clone())
        .collect();
    assert_eq!(urls, [json!(link), json!("https://mirror.paste.example/")]);
    assert_eq!(
        of_type(&objects, "domain-name")[0]["value"],
        "mirror.paste.example"
    );
    assert_eq!(
        of_type(&objects, "user-account")[0]["user_id"],
        "paste:somebody"
    );
    let files = of_type(&objects, "file");
    assert_eq!(files[0]["hashes"]["SHA-256"], sha256);
    assert_eq!(files[1]["hashes"]["MD5"], "cd".repeat(16));
    let indicators = of_type(&objects, "indicator");
    assert_eq!(indicators.len(), 4);
    assert_eq!(
        indicators[0]["pattern"],
        "[url:value = 'https://paste.example/it\\'s\\\\here?q=a&b#s3cr3t']"
    );
    assert_eq!(
        indicators[0]["id"],
        format!("indicator--{}", uuid_of(&request["items"][0]["id"]))
    );
    assert_eq!(of_type(&objects, "relationship").len(), 4);
    let names: HashSet<_> = of_type(&objects, "identity")
        .iter()
        .map(|o| o["name"].clone())
        .collect();
    assert_eq!(
        names,
        HashSet::from([json!("Cyber Unit Kraków"), json!("Paste")])
    );
    assert_eq!(
        of_type(&objects, "marking-definition")[0]["name"],
        "TLP:AMBER+STRICT"
    );

    // Reading objects is what reading the request is: once the receipt, and not a new version.
    assert_eq!(w.read(&request).await["status"], "fetched");
    assert_eq!(
        w.history(&request).await,
        ["request.filed", "request.fetched"]
    );
    let again = self::read(&w, &w.platform, (200, 1, "next")).await;
    assert_eq!(again["objects"], read["objects"]);
    assert_eq!(
        w.history(&request).await,
        ["request.filed", "request.fetched"]
    );
    // What another platform is asked is not here.
    assert_eq!(w.read(&elsewhere).await["status"], "filed");
    assert!(!again.to_string().contains("forum.example"));
}

async fn many_writers_and_no_page_loses_one(db: Db) {
    let w = World::with(db, &no_rate_limit()).await;
    w.unit.api.token().await;
    let writers = join_all((0..WRITERS).map(|writer| {
        let w = &w;
        async move {
            for n in 0..EACH {
                let filing = Filing::referral(&[&format!("https://paste.example/{writer}/{n}")]);
                w.file(&filing).await;
            }
        }
    }));
    let expected = WRITERS * EACH;
    let (_, by_next, by_date, one_by_one) = tokio::join!(
        writers,
        read(&w, &w.platform, (7, expected, "next")),
        read(&w, &w.platform, (7, expected, "added_after")),
        read(&w, &w.platform, (3, expected, "added_after")),
    );
    let wanted: HashSet<String> = (0..WRITERS)
        .flat_map(|writer| (0..EACH).map(move |n| format!("https://paste.example/{writer}/{n}")))
        .collect();
    for read in [&by_next, &by_date, &one_by_one] {
        let objects = read["objects"].as_array().unwrap();
        let urls: Vec<String> = of_type(objects, "url")
            .iter()
            .map(|o| o["value"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(urls.len(), expected, "none twice");
        assert_eq!(
            urls.into_iter().collect::<HashSet<_>>(),
            wanted,
            "none lost"
        );
        let dates: Vec<&str> = read["pages"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|page| {
                [
                    page["first"].as_str().unwrap(),
                    page["last"].as_str().unwrap(),
                ]
            })
            .collect();
        assert!(dates.is_sorted(), "{dates:?}");
    }
    // All three saw one collection: the same objects in the same order.
    assert_eq!(by_next["objects"], by_date["objects"]);
    assert_eq!(by_next["objects"], one_by_one["objects"]);
}
