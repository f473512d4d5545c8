//! What one press of the button grants is derived from what its form carried, so that the same press finds it again: a double click,
//! a page that is loaded anew, an answer that was lost on the way. Nothing of it is kept.

use aws_lc_rs::hmac;
use chrono::TimeDelta;
use secrecy::SecretString;
use takedown_core::time::At;

use super::look::{Credentials, good_contacts};
use crate::app::clients::digest_of;
use crate::app::parties::{Client, instant};
use crate::app::registry::load_platform;
use crate::app::requests::AnswerSecret;
use crate::app::{Cx, Error};
use crate::auth::secret_of;
use crate::store::claims::ClaimRow;
use crate::store::{Conn, clients};

/// For what the key is that the credentials are derived with. Whoever knows the form alone derives nothing.
const PURPOSE: &str = "takedown claim press 1";
/// For how long after the proof the same press finds them again.
const AGAIN: TimeDelta = TimeDelta::minutes(10);

/// What a form carries, so that a press of its button is known again: as it was sent, or a new one. Empty when the system has no
/// randomness; then a press is like no other.
#[must_use]
pub fn once(given: &str) -> String {
    if AnswerSecret::is_one(given) {
        return given.to_owned();
    }
    AnswerSecret::draw().map_or_else(|_| String::new(), |drawn| drawn.as_str().to_owned())
}

/// One press of the button.
#[derive(Debug, Clone)]
pub(super) struct Press {
    pub(super) secret: SecretString,
    pub(super) ticket: AnswerSecret,
    /// The same press, derived with each of the other sealing keys: it may have granted something before the key was changed.
    others: Vec<Press>,
}

impl Press {
    /// The press of a form that carried this, while the key of this name writes; none on a node without the key of the others.
    pub(super) fn of(cx: &Cx, writes: Option<&str>, claim: &str, once: &str) -> Option<Self> {
        let keys = cx.sealing.as_ref()?.marks(PURPOSE);
        Self::with(keys, writes, claim, once)
    }

    fn with(
        mut keys: Vec<(String, hmac::Key)>,
        writes: Option<&str>,
        claim: &str,
        once: &str,
    ) -> Option<Self> {
        keys.sort_by_key(|(name, _)| Some(name.as_str()) != writes);
        let derived = |(_, key): &(String, hmac::Key)| Self::derived(key, claim, once);
        let mut presses = keys.iter().filter_map(derived);
        let first = presses.next()?;
        Some(Self {
            others: presses.collect(),
            ..first
        })
    }

    fn derived(key: &hmac::Key, claim: &str, once: &str) -> Option<Self> {
        if !AnswerSecret::is_one(once) {
            return None;
        }
        let of = |what: &str| hmac::sign(key, format!("{what} {claim} {once}").as_bytes());
        Some(Self {
            secret: secret_of(of("secret").as_ref()),
            ticket: AnswerSecret::of(of("ticket").as_ref()),
            others: Vec::new(),
        })
    }

    /// This press as it was derived when it got a ticket of this digest.
    fn that_got(&self, ticket: &[u8]) -> Option<&Self> {
        let mut all = std::iter::once(self).chain(&self.others);
        all.find(|press| AnswerSecret::digest(press.ticket.as_str()) == ticket)
    }

    /// What this very press granted a moment ago, while the client still is as it was made.
    pub(super) fn again(
        &self,
        conn: &mut Conn,
        row: &ClaimRow,
        now: At,
    ) -> Result<Option<Credentials>, Error> {
        let proved = row.proved_at.map(instant).transpose()?;
        let soon = proved.is_some_and(|proved| now < proved + AGAIN);
        let same = soon.then(|| self.that_got(row.ticket.as_deref()?));
        let Some(same) = same.flatten() else {
            return Ok(None);
        };
        let Some(id) = &row.client_id else {
            return Ok(None);
        };
        let Some(client) = clients::find(conn, id)? else {
            return Ok(None);
        };
        let client = Client::try_from(client)?;
        let kept = digest_of(&same.secret);
        if client.suspended || !client.secrets.contains(&kept) {
            return Ok(None);
        }
        let platform = load_platform(conn, &row.platform_id)?.ok_or(Error::NotFound)?;
        Ok(Some(Credentials {
            client: client.id,
            secret: same.secret.clone(),
            ticket: same.ticket.clone(),
            contacts: good_contacts(conn, &platform)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn the_same_press_of_the_same_claim_finds_the_same_and_no_other_does() {
        let key = |bytes: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, bytes);
        let form = once("");
        assert_eq!(once(&form), form);
        let of = |key: &hmac::Key, claim: &str, form: &str| {
            let press = Press::derived(key, claim, form).unwrap();
            (
                press.secret.expose_secret().to_owned(),
                press.ticket.as_str().to_owned(),
            )
        };
        let first = of(&key(b"a"), "claim_1", &form);
        assert!(first.0.starts_with("tdx_") && AnswerSecret::is_one(&first.1));
        assert_eq!(first, of(&key(b"a"), "claim_1", &form));
        for other in [
            of(&key(b"b"), "claim_1", &form),
            of(&key(b"a"), "claim_2", &form),
            of(&key(b"a"), "claim_1", &once("")),
        ] {
            assert!(first.0 != other.0 && first.1 != other.1);
        }
        for none in ["", "short", &"i".repeat(32), &"0".repeat(33)] {
            assert!(
                Press::derived(&key(b"a"), "claim_1", none).is_none(),
                "{none}"
            );
        }
    }

    #[test]
    fn while_keys_are_changed_a_press_is_known_by_either() {
        let key = |name: &str| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, name.as_bytes());
            (name.to_owned(), key)
        };
        let form = once("");
        let press = |names: &[&str], writes| {
            let keys = names.iter().map(|name| key(name)).collect();
            Press::with(keys, writes, "claim_1", &form).unwrap()
        };
        let ticket = |press: &Press| AnswerSecret::digest(press.ticket.as_str());
        let (old, new) = (press(&["old"], None), press(&["new"], None));
        // A node that started when the former one wrote derives with the one that writes now, and knows what it derived before.
        let running = press(&["old", "new"], Some("new"));
        assert_eq!(ticket(&running), ticket(&new));
        for granted in [&old, &new] {
            let same = running.that_got(&ticket(granted)).unwrap();
            assert_eq!(same.secret.expose_secret(), granted.secret.expose_secret());
        }
        let lacking = press(&["old"], Some("new"));
        assert_eq!(ticket(&lacking), ticket(&old));
        assert!(lacking.that_got(&ticket(&new)).is_none());
    }
}
