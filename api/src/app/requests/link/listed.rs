//! Which links there are of a request: for its agency, and for the operator, who reads no request.

use takedown_core::history::Digest;
use takedown_core::policy::{Action, Reach, Resource, authorize};
use takedown_core::time::At;

use super::super::load::identifier;
use super::{MOST_USES, holds};
use crate::app::parties::instant;
use crate::app::{Caller, Cx, Error};
use crate::store::links::{self, LinkRow};
use crate::store::requests::{self, Scope};

/// So many are listed, the newest.
const MOST: i64 = 200;

/// How it stands with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStatus {
    /// It opens its request.
    Open,
    /// It was ended before its time.
    Ended,
    /// Its time is over.
    Expired,
    /// As much was sent from behind it as may be.
    UsedUp,
}

impl LinkStatus {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ended => "ended",
            Self::Expired => "expired",
            Self::UsedUp => "used_up",
        }
    }

    fn of(row: &LinkRow, now: At) -> Self {
        if holds(row, now) {
            Self::Open
        } else if row.revoked_at.is_some() {
            Self::Ended
        } else if row.uses >= MOST_USES {
            Self::UsedUp
        } else {
            Self::Expired
        }
    }
}

/// A link without its secret, which is kept nowhere.
#[derive(Debug, Clone)]
pub struct AnswerLink {
    /// How it stands.
    pub status: LinkStatus,
    /// Who had it made: see [`super::MADE_BY_MAIL`] and its like.
    pub made_by: String,
    /// The digest of the mailbox it went to.
    pub contact: Digest,
    /// The mailbox itself, for the operator alone.
    pub address: Option<String>,
    /// When it was made.
    pub issued_at: At,
    /// Until when it opens its request unless it is ended.
    pub expires_at: At,
    /// How often something was sent from behind it. Looking is not counted.
    pub uses: i32,
    /// When it was ended before its time.
    pub ended_at: Option<At>,
}

/// The links of a request, the newest first.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn links_of(cx: &Cx, caller: &Caller, id: &str) -> Result<Vec<AnswerLink>, Error> {
    let permit = authorize(&caller.actor, Action::ListLinks, &Resource::Exchange)?;
    let (scope, whole) = match permit.reach() {
        Reach::Everything => (Scope::All, true),
        Reach::Agency(id) => (Scope::Agency(id.to_string()), false),
        Reach::Platform(_) | Reach::Nothing => return Err(Error::NotFound),
    };
    let (id, now) = (identifier(id)?, cx.now());
    let rows = cx
        .store
        .read(move |conn| {
            requests::find(conn, &scope, &id)?.ok_or(Error::NotFound)?;
            Ok::<_, Error>(links::of_request(conn, &id, MOST)?)
        })
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AnswerLink {
                status: LinkStatus::of(&row, now),
                contact: Digest::of(&row.contact),
                issued_at: instant(row.issued_at)?,
                expires_at: instant(row.expires_at)?,
                uses: row.uses,
                ended_at: row.revoked_at.map(instant).transpose()?,
                made_by: row.made_by,
                address: whole.then_some(row.contact),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use diesel::prelude::*;

    use super::*;
    use crate::app::requests::{MADE_BY_MAIL, mint_link, read, revoke_links};
    use crate::app::tests::fixture::{Db, World, on_both};
    use crate::store::schema::history;

    on_both!(what_was_ended_is_listed_and_one_entry_says_so);

    async fn what_was_ended_is_listed_and_one_entry_says_so(db: Db) {
        let world = World::on(db).await;
        let id = world.referral().await;
        let view = read(&world.cx, &world.agency, &id).await.unwrap();
        for _ in 0..2 {
            let made = ("owner@paste.example", MADE_BY_MAIL);
            mint_link(&world.cx, &view, made).await.unwrap();
        }
        let status = async || {
            let links = links_of(&world.cx, &world.agency, &id).await.unwrap();
            links.iter().map(|link| link.status).collect::<Vec<_>>()
        };
        assert_eq!(status().await, [LinkStatus::Open; 2]);
        for _ in 0..2 {
            revoke_links(&world.cx, &world.agency, &id).await.unwrap();
        }
        assert_eq!(status().await, [LinkStatus::Ended; 2]);
        let mut conn = world.connection();
        let entries: i64 = history::table
            .filter(history::event.eq("answer_links.ended"))
            .count()
            .get_result(&mut conn)
            .unwrap();
        assert_eq!(entries, 1);
        assert!(links_of(&world.cx, &world.platform, &id).await.is_err());
    }
}
