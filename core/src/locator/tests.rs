//! Locators as a whole, on what notices really contain and on what nobody should write.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn parse(kind: ItemKind, s: &str) -> Locator {
    Locator::parse(kind, s).unwrap()
}

#[test]
fn what_is_filed_is_kept() {
    for filed in [
        "https://apps.example/ru/app/ркн/id1511970611",
        "https://git.example/sodore/dsdsa?",
        "https://git.example/x/n24hr.md?dfh#1",
        " https://paste.example/%7eX?a=%2f#KEY= ",
        "hxxps[:]//paste[.]example/#k",
        "HTTP://u:p@Paste.Example:80/./a",
        "https://paste.example/\u{202E}gpj.exe",
    ] {
        assert_eq!(parse(ItemKind::Url, filed).filed(), filed);
    }
}

#[test]
fn defanged_and_live_are_one() {
    let defanged = parse(ItemKind::Url, "hxxps[:]//Paste[.]example/a[.]html#K");
    let live = parse(ItemKind::Url, "https://paste.example/a.html#K");
    assert_eq!(defanged.key(), live.key());
    assert_eq!(defanged.refanged(), Some("https://Paste.example/a.html#K"));
    assert_eq!(live.refanged(), None);
    assert_eq!(defanged.host().unwrap().as_str(), "paste.example");
    assert_eq!(live.defanged(), "hxxps[:]//paste[.]example/a[.]html#K");
    assert_eq!(defanged.defanged(), "hxxps[:]//Paste[.]example/a[.]html#K");
}

#[test]
fn a_site_is_its_host() {
    for written in [
        "https://Site.example",
        "http://site.example:80/",
        "site.example",
        "site.example:443",
    ] {
        assert_eq!(
            parse(ItemKind::Site, written).key().as_str(),
            "site.example"
        );
    }
    assert_eq!(
        parse(ItemKind::Site, "http://site.example:8080")
            .key()
            .as_str(),
        "site.example:8080"
    );
    assert_eq!(
        parse(ItemKind::Site, "site.example/forum").key().as_str(),
        "https://site.example/forum"
    );
    assert_eq!(
        Locator::parse(ItemKind::Site, "*.site.example"),
        Err(LocatorError::Host(HostError::Wildcard))
    );
}

#[test]
fn brackets_in_a_plain_name_are_its_own() {
    let channel = parse(ItemKind::Channel, "News [at] Noon");
    assert_eq!(channel.refanged(), None);
    assert_eq!(channel.key().as_str(), "news [at] noon");
    assert!(!channel.key_stands_alone());
    let account = parse(ItemKind::Account, "bob[at]paste[.]example");
    assert_eq!(account.refanged(), Some("bob@paste.example"));
    assert_eq!(account.key().as_str(), "@bob@paste.example");
    assert!(account.key_stands_alone());
}

#[test]
fn refusals_name_the_place_and_never_the_text() {
    let long = format!("https://paste.example/{}", "a".repeat(8192));
    let said = Locator::parse(ItemKind::Url, &long)
        .unwrap_err()
        .to_string();
    assert_eq!(said, "the locator has 8214 bytes; at most 8192 are taken");
    assert!(Locator::parse(ItemKind::Url, &long[..8192]).is_ok());
    assert_eq!(
        Locator::parse(ItemKind::Url, "https://paste.example/a\0"),
        Err(LocatorError::Control { at: 24, code: 0 })
    );
    assert!(Locator::parse(ItemKind::Account, "a\u{85}b").is_err());
    assert_eq!(
        Locator::parse(ItemKind::Channel, " \u{3000}"),
        Err(LocatorError::Empty)
    );
    for kind in ItemKind::ALL {
        assert_eq!(
            Locator::parse(*kind, "DATA:image/png;base64,AAAA"),
            Err(LocatorError::Data)
        );
    }
    for marked in [
        "https://marked value.example/",
        "marked:x",
        "marked@h.example",
        "https://marked.example:x/",
    ] {
        let said = Locator::parse(ItemKind::Url, marked)
            .unwrap_err()
            .to_string();
        assert!(!said.contains("marked"), "{said}");
    }
    assert!(!format!("{:?}", parse(ItemKind::Url, "https://marked.example/")).contains("marked"));
}

#[test]
fn a_digest_fits_every_index() {
    let key = parse(
        ItemKind::Url,
        &format!("https://paste.example/{}", "ж".repeat(4000)),
    )
    .key()
    .clone();
    assert!(key.as_str().len() > 20_000);
    assert_eq!(key.digest().len(), 64);
    assert_eq!(
        parse(ItemKind::Site, "paste.example").key().digest(),
        HEXLOWER.encode(&Sha256::digest(b"paste.example"))
    );
}

/// What must hold for every text of every kind.
fn holds(kind: ItemKind, filed: &str) -> Result<(), TestCaseError> {
    let Ok(locator) = Locator::parse(kind, filed) else {
        return Ok(());
    };
    prop_assert_eq!(locator.filed(), filed);
    prop_assert!(!locator.key().as_str().is_empty());
    prop_assert!(locator.host().is_none_or(|host| !host.as_str().is_empty()));
    if matches!(kind, ItemKind::Url | ItemKind::Site) {
        prop_assert!(locator.host().is_some());
    }
    prop_assert_eq!(Locator::parse(kind, filed), Ok(locator.clone()));
    if locator.key().as_str().len() <= MAX_LOCATOR_BYTES {
        let again = Locator::parse(kind, locator.key().as_str()).unwrap();
        prop_assert_eq!(again.key().as_str(), locator.key().as_str());
        prop_assert_eq!(again.host(), locator.host());
    }
    let shown = locator.defanged();
    prop_assert!(!shown.contains("://") || kind == ItemKind::FileHash);
    prop_assert_eq!(visible(&shown), shown.as_str());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn anything_at_all(s in any::<String>()) {
        for kind in ItemKind::ALL {
            holds(*kind, &s)?;
        }
    }

    #[test]
    fn anything_link_like(
        s in "[ ]?(hxxps?|https?|HTTP|ftp|acct|data)?(:|\\[:\\])?(//|\\[//\\]|\\\\)?[@#]?[a-zA-Z0-9ж\u{202E}\\[\\].@:*-]{0,16}(\\[\\.\\]|\\.|\\(dot\\))?[a-z]{0,6}[/?#]?[ -~\u{61C}ж]{0,24}"
    ) {
        for kind in ItemKind::ALL {
            holds(*kind, &s)?;
        }
    }

    #[test]
    fn inert_writing_means_the_same(
        s in "(https?://)?([a-z]{1,4}:[a-z]{1,4}@)?[a-zж]{1,8}(\\.[a-z]{1,8}){1,3}(:[0-9]{1,4})?/[ -~ж]{0,40}"
    ) {
        if let Ok(locator) = Locator::parse(ItemKind::Url, &s) {
            let again = Locator::parse(ItemKind::Url, &locator.defanged()).unwrap();
            prop_assert_eq!(again.key().as_str(), locator.key().as_str());
        }
    }

    #[test]
    fn long_ones(unit in "[\\PC]{1,4}|\\[|\\[\\.|%4|\\.\\./|@|\u{202E}", kind in 0usize..6) {
        let path = format!("https://paste.example/{}", unit.repeat(2000));
        let cut = (0..=MAX_LOCATOR_BYTES.min(path.len())).rev().find(|at| path.is_char_boundary(*at)).unwrap();
        holds(ItemKind::ALL[kind], &path[..cut])?;
        holds(ItemKind::ALL[kind], &unit.repeat(2000))?;
    }
}
