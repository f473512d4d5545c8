//! Names and hosts made harmless: nothing in them is a link, a line, a direction or a header.

use takedown_core::text::visible;

const LONGEST_NAME: usize = 120;

/// A host that no mail program turns into a link.
pub(super) fn defang(host: &str) -> String {
    let mut shown = String::with_capacity(host.len() + 8);
    for c in host.chars().take(253) {
        match c {
            '.' => shown.push_str("[.]"),
            ':' => shown.push_str("[:]"),
            c => push_visible(&mut shown, c),
        }
    }
    shown
}

/// A name given by a party: one line, no control or bidi characters, nothing that a mail program links
/// (`police.example` would become a link to whoever owns that name), at most 120 characters.
pub(super) fn name(given: &str) -> String {
    let mut shown = String::with_capacity(given.len());
    let mut chars = given.trim().chars().peekable();
    let mut before = ' ';
    let mut taken = 0;
    while let Some(c) = chars.next() {
        if taken == LONGEST_NAME {
            shown.push('…');
            break;
        }
        taken += 1;
        let inside_word =
            before.is_alphanumeric() && chars.peek().is_some_and(|c| c.is_alphanumeric());
        match c {
            '.' if inside_word => shown.push_str("[.]"),
            '@' => shown.push_str("[@]"),
            ':' if chars.peek() == Some(&'/') => shown.push_str("[:]"),
            c => push_visible(&mut shown, c),
        }
        before = c;
    }
    shown
}

/// The name of a file given by a party: as [`name`], with its ending as it is, which no mail program links.
pub(super) fn file(given: &str) -> String {
    match given.rsplit_once('.') {
        Some((stem, ending)) => format!("{}.{}", name(stem), name(ending)),
        None => name(given),
    }
}

/// Text of our own catalogue or of a mail server: only made visible, on one line.
pub(super) fn line(text: &str, longest: usize) -> String {
    let mut shown = String::with_capacity(text.len());
    for (n, c) in text.trim().chars().enumerate() {
        if n == longest {
            shown.push('…');
            break;
        }
        match c {
            '\r' | '\n' | '\t' => shown.push(' '),
            c => push_visible(&mut shown, c),
        }
    }
    shown
}

/// Whether a text is read from right to left, so that it needs isolating in a line of the other direction.
pub(super) fn is_rtl(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

fn push_visible(out: &mut String, c: char) {
    out.push_str(&visible(c.encode_utf8(&mut [0; 4])));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bidi_and_control_characters_are_shown_by_their_number() {
        assert_eq!(name("Police\u{202e}ecilop"), "Police<U+202E>ecilop");
        assert_eq!(name("A\r\nBcc: x"), "A<U+000D><U+000A>Bcc: x");
    }

    #[test]
    fn nothing_in_a_name_can_be_linked() {
        assert_eq!(name("https://evil.example/a"), "https[:]//evil[.]example/a");
        assert_eq!(name("desk@unit.test"), "desk[@]unit[.]test");
        assert_eq!(name("Polizei St. Gallen"), "Polizei St. Gallen");
    }

    #[test]
    fn hosts_are_defanged() {
        assert_eq!(defang("paste.example"), "paste[.]example");
        assert_eq!(defang("[2001:db8::1]"), "[2001[:]db8[:][:]1]");
    }

    #[test]
    fn long_names_end() {
        assert_eq!(name(&"n".repeat(500)).chars().count(), LONGEST_NAME + 1);
    }

    #[test]
    fn joiners_that_scripts_need_stay() {
        assert_eq!(name("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }
}
