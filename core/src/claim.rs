//! Claims: somebody proves to be in charge of a host by putting up what only he can put there, a TXT record or a file.
//!
//! What is proved is control of that name at that instant, and nothing else: not who he is, and not that he will have it
//! tomorrow. A host is proved where nobody else can put anything: see [`Challenge::record`].

mod seen;
mod words;

pub use seen::{Fault, Found, Sight, best, read, read_file};

use std::fmt;
use std::str::FromStr;

use psl::Psl as _;

use crate::id::AgencyId;
use crate::locator::Host;
use crate::text::coded_enum;

/// The label in front of the host under which the TXT record stands.
pub const LABEL: &str = "_takedown-exchange";
/// What the record and the line of the file begin with.
pub const NAME: &str = "takedown-exchange-claim=";
/// The same for the domain of an agency.
pub const AGENCY: &str = "takedown-exchange-agency=";
/// Where the file lies on the host.
pub const FILE: &str = "/.well-known/takedown-exchange.txt";
/// The longest name of the domain name system (RFC 1035, section 2.3.4, without the dot at the end).
const LONGEST: usize = 253;

coded_enum! {
    /// How a claim stands.
    pub enum ClaimStatus, "a state of a claim" {
        /// The proof is looked for.
        Open => "open",
        /// The proof was there: the platform is claimed.
        Granted => "granted",
        /// The proof was there, but does not decide alone: somebody acts or answers for the platform already, or it has hosts that
        /// were not proved with this one. The operator decides.
        Contested => "contested",
    }
}

/// 160 random bits, five in each of 32 digits. It is no secret: it is there to be shown to the whole world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimCode(String);

impl ClaimCode {
    /// Crockford's digits in lower case.
    const DIGITS: &'static [u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    /// How many it has.
    pub const LENGTH: usize = 32;

    /// The code of random bytes, of which five bits each are used.
    #[must_use]
    pub fn of(random: [u8; Self::LENGTH]) -> Self {
        let digit = |byte: &u8| char::from(Self::DIGITS[usize::from(byte & 31)]);
        Self(random.iter().map(digit).collect())
    }
}

impl fmt::Display for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no code of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the code of a claim has 32 letters and digits")]
pub struct NoClaimCode;

impl FromStr for ClaimCode {
    type Err = NoClaimCode;

    fn from_str(text: &str) -> Result<Self, NoClaimCode> {
        let known = text.bytes().all(|byte| Self::DIGITS.contains(&byte));
        if text.len() == Self::LENGTH && known {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoClaimCode)
        }
    }
}

/// Whose names lie where a host lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lies {
    /// Its owner has it and all below it.
    Alone,
    /// What lies below it belongs to others: a suffix of the private section.
    Above,
    /// It was given out by the owner of such a suffix, who keeps the zone.
    Below,
    /// It has no place in the domain name system: an address, or a name of another one.
    Outside,
}

fn lies(host: &str) -> Lies {
    let address = Host::parse(host).is_ok_and(|host| host.is_address());
    if address || host == "onion" || host.ends_with(".onion") {
        return Lies::Outside;
    }
    match psl::List.suffix(host.as_bytes()) {
        Some(suffix) if suffix.typ() == Some(psl::Type::Private) => {
            if suffix.as_bytes().len() == host.len() {
                Lies::Above
            } else {
                Lies::Below
            }
        }
        _ => Lies::Alone,
    }
}

/// Whether whoever is in charge of a host is in charge of another one as well: it is the same, or lies below it, and nobody in
/// between gives out names.
#[must_use]
pub fn covers(host: &str, other: &str) -> bool {
    if host == other {
        return true;
    }
    let above = other
        .strip_suffix(host)
        .is_some_and(|front| front.ends_with('.'));
    let suffix = psl::List.suffix(other.as_bytes());
    above && suffix.is_none_or(|suffix| suffix.as_bytes().len() < host.len())
}

/// What is to be put up for a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    host: String,
    line: String,
}

impl Challenge {
    /// For a host, in lower-case ASCII, with a code.
    #[must_use]
    pub fn new(host: String, code: &ClaimCode) -> Self {
        let line = format!("{NAME}{code}");
        Self { host, line }
    }

    /// For the domain of an agency. It names the agency as it is known here, so that whoever doubts can look himself; it needs no
    /// code, because it says the same to everybody and grants nothing.
    #[must_use]
    pub fn agency(domain: String, agency: AgencyId) -> Self {
        let line = format!("{AGENCY}{agency}");
        Self { host: domain, line }
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What the record holds, and a line of the file.
    #[must_use]
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The name of the TXT record, without the dot at its end, if one proves anything.
    ///
    /// It stands at a name of its own below the host. Where what lies below belongs to others, a tenant could have that very
    /// name, so it stands at the host itself. Of a name that was given out by the owner of the suffix above it, the zone is
    /// that owner's: a record would prove that he is in charge, so only the file counts.
    #[must_use]
    pub fn record(&self) -> Option<String> {
        let name = match lies(&self.host) {
            Lies::Alone => format!("{LABEL}.{}", self.host),
            Lies::Above => self.host.clone(),
            Lies::Below | Lies::Outside => return None,
        };
        (name.len() <= LONGEST).then_some(name)
    }

    /// The address of the file, if one proves anything.
    #[must_use]
    pub fn file(&self) -> Option<String> {
        (lies(&self.host) != Lies::Outside).then(|| format!("https://{}{FILE}", self.host))
    }

    /// Whether there is any way to prove it.
    #[must_use]
    pub fn can_be_proved(&self) -> bool {
        lies(&self.host) != Lies::Outside
    }

    /// Names at which the record lands by mistake: at the host itself, below the other writing of the host, and twice below the
    /// host, because many a form adds the host by itself.
    #[must_use]
    pub fn slips(&self) -> Vec<String> {
        let host = &self.host;
        let names = match lies(host) {
            Lies::Alone => {
                let other = match host.strip_prefix("www.") {
                    Some(bare) => bare.to_owned(),
                    None => format!("www.{host}"),
                };
                vec![
                    host.clone(),
                    format!("{LABEL}.{host}.{host}"),
                    format!("{LABEL}.{other}"),
                ]
            }
            Lies::Above => vec![format!("{LABEL}.{host}")],
            Lies::Below | Lies::Outside => Vec::new(),
        };
        let fits = |name: &String| name.len() <= LONGEST;
        names.into_iter().filter(fits).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(host: &str) -> Challenge {
        Challenge::new(host.to_owned(), &ClaimCode::of([7; 32]))
    }

    #[test]
    fn a_code_is_what_it_was() {
        let code = ClaimCode::of(std::array::from_fn(|place| u8::try_from(place).unwrap()));
        assert_eq!(code.to_string(), "0123456789abcdefghjkmnpqrstvwxyz");
        assert_eq!(code.to_string().parse::<ClaimCode>().unwrap(), code);
        for wrong in ["", "0", "0123456789abcdefghjkmnpqrstvwxyu", "é"] {
            assert_eq!(wrong.parse::<ClaimCode>(), Err(NoClaimCode), "{wrong}");
        }
    }

    #[test]
    fn a_host_of_ones_own_has_a_name_below_it_and_a_file() {
        let challenge = of("small.test");
        assert_eq!(challenge.record().unwrap(), "_takedown-exchange.small.test");
        assert_eq!(
            challenge.file().unwrap(),
            "https://small.test/.well-known/takedown-exchange.txt"
        );
        assert_eq!(
            challenge.slips(),
            [
                "small.test",
                "_takedown-exchange.small.test.small.test",
                "_takedown-exchange.www.small.test"
            ]
        );
        assert!(
            of("www.small.test")
                .slips()
                .contains(&"_takedown-exchange.small.test".to_owned())
        );
        let long = format!("{}.test", "a".repeat(63));
        let long = format!(
            "{}.{}.{}.{long}",
            "b".repeat(63),
            "c".repeat(63),
            "d".repeat(40)
        );
        assert_eq!(of(&long).record(), None);
        assert!(of(&long).file().is_some());
    }

    /// ADR 7: neither is the tenant in charge of his hoster's name, nor does the hoster's zone speak for the tenant.
    #[test]
    fn under_a_private_suffix_everybody_proves_what_is_his() {
        let hoster = of("github.io");
        assert_eq!(hoster.record().unwrap(), "github.io");
        assert_eq!(hoster.slips(), ["_takedown-exchange.github.io"]);
        assert!(hoster.file().unwrap().starts_with("https://github.io/"));
        for tenant in ["name.github.io", "www.name.github.io"] {
            let tenant = of(tenant);
            assert_eq!(tenant.record(), None);
            assert!(tenant.file().is_some() && tenant.slips().is_empty());
        }
        assert!(of("example.co.uk").record().is_some());
    }

    #[test]
    fn a_host_speaks_for_what_lies_below_it_but_for_no_tenant() {
        for (host, other, covered) in [
            ("small.test", "small.test", true),
            ("small.test", "www.small.test", true),
            ("small.test", "a.b.small.test", true),
            ("www.small.test", "small.test", false),
            ("small.test", "verysmall.test", false),
            ("small.test", "other.test", false),
            ("github.io", "name.github.io", false),
            ("github.io", "www.name.github.io", false),
            ("name.github.io", "www.name.github.io", true),
            ("name.github.io", "other.github.io", false),
            ("small.test", "192.0.2.1", false),
        ] {
            assert_eq!(covers(host, other), covered, "{host}: {other}");
        }
    }

    #[test]
    fn an_address_is_nobodys_name() {
        for host in ["192.0.2.1", "[2001:db8::1]", "abcdefgh.onion"] {
            let challenge = of(host);
            assert!(!challenge.can_be_proved(), "{host}");
            assert_eq!((challenge.record(), challenge.file()), (None, None));
        }
    }
}
