//! A small package, and everything that can be done to it.
#![allow(clippy::unwrap_used)]

mod sample;

use std::io::{self, Read as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use takedown_core::log::Policy;
use takedown_core::package::Member;

use self::sample::{Sample, key, policy};
use super::{Checked, ReadAt, Told, check};

/// Bytes in memory, which note how much was asked for at once.
struct Held {
    bytes: Vec<u8>,
    most: AtomicUsize,
}

impl ReadAt for Held {
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.most.fetch_max(into.len(), Ordering::Relaxed);
        let at = usize::try_from(at).unwrap().min(self.bytes.len());
        let mut rest = &self.bytes[at..];
        rest.read(into)
    }

    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }
}

fn checked(bytes: &[u8], policy: &Policy) -> (Checked, Vec<String>, usize) {
    let held = Held {
        bytes: bytes.to_vec(),
        most: AtomicUsize::new(0),
    };
    let mut faults = Vec::new();
    let checked = check(&held, policy, None, &mut |told| {
        if let Told::Fault(fault) = told {
            faults.push(fault.to_string());
        }
    });
    (checked.unwrap(), faults, held.most.into_inner())
}

fn faults(bytes: &[u8]) -> Vec<String> {
    checked(bytes, &policy()).1
}

#[track_caller]
fn named(bytes: &[u8], what: &str) {
    let faults = faults(bytes);
    assert!(
        faults.iter().any(|fault| fault.contains(what)),
        "{what}: {faults:#?}"
    );
}

#[test]
fn a_package_is_what_it_says() {
    let (checked, faults, _) = checked(&Sample::new().sealed(), &policy());
    assert_eq!(faults, [""; 0]);
    assert_eq!((checked.rows, checked.requests), (3, 2));
    assert_eq!((checked.entries, checked.size), (7, 8));
    assert_eq!(checked.withheld.values().sum::<u64>(), 1);
    assert_eq!(checked.beside, 1);
    assert_eq!(checked.origin, "exchange.example/log");
}

/// Of a large one no more is held than of a small one.
#[test]
fn nothing_is_read_as_a_whole() {
    let mut sample = Sample::new();
    sample.grow(20_000);
    let bytes = sample.sealed();
    let (checked, faults, most) = checked(&bytes, &policy());
    assert_eq!(faults, [""; 0]);
    assert_eq!(checked.entries, 20_007);
    assert!(
        bytes.len() > 1_000_000 && most <= 1 << 16,
        "{} {most}",
        bytes.len()
    );
}

#[test]
fn every_byte_counts() {
    let bytes = Sample::new().sealed();
    let mut archive = zip::ZipArchive::new(io::Cursor::new(&bytes)).unwrap();
    // What is packed ends within a byte as a rule; the rest of that byte is nothing.
    let ends: Vec<usize> = [1, 2]
        .map(|place| {
            let member = archive.by_index(place).unwrap();
            usize::try_from(member.data_start().unwrap() + member.compressed_size()).unwrap() - 1
        })
        .to_vec();
    for at in (0..bytes.len()).filter(|at| !ends.contains(at)) {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(!faults(&changed).is_empty(), "byte {at}");
    }
    for length in (0..bytes.len()).step_by(7) {
        named(&bytes[..length], "cut short");
    }
    let behind = [bytes.as_slice(), b"!"].concat();
    named(&behind, "something was put behind it");
    let before = [b"!", bytes.as_slice()].concat();
    assert!(!faults(&before).is_empty());
}

/// Unpacked and packed again by another program, with the same members or with others.
#[test]
fn one_that_was_packed_again_is_noticed() {
    let bytes = Sample::new().sealed();
    let mut archive = zip::ZipArchive::new(io::Cursor::new(&bytes)).unwrap();
    let mut members: Vec<(String, Vec<u8>)> = Vec::new();
    for place in 0..archive.len() {
        let mut member = archive.by_index(place).unwrap();
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        members.push((member.name().to_owned(), content));
    }
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    let wanted: Vec<&str> = Member::ALL.iter().map(|member| member.as_str()).collect();
    assert_eq!(names, wanted, "a foreign program opens it");
    let again = |members: &[(String, Vec<u8>)]| {
        let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, content) in members {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(name.as_str(), options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    named(&again(&members), "packed again");
    let mut more = members.clone();
    more.push(("notes.txt".into(), b"x".to_vec()));
    named(&again(&more), "notes.txt does not belong to a package");
    let mut other = members.clone();
    other[1].0 = "rows.csv".into();
    named(
        &again(&other),
        "rows.csv does not belong to a package; here belongs rows.ndjson",
    );
    let mut moved = members.clone();
    moved.swap(1, 2);
    named(&again(&moved), "stands where rows.ndjson belongs");
    members.truncate(8);
    named(&again(&members), "the member seal is missing");
    named(b"PK", "cut short");
    named(b"age-encryption.org/v1\n-> X25519 abc\n", "decrypt it");
}

#[test]
fn a_foreign_key_or_policy_is_named() {
    let foreign = Policy::of_log(key(9).verifier().clone());
    let (checked, faults, _) = checked(&Sample::new().sealed(), &foreign);
    assert!(checked.manifest.is_none());
    assert!(
        faults[0].starts_with("seal: no log that you trust"),
        "{faults:?}"
    );
    let mut sample = Sample::new();
    sample.keys = format!("{}\n", key(9).verifier());
    named(
        &sample.sealed(),
        "keys, line 1: the package names a key that you do not trust",
    );
    let mut sample = Sample::new();
    sample.policy = "quorum two of three\n".into();
    named(&sample.sealed(), "policy: it is no policy");
    let mut sample = Sample::new();
    sample.policy = format!("log {}\nquorum none\n", key(9).verifier());
    named(&sample.sealed(), "policy: it trusts a log that you do not");
}

/// Whoever has the log's key may seal what he likes. What he seals must still be what was logged.
#[test]
fn what_does_not_follow_from_the_log_is_named_with_its_line() {
    let changed = |change: &dyn Fn(&mut Sample)| {
        let mut sample = Sample::new();
        change(&mut sample);
        sample.sealed()
    };
    named(
        &changed(&|s| s.rows[1]["outcome"] = "not_found".into()),
        "rows.ndjson, line 2: the column outcome has not_found, the entries say removed",
    );
    named(
        &changed(&|s| s.rows[0]["agency_id"] = "agency_01h455vb4pex5vsknk084sn02z".into()),
        "rows.ndjson, line 1: the column agency_id",
    );
    named(
        &changed(&|s| drop(s.rows.remove(1))),
        "was filed with 2 items and has 1 rows",
    );
    named(&changed(&|s| s.rows.swap(0, 1)), "rows were moved");
    // Which of the two was moved cannot be told: rows and entries go by the same order.
    named(
        &changed(&|s| s.rows.swap(0, 2)),
        "one was left out, put in, or moved",
    );
    named(
        &changed(&|s| {
            s.lines[1]["entry"] = s.lines[1]["entry"]
                .as_str()
                .unwrap()
                .replace("2026-01-02", "2026-01-01")
                .into()
        }),
        "entries.ndjson, line 2: entry 2 is not what was logged",
    );
    named(
        &changed(&|s| drop(s.lines.remove(1))),
        "entries.ndjson, line 2: an entry request.decided stands where version 2",
    );
    named(&changed(&|s| s.lines.swap(0, 1)), "entries.ndjson, line 1");
    named(
        &changed(&|s| drop(s.lines.remove(7))),
        "one is missing, or there twice",
    );
    named(
        &changed(&|s| {
            let twice = s.lines[6].clone();
            s.lines[7] = twice;
        }),
        "entries.ndjson, line 8",
    );
    named(
        &changed(&|s| s.records[3].hash = takedown_core::log::Hash::EMPTY),
        "proof: its hashes make the root",
    );
    named(
        &changed(&|s| {
            s.records.remove(3);
        }),
        "proof: record 4: it goes on with entry 4 where entry 3 belongs",
    );
    named(
        &changed(&|s| s.records[4].shown = false),
        "proof: record 5: entry 4 has no line",
    );
    named(
        &changed(&|s| s.manifest("rows", 4)),
        "manifest.json: it counts 4 rows",
    );
    named(
        &changed(&|s| s.checkpoint = "exchange.example/log\n8\n".into()),
        "checkpoint:",
    );
}

/// A request that was filed before the export began and has no rows was left out.
#[test]
fn a_request_that_was_left_out_is_named() {
    let mut sample = Sample::new();
    let second: Vec<Value> = sample.lines.drain(3..5).collect();
    sample.rows.truncate(2);
    sample.lines.splice(4..4, second);
    sample.lines.sort_by_key(|line| {
        let own = line["entry"]
            .as_str()
            .is_some_and(|e| e.contains(sample::FIRST));
        (!own, line["index"].as_u64())
    });
    sample.manifest("rows", 2);
    sample.manifest("requests", 1);
    named(&sample.sealed(), "and has no rows: it was left out");
}

/// What whoever makes a package would like to hide is an entry of a request, and he has the key that seals it.
#[test]
fn an_entry_of_a_request_is_not_withheld_for_any_reason() {
    for (why, says) in [
        ("own_papers", "which no entry of a request can be"),
        ("credentials", "which no entry of a request can be"),
        ("escrowed", "which no entry of a request can be"),
        ("uploader", "which no entry of a request can be"),
        ("erased", "and its request.erased is not shown"),
    ] {
        let mut sample = Sample::new();
        sample.lines[1] = sample::hidden(2, why, Some((sample::FIRST, 2)));
        named(
            &sample.sealed(),
            &format!(
                "entries.ndjson, line {}",
                if why == "erased" { 4 } else { 2 }
            ),
        );
        let mut sample = Sample::new();
        sample.lines[1] = sample::hidden(2, why, Some((sample::FIRST, 2)));
        named(&sample.sealed(), says);
    }
    let mut sample = Sample::new();
    sample.lines[4] = sample::hidden(1, "escrowed", None);
    named(
        &sample.sealed(),
        "which no entry beside the requests can be",
    );
    let mut sample = Sample::new();
    sample.lines[5]["request"] = sample::FIRST.into();
    named(&sample.sealed(), "it has a request without its version");
    // The whole of a request, with its rows.
    let whole = || {
        let mut sample = Sample::new();
        sample.rows.truncate(2);
        sample.lines.swap(3, 4);
        sample.lines[4] = sample::hidden(3, "erased", Some((sample::SECOND, 1)));
        sample.lines[7] = sample::hidden(7, "erased", Some((sample::SECOND, 2)));
        sample.sealed()
    };
    named(
        &whole(),
        "line 5: req_01h455vb4pex5vsknk084sn022 was filed before reading began",
    );
    named(
        &whole(),
        "line 5: version 1 of req_01h455vb4pex5vsknk084sn022 is withheld as erased",
    );
}

/// Erased after its row was read: the package goes on to the entry that says so.
#[test]
fn what_was_erased_meanwhile_is_borne_out() {
    let mut sample = Sample::new();
    sample.erase();
    let (checked, faults, _) = checked(&sample.sealed(), &policy());
    assert_eq!(faults, [""; 0]);
    assert_eq!((checked.entries, checked.size), (7, 9));
    let mut sample = Sample::new();
    sample.erase();
    sample.lines.remove(5);
    named(&sample.sealed(), "and its request.erased is not shown");
}
