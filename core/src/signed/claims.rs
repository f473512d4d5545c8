//! What a signed statement about a request says beside the request itself.

use serde_json::{Map, Value};

use super::{LEEWAY_SECONDS, Refused};
use crate::{history::Digest, id::AgencyId, locator::Host, text::coded_enum};

/// From `iat` to `exp` at the most, in seconds: seven days, so that a key may be used on a machine without a network.
pub const LONGEST_SECONDS: i64 = 7 * 86_400;

coded_enum! {
    /// What a statement does.
    pub enum Act, "an act" {
        /// Files a request.
        File => "file",
        /// Puts new facts in the place of old ones.
        Correct => "correct",
        /// Takes it back, or items of it.
        Withdraw => "withdraw",
    }
}

/// What a statement says beside the body of the call it stands for. The names are those of RFC 7519 where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Names the statement; used once by a unit, for ever.
    pub jti: String,
    /// Who signs.
    pub unit: AgencyId,
    /// At which domain of its own the unit publishes its keys.
    pub domain: Host,
    /// Who is asked: a host of the platform, which the platform knows without asking the exchange.
    pub audience: Host,
    /// When it was signed, in seconds since 1970.
    pub issued_at: i64,
    /// Until when it may be handed in.
    pub expires_at: i64,
    /// What it does.
    pub act: Act,
    /// For what is done to a request later: the digest of what the unit signed last of it.
    pub replaces: Option<Digest>,
}

impl Claims {
    /// Their members. Everything else in a payload is the body of the call.
    pub const MEMBERS: [&'static str; 9] = [
        "v", "jti", "unit", "domain", "aud", "iat", "exp", "act", "replaces",
    ];

    /// Reads the claims, and leaves the body.
    ///
    /// # Errors
    /// [`Refused::Claim`] names the first that is missing or of a wrong form.
    pub fn read(payload: &Map<String, Value>) -> Result<(Self, Map<String, Value>), Refused> {
        if number(payload, "v")? != 1 {
            return wrong("v", "must be 1");
        }
        let jti = text(
            payload,
            "jti",
            "must be a text of 16 to 128 visible ASCII characters",
        )?;
        let visible = jti.bytes().all(|byte| byte.is_ascii_graphic());
        if !(16..=128).contains(&jti.len()) || !visible {
            return wrong(
                "jti",
                "must be a text of 16 to 128 visible ASCII characters",
            );
        }
        let act = text(payload, "act", "must be file, correct or withdraw")?;
        let Ok(act) = act.parse::<Act>() else {
            return wrong("act", "must be file, correct or withdraw");
        };
        const REPLACES: &str = "must be the SHA-256 digest, in 64 hexadecimal digits, of what the unit signed last of this request; a filing has none";
        let replaces = match (act, payload.get("replaces")) {
            (Act::File, None) => None,
            (Act::Correct | Act::Withdraw, Some(Value::String(text))) => match text.parse() {
                Ok(digest) => Some(digest),
                Err(_) => return wrong("replaces", REPLACES),
            },
            _ => return wrong("replaces", REPLACES),
        };
        let claims = Self {
            jti: jti.to_owned(),
            unit: unit(payload)?,
            domain: domain(payload)?,
            audience: host(payload, "aud")?,
            issued_at: number(payload, "iat")?,
            expires_at: number(payload, "exp")?,
            act,
            replaces,
        };
        if claims.expires_at <= claims.issued_at {
            return wrong("exp", "must lie after `iat`");
        }
        let body = payload
            .iter()
            .filter(|(name, _)| !Self::MEMBERS.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        Ok((claims, body))
    }

    /// Puts the claims beside the body of a call: what is signed.
    #[must_use]
    pub fn with(&self, mut body: Map<String, Value>) -> Map<String, Value> {
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("v", 1.into());
        put("jti", self.jti.as_str().into());
        put("unit", self.unit.to_string().into());
        put("domain", self.domain.as_str().into());
        put("aud", self.audience.as_str().into());
        put("iat", self.issued_at.into());
        put("exp", self.expires_at.into());
        put("act", self.act.as_str().into());
        if let Some(replaces) = self.replaces {
            put("replaces", replaces.to_string().into());
        }
        body
    }

    /// Whether it may be handed in at `now`, in seconds since 1970.
    ///
    /// # Errors
    /// [`Refused::Future`], [`Refused::Expired`], [`Refused::TooLong`].
    pub const fn timely(&self, now: i64) -> Result<(), Refused> {
        if self.issued_at > now + LEEWAY_SECONDS {
            return Err(Refused::Future);
        }
        if self.expires_at <= now - LEEWAY_SECONDS {
            return Err(Refused::Expired);
        }
        if self.expires_at - self.issued_at > LONGEST_SECONDS {
            return Err(Refused::TooLong);
        }
        Ok(())
    }
}

const fn wrong<T>(member: &'static str, wants: &'static str) -> Result<T, Refused> {
    Err(Refused::Claim { member, wants })
}

fn text<'a>(
    payload: &'a Map<String, Value>,
    member: &'static str,
    wants: &'static str,
) -> Result<&'a str, Refused> {
    let text = payload.get(member).and_then(Value::as_str);
    text.ok_or(Refused::Claim { member, wants })
}

/// Whole, not negative, and small enough to be computed with anywhere.
pub(super) fn number(payload: &Map<String, Value>, member: &'static str) -> Result<i64, Refused> {
    match payload.get(member).and_then(Value::as_i64) {
        Some(number) if (0..1 << 53).contains(&number) => Ok(number),
        _ => wrong(
            member,
            "must be a whole number, not negative; instants count the seconds since 1970",
        ),
    }
}

pub(super) fn unit(payload: &Map<String, Value>) -> Result<AgencyId, Refused> {
    let wants = "must be the identifier of the unit, agency_…";
    let text = text(payload, "unit", wants)?;
    text.parse().or_else(|_| wrong("unit", wants))
}

/// The unit's own domain. Whoever checks a statement may fetch from there before he believes anything in it, so it is a name
/// that others can reach: nobody is sent to an address of his own network.
///
/// # Errors
/// [`Refused::Claim`] for an address, a name without a dot, `localhost`, and what is no host name in lower case.
pub fn domain_of(text: &str) -> Result<Host, Refused> {
    let reachable = |host: &Host| {
        let local = host.as_str().ends_with(".localhost");
        host.is_dotted() && !host.is_address() && !local
    };
    match Host::parse(text) {
        Ok(host) if host.as_str() == text && reachable(&host) => Ok(host),
        _ => wrong("domain", DOMAIN),
    }
}

const DOMAIN: &str = "must be a host name with a dot, in lower case, such as police.example; neither an address nor localhost";

pub(super) fn domain(payload: &Map<String, Value>) -> Result<Host, Refused> {
    domain_of(text(payload, "domain", DOMAIN)?)
}

/// A host in its one writing, so that two readers compare the same text.
fn host(payload: &Map<String, Value>, member: &'static str) -> Result<Host, Refused> {
    let wants = "must be a host name in lower case, such as police.example";
    let text = text(payload, member, wants)?;
    match Host::parse(text) {
        Ok(host) if host.as_str() == text => Ok(host),
        _ => wrong(member, wants),
    }
}
