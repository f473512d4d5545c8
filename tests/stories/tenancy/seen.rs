//! What a caller could compare of two answers.

use serde_json::Value;
use takedown_tests::Answer;

/// All that a caller could compare: status, headers and body, without what differs between any two answers.
pub fn seen(answer: &Answer, id: &str) -> (u16, Vec<String>, String) {
    let mut text = answer.text().replace(id, "ID");
    let request_id = answer.header("x-request-id").map(str::to_owned);
    if let Ok(problem) = serde_json::from_slice::<Value>(&answer.body)
        && let Some(request_id) = problem["request_id"].as_str()
    {
        text = text.replace(request_id, "REQUEST-ID");
    }
    // Whoever is refused before his body was read keeps his connection only if the body had come already.
    let varies = [
        "connection",
        "date",
        "x-request-id",
        "ratelimit",
        "x-ratelimit",
        "retry-after",
    ];
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| {
            !varies
                .iter()
                .any(|prefix| name.as_str().starts_with(prefix))
        })
        .map(|(name, value)| {
            format!(
                "{name}: {}",
                value.to_str().unwrap_or_default().replace(id, "ID")
            )
        })
        .collect();
    headers.sort();
    let text = request_id.map_or(text.clone(), |id| text.replace(&id, "REQUEST-ID"));
    (answer.status, headers, text)
}
