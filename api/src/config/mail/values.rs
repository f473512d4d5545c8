//! Parsers of the values that only mail has.

use takedown_core::contact::MailAddress;

pub(super) fn address(text: &str) -> Result<MailAddress, Option<String>> {
    MailAddress::parse(text).map_err(|error| Some(error.to_string()))
}

/// The address alone of what may have a name before it.
pub(super) fn bare(mailbox: &str) -> Option<MailAddress> {
    let mailbox: lettre::message::Mailbox = mailbox.parse().ok()?;
    MailAddress::parse(mailbox.email.as_ref()).ok()
}

pub(super) fn bounce_address(text: &str) -> Result<String, Option<String>> {
    let address = address(text)?;
    // What tells the mails apart takes 44 of the 64 characters that there may be.
    if address.local().len() > 18 || address.local().contains('+') {
        return Err(Some(
            "what stands before the @ has at most 18 characters and no +".to_owned(),
        ));
    }
    Ok(address.as_str().to_owned())
}

/// Labels of a domain name in small letters, as they stand in DNS.
pub(super) fn domain(text: &str) -> Result<String, Option<String>> {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if text.len() <= 200 && text.split('.').all(label) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(Some(
            "only letters, digits, '-' and '.'; an international name in its xn-- form".to_owned(),
        ))
    }
}

pub(super) fn host(text: &str) -> Result<String, Option<String>> {
    if text.contains("://") || text.contains('/') {
        return Err(Some("give the host alone, without a scheme".to_owned()));
    }
    match url::Host::parse(text) {
        Ok(host) => Ok(host.to_string()),
        Err(error) => Err(Some(error.to_string())),
    }
}

pub(super) fn is_local(host: &str) -> bool {
    host == "localhost" || host.starts_with("127.") || host == "[::1]"
}

pub(super) fn mailbox(text: &str) -> Result<String, Option<String>> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(Some(error.to_string())),
    }
}
