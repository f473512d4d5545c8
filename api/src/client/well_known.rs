//! What an agency's own domain shows, fetched from there and from nowhere else.

use std::time::Duration;

use super::{ClientError, USER_AGENT, error};

/// Largest answer that is read, in bytes.
const MOST: usize = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(10);

/// The keys that a domain shows, as it sends them. Redirects are not followed: somebody else would answer.
///
/// # Errors
/// [`ClientError`] when the domain cannot be reached over https, answers something else, or too much.
pub async fn keys_of(domain: &str) -> Result<Vec<u8>, ClientError> {
    let url = format!("https://{domain}/.well-known/takedown-exchange/keys.json");
    let failed = |e: &reqwest::Error| ClientError::Unreachable {
        server: url.clone(),
        why: error::causes(e),
    };
    let http = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .https_only(true)
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|e| failed(&e))?;
    let mut response = http.get(&url).send().await.map_err(|e| failed(&e))?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(ClientError::Settings(format!(
            "{url} answers {}: the domain shows no keys there",
            response.status().as_u16()
        )));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| failed(&e))? {
        if body.len() + chunk.len() > MOST {
            return Err(ClientError::Settings(format!(
                "{url} sends more than {MOST} bytes, which is no set of keys"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
