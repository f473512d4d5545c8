//! One agency, twenty platforms and an auditor, put straight into a database.

use serde_json::{Value, json};
use takedown::auth::SecretHash;
use takedown::store::agencies::{self, AgencyRow};
use takedown::store::clients::{self, ClientRow};
use takedown::store::platforms::{self, PlatformRow};
use takedown::store::{Conn, StoreError};
use takedown_core::id::{AgencyId, ClientId, PlatformId};
use takedown_tests::seams::Credentials;
use uuid::Uuid;

/// How many platforms are asked.
pub const PLATFORMS: usize = 20;

/// A UUID of version 7 that is the same in every run, so that stored data can be used again.
fn fixed(number: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number as u128)
}

/// The agency that files.
pub fn agency() -> String {
    AgencyId::from_uuid(fixed(1)).to_string()
}

/// The platform with this number. Only the last character of the ids differs.
pub fn platform(number: usize) -> String {
    PlatformId::from_uuid(fixed(number)).to_string()
}

/// The host of a platform.
pub fn host(number: usize) -> String {
    format!("p{number:02}.example")
}

/// How a client identifies itself.
pub fn credentials(number: usize) -> Credentials {
    Credentials {
        id: ClientId::from_uuid(fixed(number)).to_string(),
        secret: format!("takedown-bench-{number:032}"),
    }
}

/// The agency's client.
pub const AGENCY: usize = 100;
/// The auditor's client.
pub const AUDITOR: usize = 101;

/// Puts everyone in.
pub fn register(conn: &mut Conn) -> Result<(), StoreError> {
    let now = chrono::Utc::now().timestamp_millis();
    let year = 365 * 24 * 3_600_000;
    let verification = json!({
        "method": "call_back", "by": "Duty operator", "note": null,
        "verified_at": instant(now), "expires_at": instant(now + 20 * year),
    });
    agencies::insert(
        conn,
        &AgencyRow {
            id: agency(),
            name: "Cyber Unit Kraków".into(),
            country: "PL".into(),
            agency_type: "police".into(),
            status: "verified".into(),
            suspension_reason: None,
            complaints: "complaints@police.example".into(),
            mail: "unit@police.example".into(),
            language: "en".into(),
            time_zone: "Europe/Warsaw".into(),
            verification: Some(verification.to_string()),
            version: 1,
            created_at: now,
            updated_at: now,
            naming_agreed: false,
            scrutinises: "[]".into(),
            signature_required: false,
            notification: None,
        },
    )?;
    client(conn, AGENCY, "agency", Some(agency()), None)?;
    client(conn, AUDITOR, "auditor", None, None)?;
    (0..PLATFORMS).try_for_each(|number| enter(conn, number))
}

/// Puts a platform in, with its client.
pub fn enter(conn: &mut Conn, number: usize) -> Result<(), StoreError> {
    let now = chrono::Utc::now().timestamp_millis();
    let row = PlatformRow {
        id: platform(number),
        name: format!("Platform {number}"),
        country: "DE".into(),
        standing: "active".into(),
        suspended: false,
        suspension_reason: None,
        languages: json!(["en"]).to_string(),
        time_zone: "Europe/Berlin".into(),
        contacts: json!([format!("owner@{}", host(number))]).to_string(),
        size_class: "micro".into(),
        version: 1,
        created_at: now,
        updated_at: now,
        notification: None,
    };
    platforms::insert(conn, &row, &[host(number)])?;
    client(conn, number, "platform", None, Some(platform(number)))
}

fn client(
    conn: &mut Conn,
    number: usize,
    role: &str,
    agency_id: Option<String>,
    platform_id: Option<String>,
) -> Result<(), StoreError> {
    let Credentials { id, secret } = credentials(number);
    let scopes = match role {
        "agency" => "requests:read requests:write inbox:read export:read",
        "platform" => "requests:read requests:write inbox:read webhooks:write",
        _ => "requests:read export:read",
    };
    let secrets: Value = json!([{"sha256": SecretHash::of(&secret).to_hex(), "expires_at": null}]);
    clients::insert(
        conn,
        &ClientRow {
            id,
            name: format!("{role} {number}"),
            role: role.into(),
            agency_id,
            platform_id,
            scopes: scopes.into(),
            secrets: secrets.to_string(),
            jwks: None,
            suspended: false,
            suspension_reason: None,
            tokens_not_before: 0,
            created_at: 0,
            updated_at: 0,
        },
    )
}

fn instant(millis: i64) -> Value {
    json!(chrono::DateTime::from_timestamp_millis(millis))
}

/// The body of a filing, about 1 KB, different for every `number`, to one platform after the other.
pub fn filing(number: u64) -> String {
    filing_to(usize::try_from(number).unwrap_or(0) % PLATFORMS, number)
}

/// The same to one platform.
pub fn filing_to(platform: usize, number: u64) -> String {
    let host = host(platform);
    let text = "The post repeats instructions that fall under the platform's own terms and is shown to minors. ".repeat(6);
    json!({
        "instrument": "referral",
        "grounds": ["tco:a"],
        "agency_reference": format!("KP-{number}/26"),
        "reasons": {"text": text, "language": "en"},
        "items": [{
            "locator": format!("https://{host}/threads/{number}/posts?page=2"),
            "description": "The first post and the picture below it; the comments are not meant.",
            "language": "en",
        }],
    })
    .to_string()
}
