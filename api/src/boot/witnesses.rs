//! For `takedown doctor`: does each witness answer, and how far is it behind?

use futures_util::future::join_all;
use takedown_core::log::policy::Witness as Asked;
use takedown_core::log::witness::{AddCheckpoint, Reply, Trouble, read_answer};
use takedown_core::log::{Policy, SignedCheckpoint};

use super::{Failed, log_key};
use crate::config::Config;
use crate::worker::witness::Witness;

/// One line of the doctor: the part, and what was found.
type Line = (String, Result<String, Failed>);

/// Asks every witness of the policy, all at once. `newest` is what is signed in the database.
pub(super) async fn ask(config: &Config, newest: Option<String>) -> Vec<Line> {
    let whole = |found| vec![("witnesses".to_owned(), found)];
    let policy = match log_key::public(config) {
        Ok(key) => log_key::policy(config, key.as_ref()),
        Err(error) => Err(error),
    };
    let policy = match policy {
        Ok(Some(policy)) => policy,
        Ok(None) => return whole(Ok("none is asked: history.policy is not set".to_owned())),
        Err(error) => return whole(Err(error)),
    };
    let newest = match newest.map(|note| note.parse::<SignedCheckpoint>()) {
        Some(Ok(newest)) => newest,
        Some(Err(error)) => return whole(Err(error.into())),
        None => return whole(Ok("nothing is signed yet that they could sign".to_owned())),
    };
    let named = policy.witnesses().map(|(name, asked)| {
        let newest = &newest;
        async move { (format!("witness {name}"), one(asked, newest).await) }
    });
    let mut lines = join_all(named).await;
    lines.extend(quorum(&policy, &lines));
    lines
}

/// Whether those that answer are enough.
fn quorum(policy: &Policy, lines: &[Line]) -> Option<Line> {
    let answers = |key: &Asked| {
        let mut both = policy.witnesses().zip(lines);
        both.any(|((_, witness), (_, found))| {
            witness == key && witness.url.is_some() && found.is_ok()
        })
    };
    let unmet = policy.unmet_by(answers)?;
    let says =
        format!("those that answer are too few: {unmet}. Proofs are completed when they are back");
    Some(("quorum".to_owned(), Err(says.into())))
}

/// Asks for the newest checkpoint as if it were the first: a witness that has signed another one names its size. One that has
/// signed none signs this, which it is asked for by the server as well.
async fn one(asked: &Asked, newest: &SignedCheckpoint) -> Result<String, Failed> {
    let Some(url) = &asked.url else {
        return Ok("has no address in the policy, so this exchange does not ask it".to_owned());
    };
    let request = AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: newest.clone(),
    };
    let here = newest.checkpoint().size();
    let answer = Witness::at(url)?.add(&request).await;
    let reply = match answer {
        Ok(answer) => read_answer(&request, &asked.key, &answer),
        Err(why) => Reply::Trouble(Trouble::Unreachable(why)),
    };
    match reply {
        Reply::Signed(_) => Ok(format!("answers, and has signed all {here} entries")),
        Reply::OtherSize(size) if size == here => {
            Ok(format!("answers, and has signed all {here} entries"))
        }
        Reply::OtherSize(size) if size < here => Ok(format!(
            "answers; it has signed {size} of {here} entries, {} behind",
            here - size
        )),
        Reply::OtherSize(signed) => Err(Trouble::Ahead { signed, here }.to_string().into()),
        Reply::Trouble(trouble) => Err(trouble.to_string().into()),
    }
}
