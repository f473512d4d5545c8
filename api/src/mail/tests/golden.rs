//! Every mail as a person sees it, beside the code. `UPDATE_GOLDEN=1 cargo test -p takedown-api mail::` writes them
//! anew; the difference is then read in the commit.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::{every_digest, every_mail, render, render_digest};

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/mail/snapshots")
}

#[test]
fn every_event_in_every_language_reads_as_checked_in() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut names = BTreeSet::new();
    let mut differing = Vec::new();
    let mails = every_mail().into_iter();
    let mails = mails.map(|(name, facts)| (name, render(&facts).unwrap()));
    let digests = every_digest().into_iter();
    let digests = digests.map(|(name, facts)| (name, render_digest(&facts).unwrap()));
    for (name, mail) in mails.chain(digests) {
        let seen = format!(
            "Subject: {}\nContent-Language: {}\n\n=== text\n{}\n=== html\n{}\n",
            mail.subject,
            mail.languages.join(", "),
            mail.text,
            mail.html
        );
        let path = directory().join(format!("{name}.golden"));
        if update {
            fs::write(&path, &seen).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(&seen) {
            differing.push(name.clone());
        }
        names.insert(format!("{name}.golden"));
    }
    assert!(
        differing.is_empty(),
        "differ from the golden files (UPDATE_GOLDEN=1 writes them): {differing:#?}"
    );
    let there: BTreeSet<String> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        there, names,
        "golden files without a mail, or the other way round"
    );
}
