//! How a platform wants its mails, and the link by which they are ended without an account.

use std::fmt;

use chrono::TimeDelta;
use takedown_core::history::{Author, By, Data, Digest, Subject, Via};
use takedown_core::platform::{Pace, Wishes, WishesError};
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::text::Language;

use super::alter;
use crate::app::parties::Platform;
use crate::app::registering::{invalid, record};
use crate::app::registry::load_platform;
use crate::app::requests::Expected;
use crate::app::{Caller, Cx, Error};
use crate::store::platforms::PlatformRow;
use crate::store::wishes::{self as links, UnsubscribeRow};
use crate::store::{StoreError, platforms};

/// For how long a link ends mails: RFC 8058 wants it to work long after the mail came.
const LIFE: TimeDelta = TimeDelta::days(90);
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 32;

/// The member of a platform that this is, as the history names it.
const MEMBER: &str = "notification";

/// Says how a platform wants its mails: the platform itself, or the operator for it. Orders leave at once all the same, and the
/// inbox has everything. Repeating it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] when the quiet hours would never end, [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy
/// and the store.
pub async fn set_wishes(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    wishes: Wishes,
) -> Result<Platform, Error> {
    let doing = (Action::SetNotification, expected, false);
    alter(cx, caller, id, doing, move |_, platform, _| {
        if let Err(why) = wishes.check() {
            let member = match why {
                WishesError::Gathered(_) => "/xarf",
                WishesError::Endless(_) | WishesError::TooMany(_) => "/quiet",
            };
            return Err(invalid(member, why.to_string()));
        }
        if platform.wishes == wishes {
            return Ok(None);
        }
        platform.wishes = wishes.clone();
        Ok(Some(Data::PlatformChanged {
            members: vec![MEMBER.into()],
        }))
    })
    .await
}

/// What stands in the address by which mails are ended. It is in one mail, and nowhere else.
#[derive(Clone)]
pub struct UnsubscribeSecret(String);

impl UnsubscribeSecret {
    /// The secret, to be written into an address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnsubscribeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnsubscribeSecret(…)")
    }
}

fn digest(given: &str) -> Vec<u8> {
    Digest::of(given.to_ascii_lowercase()).as_bytes().to_vec()
}

/// Makes a link for one mail to a platform.
///
/// # Errors
/// Those of the store, and [`StoreError::Unavailable`] when the system has no randomness.
pub async fn mint_unsubscribe(cx: &Cx, platform: &Platform) -> Result<UnsubscribeSecret, Error> {
    let mut random = [0_u8; LENGTH];
    aws_lc_rs::rand::fill(&mut random)
        .map_err(|_| StoreError::Unavailable("the system has no randomness".into()))?;
    let digit = |byte: &u8| char::from(DIGITS[usize::from(byte & 31)]);
    let secret: String = random.iter().map(digit).collect();
    let row = UnsubscribeRow {
        digest: digest(&secret),
        platform_id: platform.id.to_string(),
        expires_at: (cx.now() + LIFE).timestamp_millis(),
    };
    cx.store
        .write(move |conn| links::insert_link(conn, &row))
        .await
        .map_err(Error::Store)?;
    Ok(UnsubscribeSecret(secret))
}

/// What a link ends.
#[derive(Debug, Clone)]
pub struct Unsubscribing {
    /// The platform's name.
    pub platform: String,
    /// The languages it accepts.
    pub languages: Vec<Language>,
    /// Whether its mails are ended already.
    pub ended: bool,
}

impl Unsubscribing {
    fn of(platform: &Platform) -> Self {
        Self {
            platform: platform.name.clone(),
            languages: platform.languages.clone(),
            ended: platform.wishes.mail == Pace::Never,
        }
    }
}

/// Looks at what a link ends. Changes nothing: programs try out every link of a mail.
///
/// # Errors
/// [`Error::NotFound`] when the link does not hold, and those of the store.
pub async fn unsubscribing(cx: &Cx, given: &str) -> Result<Unsubscribing, Error> {
    authorize(
        &Actor::anonymous(),
        Action::LookAtUnsubscribing,
        &Resource::Exchange,
    )?;
    looked_up(cx, given).await
}

async fn looked_up(cx: &Cx, given: &str) -> Result<Unsubscribing, Error> {
    let (digest, now) = (digest(given), cx.now().timestamp_millis());
    cx.store
        .read(move |conn| {
            let link = links::link(conn, &digest, now)?.ok_or(Error::NotFound)?;
            let platform = load_platform(conn, &link.platform_id)?.ok_or(Error::NotFound)?;
            Ok(Unsubscribing::of(&platform))
        })
        .await
}

/// Ends the mails that press nobody. Repeating it changes nothing.
///
/// # Errors
/// As [`unsubscribing`].
pub async fn unsubscribe(cx: &Cx, given: &str) -> Result<Unsubscribing, Error> {
    authorize(
        &Actor::anonymous(),
        Action::Unsubscribe,
        &Resource::Exchange,
    )?;
    // A look first: whoever guesses, or comes again, makes nobody write or read anew.
    let looked = looked_up(cx, given).await?;
    if looked.ended {
        return Ok(looked);
    }
    let (digest, now) = (digest(given), cx.now());
    let ended = cx
        .store
        .write(move |conn| {
            let link = links::link(conn, &digest, now.timestamp_millis())?;
            let id = link.ok_or(Error::NotFound)?.platform_id;
            let mut platform = load_platform(conn, &id)?.ok_or(Error::NotFound)?;
            if platform.wishes.mail != Pace::Never {
                platform.wishes.mail = Pace::Never;
                platform.version += 1;
                platform.updated_at = now;
                platforms::update(conn, &PlatformRow::try_from(&platform)?, None)?;
                let author = Author {
                    by: By::Recipient,
                    via: Via::Link,
                    client: None,
                };
                let data = Data::PlatformChanged {
                    members: vec![MEMBER.into()],
                };
                record(
                    conn,
                    author,
                    Subject::Platform { id: platform.id },
                    now,
                    data,
                )?;
            }
            Ok::<_, Error>(Unsubscribing::of(&platform))
        })
        .await;
    // Even when the answer failed: whether the commit reached the database may not be known.
    cx.registry.changed();
    ended
}
