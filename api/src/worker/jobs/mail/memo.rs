//! Mails that are about no request.

use url::Url;

use super::{Unwritten, failed};
use crate::app::notify::{Due, Letter, Memo};
use crate::mail::{Mail, MemoAbout, MemoFacts, Sender, render_memo};

/// The mail to this address. There is no secret in it, so it is kept as it is sent.
pub(super) fn write(
    sender: &Sender,
    due: &Due,
    letter: &Letter,
    (memo, contact): (&Memo, &str),
) -> Result<Mail, Unwritten> {
    let facts = MemoFacts {
        about: about(memo),
        languages: letter.languages.iter().map(ToString::to_string).collect(),
        time_zone: letter.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC),
        thread_id: due.request.clone(),
        outbox_id: due.id.clone(),
    };
    let rendered = render_memo(&facts).map_err(failed)?;
    let mail = sender.compose_memo(&facts, &rendered, contact, due.created_at);
    mail.map_err(Unwritten::Address)
}

fn about(memo: &Memo) -> MemoAbout {
    match memo {
        Memo::VerificationEnding {
            agency,
            until,
            to_operator,
        } => MemoAbout::VerificationEnding {
            agency: agency.name.clone(),
            id: agency.id.to_string(),
            until: *until,
            to_operator: *to_operator,
        },
        Memo::WebhookDisabled {
            webhook,
            url,
            gone,
            last_error,
        } => MemoAbout::WebhookDisabled {
            webhook: webhook.clone(),
            // Of an address the host alone: the rest of it may be a secret.
            host: Url::parse(url)
                .ok()
                .and_then(|url| url.host_str().map(ToOwned::to_owned))
                .unwrap_or_default(),
            gone: *gone,
            error: last_error.clone().unwrap_or_else(|| "-".to_owned()),
        },
    }
}
