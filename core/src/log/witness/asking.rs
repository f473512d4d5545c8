//! The log's side: which checkpoint a witness is asked to sign next, and what its answer means.

use chrono::TimeDelta;
use thiserror::Error;

use super::{
    AddCheckpoint, AnswerError, SIZE_MEDIA_TYPE, Signature, VerifierKey, conflicting_size,
    right_signatures,
};
use crate::time::At;

/// So long a checkpoint that one witness has signed is kept as what the others are asked for.
pub const TOGETHER: TimeDelta = TimeDelta::seconds(5);

/// The longest pause before a witness that failed is asked again, in seconds.
const LONGEST_PAUSE: i64 = 30;
/// The same for one that does not know the log, in seconds: that ends when somebody tells it of the log, and not by asking.
const SLOWEST_PAUSE: i64 = 300;

/// The newest checkpoint that a witness has signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Its entries.
    pub size: u64,
    /// When the first signature of a witness came.
    pub since: At,
    /// Whether those that signed are as many as the policy asks.
    pub enough: bool,
}

/// The size of the checkpoint that witnesses are asked for now. A log grows while they answer, and each would sign another
/// size; a quorum is met only by signatures of one. So those that come later are asked for what the first one has signed,
/// until these are enough or [`TOGETHER`] is over.
#[must_use]
pub fn target(newest: u64, begun: Option<&Begun>, now: At) -> u64 {
    match begun {
        Some(begun) if !begun.enough && (now - begun.since).abs() < TOGETHER => begun.size,
        _ => newest,
    }
}

/// What came back over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type, with its parameters; empty without one.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What an answer of a witness means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It signed: its signature over the checkpoint, which was checked.
    Signed(Signature),
    /// It signed a tree of this size last, and wants the proof from there.
    OtherSize(u64),
    /// It did not sign.
    Trouble(Trouble),
}

/// Why a witness did not sign. The words are shown to everybody: nothing of what it answered is in them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Trouble {
    /// No answer came.
    #[error("it does not answer: {0}")]
    Unreachable(&'static str),
    /// It cannot answer at present, or something before it does.
    #[error("it answers with status {0}")]
    Failing(u16),
    /// 404.
    #[error(
        "it does not know this log (404): give its vkey to whoever runs the witness, or take the witness out of the policy"
    )]
    UnknownLog,
    /// 403.
    #[error("it does not take the signature of this log, as if it had another vkey of it")]
    OtherKey,
    /// Another refusal.
    #[error("it refuses the request with status {0}")]
    Refused(u16),
    /// No signature that counts.
    #[error(transparent)]
    Useless(#[from] AnswerError),
    /// Neither text nor signatures.
    #[error("the witness did not answer with text in UTF-8")]
    NotText,
    /// It names one size, and when it is asked from there another.
    #[error("it says that it signed another size last each time it is asked")]
    Wavering,
    /// It signed more than there is.
    #[error(
        "it signed a tree of {signed} entries, and here are {here}: an older database was put back, or the log has two histories"
    )]
    Ahead {
        /// Entries it signed, as it says.
        signed: u64,
        /// Entries that are signed here.
        here: u64,
    },
    /// It signed something else.
    #[error(
        "what it signed is not what is here: the log has two histories, or its database is not the one that was signed"
    )]
    OtherHistory,
}

impl Trouble {
    /// The kind of trouble, for programs: `unreachable`, `unknown_log`, `refused`, `invalid_answer`, `conflict`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) | Self::Failing(_) => "unreachable",
            Self::UnknownLog => "unknown_log",
            Self::OtherKey | Self::Refused(_) => "refused",
            Self::Useless(_) | Self::NotText | Self::Wavering => "invalid_answer",
            Self::Ahead { .. } | Self::OtherHistory => "conflict",
        }
    }

    /// Whether somebody has to find out which history is the right one.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Ahead { .. } | Self::OtherHistory)
    }

    /// How long the witness is left alone after so many failures one after the other, of which this is the last.
    #[must_use]
    pub fn pause(&self, failures: u32) -> TimeDelta {
        let longest = match self {
            Self::UnknownLog => SLOWEST_PAUSE,
            _ => LONGEST_PAUSE,
        };
        let doubled = 1_i64 << failures.min(10);
        TimeDelta::seconds(doubled.min(longest))
    }
}

/// Reads what the witness with this key answered to a request (c2sp.org/tlog-witness). Its signature is checked; what else it
/// says is not proven by anything.
#[must_use]
pub fn read_answer(request: &AddCheckpoint, key: &VerifierKey, answer: &Answer) -> Reply {
    let text = std::str::from_utf8(&answer.body);
    let trouble = match (answer.status, text) {
        (200, Ok(text)) => match right_signatures(&request.checkpoint, text, [key]) {
            // One that it made twice is the same to those who check.
            Ok(mut signatures) => match signatures.pop() {
                Some(signature) => return Reply::Signed(signature),
                None => Trouble::Useless(AnswerError::NoneRight),
            },
            Err(error) => Trouble::Useless(error),
        },
        (200, Err(_)) => Trouble::NotText,
        (403, _) => Trouble::OtherKey,
        (404, _) => Trouble::UnknownLog,
        (409, Ok(text)) if is_size(&answer.media_type) => match conflicting_size(text) {
            Some(size) if size == request.old => Trouble::Wavering,
            Some(size) => return Reply::OtherSize(size),
            None => Trouble::Refused(409),
        },
        (409 | 422, _) => Trouble::OtherHistory,
        (408 | 429 | 500..=u16::MAX, _) => Trouble::Failing(answer.status),
        (status, _) => Trouble::Refused(status),
    };
    Reply::Trouble(trouble)
}

/// What a witness that shows no checkpoint of the log said to a request with old size 0: how many entries it signed last, by its
/// word. Status 404 alone does not say 0 but that it does not know the log (c2sp.org/tlog-witness), so that nobody can ask it.
///
/// # Errors
/// [`Trouble`] when it says nothing of the kind.
pub fn read_standing(
    request: &AddCheckpoint,
    key: &VerifierKey,
    answer: &Answer,
) -> Result<u64, Trouble> {
    match read_answer(request, key, answer) {
        Reply::Signed(_) => Ok(0),
        Reply::OtherSize(size) => Ok(size),
        Reply::Trouble(trouble) => Err(trouble),
    }
}

fn is_size(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case(SIZE_MEDIA_TYPE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::log::{
        Plan, cosignature,
        fixture::{leaves, log_key, reader, signed, witness_key},
    };
    use crate::time::from_millis;

    fn at(millis: i64) -> At {
        from_millis(1_790_000_000_000 + millis).unwrap()
    }

    #[test]
    fn those_who_come_later_are_asked_for_what_the_first_one_signed() {
        let begun = |enough| Begun {
            size: 10,
            since: at(0),
            enough,
        };
        assert_eq!(target(14, None, at(0)), 14);
        assert_eq!(target(14, Some(&begun(false)), at(0)), 10);
        assert_eq!(target(14, Some(&begun(false)), at(4_999)), 10);
        // Whoever is away does not hold the others for ever, nor does a clock that was put back.
        assert_eq!(target(14, Some(&begun(false)), at(5_000)), 14);
        assert_eq!(target(14, Some(&begun(false)), at(-60_000)), 14);
        assert_eq!(target(14, Some(&begun(true)), at(0)), 14);
    }

    /// Witnesses of different speed, all of which are needed, while the log never stops to grow.
    #[test]
    fn signatures_of_one_size_come_together_however_slow_witnesses_are() {
        for speeds in [[100, 300], [1_500, 1_700], [300, 4_000], [7_900, 8_000]] {
            let mut signed: Vec<(u64, i64, Vec<usize>)> = Vec::new();
            let mut asked: [Option<(u64, i64)>; 2] = [None, None];
            let mut together = 0;
            for now in (0..120_000).step_by(100) {
                let newest = 1 + u64::try_from(now / 200).unwrap();
                for (who, speed) in speeds.into_iter().enumerate() {
                    if let Some((size, since)) = asked[who]
                        && now - since >= speed
                    {
                        match signed.iter_mut().find(|known| known.0 == size) {
                            Some(known) => known.2.push(who),
                            None => signed.push((size, now, vec![who])),
                        }
                        asked[who] = None;
                    }
                    let begun = signed
                        .iter()
                        .max_by_key(|known| known.0)
                        .map(|known| Begun {
                            size: known.0,
                            since: at(known.1),
                            enough: known.2.len() == 2,
                        });
                    let size = target(newest, begun.as_ref(), at(now));
                    let has =
                        |known: &(u64, i64, Vec<usize>)| known.2.contains(&who) && known.0 >= size;
                    if asked[who].is_none() && !signed.iter().any(has) {
                        asked[who] = Some((size, now));
                    }
                }
                together = signed.iter().filter(|known| known.2.len() == 2).count();
            }
            assert!(together >= 5, "{speeds:?}: {together}");
        }
    }

    #[test]
    fn pauses_grow_and_have_an_end() {
        let failures = [1, 2, 3, 4, 5, 6, 8, 9, u32::MAX];
        let seconds = |trouble: &Trouble| failures.map(|n| trouble.pause(n).num_seconds());
        assert_eq!(
            seconds(&Trouble::Failing(503)),
            [2, 4, 8, 16, 30, 30, 30, 30, 30]
        );
        assert_eq!(
            seconds(&Trouble::UnknownLog),
            [2, 4, 8, 16, 32, 64, 256, 300, 300]
        );
    }

    fn request() -> AddCheckpoint {
        let all = leaves(9);
        let plan = Plan::consistency(4, 9).unwrap();
        AddCheckpoint {
            old: 4,
            proof: plan.read(reader(&all)).unwrap(),
            checkpoint: signed(&all),
        }
    }

    fn read(status: u16, media_type: &str, body: &[u8]) -> Reply {
        let answer = Answer {
            status,
            media_type: media_type.to_owned(),
            body: body.to_vec(),
        };
        read_answer(&request(), witness_key(1).verifier(), &answer)
    }

    #[test]
    fn only_a_signature_of_its_own_key_over_this_checkpoint_counts() {
        let line = |key, leaves: &[_]| {
            let signature = cosignature::sign(&signed(leaves), &witness_key(key), 77).unwrap();
            (format!("{signature}\n"), signature)
        };
        let (right, signature) = line(1, &leaves(9));
        let (other_key, _) = line(2, &leaves(9));
        let (other_tree, _) = line(1, &leaves(8));
        let text = "text/plain; charset=utf-8";
        assert_eq!(
            read(200, text, format!("{other_key}{right}").as_bytes()),
            Reply::Signed(signature)
        );
        for useless in [&other_key, &other_tree, "yes\n", ""] {
            let Reply::Trouble(trouble) = read(200, text, useless.as_bytes()) else {
                panic!("{useless:?} counts");
            };
            assert_eq!(trouble.code(), "invalid_answer", "{useless:?}");
        }
        let own = signed(&leaves(9)).note().signatures()[0].clone();
        assert!(log_key().verifier().claims(&own));
        let own = read(200, text, format!("{own}\n").as_bytes());
        assert_eq!(
            own,
            Reply::Trouble(Trouble::Useless(AnswerError::NoneRight))
        );
        assert_eq!(read(200, text, b"\xff\n"), Reply::Trouble(Trouble::NotText));
    }

    #[test]
    fn a_witness_that_knows_nothing_of_the_log_has_not_said_that_it_signed_nothing() {
        let first = AddCheckpoint {
            old: 0,
            proof: Vec::new(),
            checkpoint: signed(&leaves(9)),
        };
        let says = |status, media_type: &str, body: &str| {
            let answer = Answer {
                status,
                media_type: media_type.to_owned(),
                body: body.as_bytes().to_vec(),
            };
            read_standing(&first, witness_key(1).verifier(), &answer)
        };
        let line = cosignature::sign(&first.checkpoint, &witness_key(1), 77).unwrap();
        assert_eq!(says(200, "text/plain", &format!("{line}\n")), Ok(0));
        assert_eq!(says(409, "text/x.tlog.size", "7\n"), Ok(7));
        assert_eq!(says(404, "", ""), Err(Trouble::UnknownLog));
        assert_eq!(says(503, "", ""), Err(Trouble::Failing(503)));
    }

    #[test]
    fn every_other_status_says_what_is_wrong() {
        let code = |status, kind, body: &str| match read(status, kind, body.as_bytes()) {
            Reply::Trouble(trouble) => trouble.code().to_owned(),
            Reply::OtherSize(size) => size.to_string(),
            Reply::Signed(_) => "signed".to_owned(),
        };
        let size = "text/x.tlog.size";
        for (status, kind, body, wanted) in [
            (409, size, "7\n", "7"),
            (409, "Text/X.tlog.size; charset=utf-8", "123456\n", "123456"),
            (409, size, "4\n", "invalid_answer"),
            (409, size, "007\n", "refused"),
            (409, "text/plain", "two histories\n", "conflict"),
            (422, "", "", "conflict"),
            (403, "", "", "refused"),
            (404, "", "", "unknown_log"),
            (400, "", "", "refused"),
            (301, "", "", "refused"),
            (204, "", "", "refused"),
            (429, "", "", "unreachable"),
            (500, "", "", "unreachable"),
            (503, "", "", "unreachable"),
        ] {
            assert_eq!(code(status, kind, body), wanted, "{status} {kind}");
        }
    }
}
