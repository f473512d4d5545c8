//! `takedown verify-request`: is a request the unit's own? The exchange is not trusted, and not asked.

mod keys;
mod pins;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value, json};
use takedown_core::log::{Policy, VerifierKey};
use takedown_core::signed::{Act, Claims, Typ, UnitKey, Unverified};
use takedown_core::text::visible;
use takedown_core::time::{from_millis, rfc3339};

use super::signing::host_of;
use super::{CliError, Exit, output};
use crate::client::well_known;
use keys::{Known, Proven, Since};
use pins::Memory;

/// `takedown verify-request`.
#[derive(Debug, Args)]
#[command(after_help = "\
Give the file of GET /v1/requests/REQUEST/signed, and after it those of what was done to the request later, in their order.
It says three facts and gives no badge: by which key it is signed, since when that key is known, and whether the domain that
the request names shows the key. Whether that domain is the police's you learn from a source of your own, such as an official
list; never from the request, the exchange or a mail.

Exit codes: 0 the signatures are right and nothing that was looked at speaks against them; 1 something does, or a file cannot
be read; 2 wrong command line.")]
pub struct VerifyRequestArgs {
    /// What the unit signed: the filing, then what was done to it later
    #[arg(value_name = "FILE", required = true)]
    statements: Vec<PathBuf>,
    /// Keys of the agency: from the exchange (takedown keys list --json), or a JWK Set that you have from elsewhere
    #[arg(long, value_name = "FILE", required_unless_present_any = ["domain_keys", "fetch"])]
    agency_keys: Option<PathBuf>,
    /// What https://DOMAIN/.well-known/takedown-exchange/keys.json shows, as you fetched it yourself
    #[arg(long, value_name = "FILE", conflicts_with = "fetch")]
    domain_keys: Option<PathBuf>,
    /// Fetch that now, from the domain that the request names
    #[arg(long)]
    fetch: bool,
    /// The proof of the key's entry in the log (.tlog-proof)
    #[arg(long, value_name = "FILE", requires = "agency_keys")]
    proof: Option<PathBuf>,
    /// The public key of the log, as you noted it from a place you trust
    #[arg(long, value_name = "VKEY", requires = "proof")]
    vkey: Option<VerifierKey>,
    /// Whose signatures the log must have (c2sp.org/tlog-policy)
    #[arg(long, value_name = "FILE", requires = "proof", conflicts_with = "vkey")]
    policy: Option<PathBuf>,
    /// Where keys are remembered from their first use on; ~/.local/state/takedown/unit-keys.json unless given
    #[arg(long, value_name = "FILE")]
    pins: Option<PathBuf>,
    /// A host of yours: speak up when the request is addressed to another
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// A statement whose signature is right.
struct Signed {
    claims: Claims,
    body: Map<String, Value>,
    digest: String,
}

pub(super) async fn run(args: VerifyRequestArgs) -> Result<Exit, CliError> {
    let statements = args.statements.iter().map(|place| read(place));
    let statements = statements.collect::<Result<Vec<_>, _>>()?;
    let Some((first, claims)) = statements.first().map(|(one, claims, _)| (one, claims)) else {
        return Err(CliError::usage("give a FILE"));
    };
    let domain = claims.domain.as_str().to_owned();
    let shown = match (&args.domain_keys, args.fetch) {
        (Some(place), _) => Some(keys::set(place)?),
        (None, true) => {
            let text = well_known::keys_of(&domain).await?;
            let keys = UnitKey::from_set(&text);
            Some(keys.map_err(|why| CliError::input(format!("{domain}: {why}")))?)
        }
        (None, false) => None,
    };
    let known = match &args.agency_keys {
        Some(place) => Known::read(place)?,
        None => Known::default(),
    };
    let find = |kid: &str| {
        let shown = shown.iter().flatten().find(|key| key.thumbprint() == kid);
        shown.or_else(|| known.key(kid)).cloned()
    };
    let mut against = Vec::new();
    let mut kids = Vec::new();
    for (place, (one, _, _)) in args.statements.iter().zip(&statements) {
        let key = find(one.kid()).ok_or_else(|| {
            named(place, format!("it says that it is signed with the key {}, which is not among the keys given: it may be of anybody", one.kid()))
        })?;
        one.verify(&key)
            .map_err(|why| named(place, why.to_string()))?;
        if !kids.contains(&one.kid().to_owned()) {
            kids.push(one.kid().to_owned());
        }
    }
    let kid = first.kid().to_owned();
    let signed: Vec<Signed> = statements
        .iter()
        .map(|(one, claims, body)| Signed {
            claims: claims.clone(),
            body: body.clone(),
            digest: one.digest().to_string(),
        })
        .collect();
    chained(&signed, &mut against);
    let mut memory = Memory::read(args.pins.as_deref())?;
    let mut pinned = None;
    for (place, (one, claims, _)) in statements.iter().enumerate() {
        let digest = one.digest().to_string();
        for doubt in known.doubts((one.kid(), &digest), claims)? {
            if !against.contains(&doubt) {
                against.push(doubt);
            }
        }
        let since = memory.look(claims, one.kid(), &known, &mut against);
        if place == 0 {
            pinned = since;
        }
    }
    let proven = proven(&args, &known, &kid, claims)?;
    let domain_shows = shown.as_ref().map(|keys| {
        kids.iter()
            .all(|kid| keys.iter().any(|key| key.thumbprint() == *kid))
    });
    if domain_shows == Some(false) {
        against.push(format!("{domain} does not show the key"));
    }
    if let Some(host) = &args.host {
        let host = host_of(host)?;
        if host != claims.audience {
            against.push(format!(
                "it is addressed to {}, not to {}",
                claims.audience.as_str(),
                host.as_str()
            ));
        }
    }
    let since = Since {
        proven,
        pinned,
        remembered: against.is_empty(),
    };
    if since.remembered {
        memory.keep()?;
    }
    let told = Told {
        kid: &kid,
        signed: &signed,
        since: &since,
        domain_shows,
        against: &against,
    };
    if args.json {
        output::line(&told.json().to_string())?;
    } else {
        told.lines()?;
    }
    Ok(if against.is_empty() {
        Exit::Done
    } else {
        Exit::Refused
    })
}

type Read = (Unverified, Claims, Map<String, Value>);

fn read(place: &Path) -> Result<Read, CliError> {
    let bytes = std::fs::read(place).map_err(|e| CliError::file(place.display(), e))?;
    let parsed = Unverified::parse(&bytes, Typ::Request).and_then(|one| {
        let (claims, body) = Claims::read(one.payload())?;
        Ok((one, claims, body))
    });
    parsed.map_err(|why| named(place, why.to_string()))
}

fn named(place: &Path, why: impl std::fmt::Display) -> CliError {
    CliError::input(format!("{}: {why}", place.display()))
}

/// Each statement continues the one before it.
fn chained(signed: &[Signed], against: &mut Vec<String>) {
    if signed
        .first()
        .is_some_and(|one| one.claims.act != Act::File)
    {
        against.push("the first file is no filing: give the filing first".to_owned());
    }
    for pair in signed.windows(2) {
        let [before, after] = pair else { continue };
        let continues = after.claims.replaces.map(|digest| digest.to_string());
        if continues.as_deref() != Some(before.digest.as_str()) {
            against.push(format!(
                "statement {} does not continue the one before it",
                after.digest
            ));
        }
        let (one, other) = (&before.claims, &after.claims);
        if (one.unit, &one.domain, &one.audience) != (other.unit, &other.domain, &other.audience) {
            against.push(format!(
                "statement {} is of another unit, domain or platform",
                after.digest
            ));
        }
    }
}

/// Since when the log has had the key, if a proof was given.
fn proven(
    args: &VerifyRequestArgs,
    known: &Known,
    kid: &str,
    claims: &Claims,
) -> Result<Option<Proven>, CliError> {
    let Some(place) = &args.proof else {
        return Ok(None);
    };
    let policy = match (&args.policy, &args.vkey) {
        (Some(path), _) => {
            let file = std::fs::read(path).map_err(|e| CliError::file(path.display(), e))?;
            Policy::parse(&file).map_err(|e| named(path, e))?
        }
        (None, Some(key)) => Policy::of_log(key.clone()),
        (None, None) => return Err(CliError::usage("whose log? give --vkey or --policy")),
    };
    known.proven(kid, claims, place, &policy).map(Some)
}

/// What there is to say.
struct Told<'a> {
    kid: &'a str,
    signed: &'a [Signed],
    since: &'a Since,
    domain_shows: Option<bool>,
    against: &'a [String],
}

impl Told<'_> {
    fn lines(&self) -> Result<(), CliError> {
        let Some(first) = self.signed.first() else {
            return Ok(());
        };
        let claims = &first.claims;
        let domain = claims.domain.as_str();
        output::line(&format!(
            "signed     by the key {}, for the unit {}",
            self.kid, claims.unit
        ))?;
        output::line(&format!("known      {}", self.since))?;
        let shows = match self.domain_shows {
            Some(true) => format!("{domain} shows this key"),
            Some(false) => format!("{domain} does NOT show this key"),
            None => format!("{domain} was not asked: use --fetch or --domain-keys"),
        };
        output::line(&format!("domain     {shows}"))?;
        output::line(&format!("addressed  to {}", claims.audience.as_str()))?;
        output::line(&format!(
            "issued     {}, to be handed in until {}",
            instant(claims.issued_at),
            instant(claims.expires_at)
        ))?;
        asked(&first.body)?;
        for later in self.signed.get(1..).unwrap_or_default() {
            output::line(&format!(
                "later      {} on {}: {}",
                match later.claims.act {
                    Act::Withdraw => "taken back",
                    Act::Correct => "corrected",
                    Act::File => "filed again",
                },
                instant(later.claims.issued_at),
                visible(&Value::Object(later.body.clone()).to_string())
            ))?;
        }
        for why in self.against {
            output::line(&format!("AGAINST    {}", visible(why)))?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let first = self.signed.first();
        json!({
            "kid": self.kid,
            "unit": first.map(|one| one.claims.unit.to_string()),
            "domain": first.map(|one| one.claims.domain.as_str()),
            "audience": first.map(|one| one.claims.audience.as_str()),
            "domain_shows_key": self.domain_shows,
            "known_since": self.since.json(),
            "statements": self.signed.iter().map(|one| json!({
                "act": one.claims.act.as_str(), "digest": one.digest, "issued_at": instant(one.claims.issued_at), "body": one.body,
            })).collect::<Vec<_>>(),
            "against": self.against,
        })
    }
}

/// What exactly is asked, as far as it was signed. Locators are inert.
fn asked(body: &Map<String, Value>) -> Result<(), CliError> {
    let text = |value: &Value| visible(value.as_str().unwrap_or_default()).into_owned();
    let list = |name: &str| {
        body.get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let grounds: Vec<String> = list("grounds").iter().map(text).collect();
    let instrument = body.get("instrument").map(text).unwrap_or_default();
    output::line(&format!(
        "asks       under {instrument}, on the ground {}",
        grounds.join(", ")
    ))?;
    for item in list("items") {
        let locator = item["locator"].as_str().unwrap_or_default();
        output::line(&format!("           {}", output::defang(locator)))?;
    }
    let reasons = body.get("reasons").map(|reasons| &reasons["text"]);
    output::line("reasons")?;
    let reasons = reasons.and_then(Value::as_str).unwrap_or_default();
    output::line(&output::indented(reasons, "           "))
}

fn instant(seconds: i64) -> String {
    match from_millis(seconds.saturating_mul(1000)) {
        Ok(at) => output::instant(&rfc3339(at)),
        Err(_) => seconds.to_string(),
    }
}
