//! The inbox in a feed reader: a secret address, nothing worth stealing behind it, and nothing lost.

use serde_json::{Value, json};
use takedown_tests::seams::no_rate_limit;
use takedown_tests::world::{self, Party};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    a_feed_reader_sees_what_the_inbox_says,
    older_entries_are_a_page_further,
    whoever_has_no_address_reads_nothing,
    a_feed_lives_as_long_as_its_client_may_read,
);

async fn opened(party: &Party) -> Value {
    let wanted = json!({"description": "The reader on my desk"});
    party.api.post("/v1/feeds", &wanted).await.is(201).json()
}

/// What stands at an address of ours, asked without a token as feed readers do.
async fn at(w: &World, url: &str) -> Answer {
    let path = url.find("/feeds/").map(|place| &url[place..]).unwrap();
    w.anonymous.get(path).await
}

fn texts(feed: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    feed.split(&open)
        .skip(1)
        .map(|rest| rest.split(&close).next().unwrap().to_owned())
        .collect()
}

/// What is wrong with it by RFC 4287, as a library of another language reads it.
fn valid(feed: &str) {
    let script = "import sys, xml.etree.ElementTree as tree\n\
        ns = '{http://www.w3.org/2005/Atom}'\n\
        root = tree.fromstring(sys.stdin.buffer.read())\n\
        assert root.tag == ns + 'feed'\n\
        for of in [root, *root.findall(ns + 'entry')]:\n\
        \x20   for one in ('id', 'title', 'updated'):\n\
        \x20       assert len(of.findall(ns + one)) == 1 and of.find(ns + one).text, one\n\
        assert root.find(ns + 'author/' + ns + 'name').text\n\
        assert [l for l in root.findall(ns + 'link') if l.get('rel') == 'self']\n\
        ids = [e.find(ns + 'id').text for e in root.findall(ns + 'entry')]\n\
        assert len(ids) == len(set(ids))\n";
    let mut child = std::process::Command::new(takedown_tests::paths::tool("venv/bin/python"))
        .args(["-c", script])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, feed.as_bytes()).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success(), "{feed}");
}

async fn a_feed_reader_sees_what_the_inbox_says(db: Db) {
    let w = World::with(db, &no_rate_limit()).await;
    let feed = opened(&w.platform).await;
    let url = feed["url"].as_str().unwrap();
    let empty = at(&w, url).await.is(200);
    valid(&empty.text());
    assert_eq!(
        empty.header("content-type"),
        Some("application/atom+xml; charset=utf-8")
    );

    let officer = json!({"handle": "M-17", "name": "Marked Officer", "rank": "inspector"});
    let locator = "https://paste.example/hidden#s3cr3t";
    let referral = w
        .file(&Filing::referral(&[locator]).set("officer", officer))
        .await;
    let order = w.file(&Filing::tco_order(&[locator])).await;
    let answer = at(&w, url).await.is(200);
    let text = answer.text();
    valid(&text);
    let titles = texts(&text, "title");
    let [_, newest, oldest] = &titles[..] else {
        panic!("{titles:?}")
    };
    // Which request, may or must, by when.
    assert!(
        newest.starts_with(order["reference"].as_str().unwrap()),
        "{newest}"
    );
    assert!(
        newest.contains("binding as claimed") && newest.contains("within"),
        "{newest}"
    );
    assert!(
        oldest.starts_with(referral["reference"].as_str().unwrap()),
        "{oldest}"
    );
    assert!(
        oldest.contains("request filed") && oldest.contains("This is voluntary"),
        "{oldest}"
    );
    assert!(text.contains(&format!("/v1/requests/{}", order["id"].as_str().unwrap())));
    for word in [
        "hidden",
        "s3cr3t",
        "paste.example/",
        "Marked Officer",
        "M-17",
    ] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    // Reading it is no receipt, and nothing new costs nothing.
    assert_eq!(w.read(&order).await["status"], "filed");
    let path = &url[url.find("/feeds/").unwrap()..];
    let known = w
        .anonymous
        .get(path)
        .header("if-none-match", &answer.etag());
    assert!(known.await.is(304).body.is_empty());
    w.file(&Filing::referral(&["https://paste.example/more"]))
        .await;
    let known = w
        .anonymous
        .get(path)
        .header("if-none-match", &answer.etag());
    assert_eq!(texts(&known.await.is(200).text(), "title").len(), 4);

    // The unit's inbox can be read so as well.
    let unit = opened(&w.unit).await;
    w.acknowledge(&referral).await;
    let text = at(&w, unit["url"].as_str().unwrap()).await.is(200).text();
    valid(&text);
    assert!(text.contains("request acknowledged"), "{text}");
}

async fn older_entries_are_a_page_further(db: Db) {
    let w = World::with(db, &no_rate_limit()).await;
    let filings: Vec<Value> = (0..205)
        .map(|n| Filing::referral(&[&format!("https://paste.example/{n}")]).json())
        .collect();
    w.unit
        .api
        .post("/v1/requests/batch", &json!(filings))
        .await
        .is(200);
    // Opened after all of it: whoever was away has missed nothing.
    let feed = opened(&w.platform).await;
    let mut next = feed["url"].as_str().unwrap().to_owned();
    let (mut ids, mut pages) = (Vec::new(), 0);
    loop {
        let text = at(&w, &next).await.is(200).text();
        valid(&text);
        pages += 1;
        ids.extend(texts(&text, "id").into_iter().skip(1));
        let Some(link) = text.split("<link rel=\"next\" href=\"").nth(1) else {
            break;
        };
        next = link.split('"').next().unwrap().to_owned();
    }
    assert_eq!((ids.len(), pages), (205, 3));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 205);
}

async fn whoever_has_no_address_reads_nothing(db: Db) {
    let w = World::with(db, &no_rate_limit()).await;
    let key = "one and the same";
    let wanted = json!({"description": "a"});
    let first = w
        .platform
        .api
        .post("/v1/feeds", &wanted)
        .key(key)
        .await
        .is(201);
    assert_eq!(first.header("cache-control"), Some("no-store"));
    let first = first.json();
    let again = w
        .platform
        .api
        .post("/v1/feeds", &wanted)
        .key(key)
        .await
        .is(201)
        .json();
    assert_eq!((&again["id"], &again["url"]), (&first["id"], &Value::Null));
    let listed = w.platform.api.list("/v1/feeds").await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["url"], Value::Null);
    assert_eq!(
        w.other_platform.api.list("/v1/feeds").await,
        Vec::<Value>::new()
    );

    let url = first["url"].as_str().unwrap();
    at(&w, url).await.is(200);
    // What is no address, and what is one no more, are one and the same page.
    let never = at(&w, "/feeds/00000000000000000000000000000000.atom")
        .await
        .is(404)
        .text();
    assert!(never.contains("POST /v1/feeds"), "{never}");
    assert_eq!(
        at(&w, &url.replace(".atom", "")).await.is(404).text(),
        never
    );
    assert_eq!(
        at(&w, &format!("{url}?before=then")).await.is(404).text(),
        never
    );
    let suspension = format!("/v1/platforms/{}/suspension", w.platform.id);
    w.operator
        .api
        .put(&suspension, &json!({"reason": "why"}))
        .await
        .is(200);
    assert_eq!(at(&w, url).await.is(404).text(), never);
    w.operator.api.delete(&suspension).await.is(200);
    w.platform.api.forget_token().await;
    at(&w, url).await.is(200);

    let one = format!("/v1/feeds/{}", first["id"].as_str().unwrap());
    w.other_platform
        .api
        .delete(&one)
        .await
        .problem(404, "not-found");
    w.platform.api.delete(&one).await.is(204);
    w.platform.api.delete(&one).await.problem(404, "not-found");
    assert_eq!(at(&w, url).await.is(404).text(), never);

    for _ in 0..10 {
        opened(&w.platform).await;
    }
    let full = w
        .platform
        .api
        .post("/v1/feeds", &wanted)
        .await
        .problem(409, "conflict-state");
    assert!(full["detail"].as_str().unwrap().contains("end one first"));
    let lines = json!({"description": "two\nlines"});
    w.platform
        .api
        .post("/v1/feeds", &lines)
        .await
        .problem(422, "invalid");
    for party in [&w.operator, &w.auditor] {
        party.api.get("/v1/feeds").await.problem(403, "forbidden");
    }
}

async fn a_feed_lives_as_long_as_its_client_may_read(db: Db) {
    let w = World::with(db, &no_rate_limit()).await;
    let of = async |scopes: Value| {
        let wanted = json!({"name": "Feeds", "platform": w.platform.id, "scopes": scopes});
        let who = world::client(&w.operator, wanted).await;
        (who.id.clone(), w.platform.api.acting_as(who))
    };
    // Saying where the inbox is read is not reading it.
    let (_, writer) = of(json!(["webhooks:write"])).await;
    let wanted = json!({"description": "a"});
    let refused = writer.post("/v1/feeds", &wanted).await;
    let refused = refused.problem(403, "insufficient-scope");
    assert!(refused.to_string().contains("inbox:read"), "{refused}");
    assert_eq!(w.platform.api.list("/v1/feeds").await, Vec::<Value>::new());

    let (id, both) = of(json!(["webhooks:write", "inbox:read"])).await;
    let feed = both.post("/v1/feeds", &wanted).await.is(201).json();
    let url = feed["url"].as_str().unwrap();
    let others = opened(&w.platform).await;
    let others = others["url"].as_str().unwrap();
    at(&w, url).await.is(200);
    // Other credentials are no other client.
    let credentials = format!("/v1/clients/{id}/credentials");
    let revoking = json!({"revoke_old": true});
    w.operator.api.post(&credentials, &revoking).await.is(201);
    at(&w, url).await.is(200);

    let never = at(&w, "/feeds/00000000000000000000000000000000.atom").await;
    let never = never.is(404).text();
    let suspension = format!("/v1/clients/{id}/suspension");
    let why = json!({"reason": "left the company"});
    w.operator.api.put(&suspension, &why).await.is(200);
    assert_eq!(at(&w, url).await.is(404).text(), never);
    at(&w, others).await.is(200);
    w.operator.api.delete(&suspension).await.is(200);
    at(&w, url).await.is(200);
}
