//! Defanged writing: links made inert so that nobody follows them by mistake, `hxxps[:]//paste[.]example/x`.
//!
//! There is no standard, so reading is generous where the text could mean nothing else (scheme and host) and
//! careful behind it: brackets in a path belong to the link unless the writer demonstrably bracketed every dot.

/// The brackets that are put round a sign to defang it.
const BRACKETS: [(char, char); 4] = [('[', ']'), ('(', ')'), ('{', '}'), ('<', '>')];

/// What may stand in brackets, what it means, and in which class it belongs.
const SIGNS: [(&str, &str, Class); 9] = [
    (".", ".", Class::Sign),
    (":", ":", Class::Sign),
    ("@", "@", Class::Sign),
    ("dot", ".", Class::Word),
    ("at", "@", Class::Word),
    ("/", "/", Class::Slash),
    ("//", "//", Class::Slash),
    (":/", ":/", Class::Slash),
    ("://", "://", Class::Slash),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A single sign, understood everywhere.
    Sign,
    /// A sign spelled out, understood behind the host only where it was used in front.
    Word,
    /// Something with slashes, understood in front of a path only.
    Slash,
}

/// A bracketed sign at the beginning of a text.
struct Token {
    /// Which of the brackets.
    bracket: usize,
    /// What it stands for.
    meant: &'static str,
    class: Class,
    /// Bytes it takes.
    len: usize,
}

fn token(s: &str) -> Option<Token> {
    let first = s.chars().next()?;
    let bracket = BRACKETS.iter().position(|(open, _)| *open == first)?;
    // No bracketed sign is longer; looking further would make a long run of brackets slow.
    let end = s
        .bytes()
        .take(16)
        .position(|b| char::from(b) == BRACKETS[bracket].1)?;
    let content = s.get(1..end)?.trim_matches(' ');
    let (_, meant, class) = SIGNS
        .iter()
        .find(|(written, ..)| content.eq_ignore_ascii_case(written))?;
    Some(Token {
        bracket,
        meant,
        class: *class,
        len: end + 1,
    })
}

/// The scheme that a defanged one stands for.
fn real_scheme(written: &str) -> Option<&'static str> {
    match written.to_ascii_lowercase().as_str() {
        "hxxp" | "htxp" | "hxtp" | "httx" | "h**p" | "h*tp" | "ht*p" => Some("http"),
        "hxxps" | "htxps" | "hxtps" | "httxs" | "h**ps" | "h*tps" | "ht*ps" => Some("https"),
        "fxp" | "f*p" => Some("ftp"),
        _ => None,
    }
}

/// What was seen in scheme and host.
#[derive(Default)]
struct Seen {
    /// Anything that a live link does not have.
    defanged: bool,
    brackets: [bool; BRACKETS.len()],
    bracketed_dot: bool,
    plain_dot: bool,
    word: bool,
}

impl Seen {
    fn note(&mut self, token: &Token) {
        self.defanged = true;
        self.brackets[token.bracket] = true;
        self.word |= token.class == Class::Word;
        self.bracketed_dot |= token.meant == ".";
    }

    /// Whether a bracketed sign behind the host is defanging rather than part of the link: the writer bracketed
    /// dots in the same way, or bracketed something and had no dot to bracket.
    fn explains(&self, token: &Token) -> bool {
        self.brackets[token.bracket]
            && (self.bracketed_dot || !self.plain_dot)
            && match token.class {
                Class::Sign => true,
                Class::Word => self.word,
                Class::Slash => false,
            }
    }
}

/// The live writing of a defanged text; `None` if nothing in its scheme and host is defanged.
pub(super) fn refang(s: &str) -> Option<String> {
    let mut seen = Seen::default();
    let (mut out, mut rest) = scheme(s, &mut seen);
    let before_host = out.len();

    while let Some(c) = rest.chars().next() {
        if let Some(token) = token(rest) {
            seen.note(&token);
            // "paste [dot] example": the spaces belong to the defanging.
            out.truncate(out.trim_end_matches(' ').len().max(before_host));
            out.push_str(token.meant);
            rest = rest[token.len..].trim_start_matches(' ');
            if token.class == Class::Slash {
                break;
            }
        } else if ends_host(c, out.len() == before_host) {
            break;
        } else {
            seen.plain_dot |= c == '.';
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    if !seen.defanged {
        return None;
    }
    while let Some(c) = rest.chars().next() {
        match token(rest).filter(|token| seen.explains(token)) {
            Some(token) => {
                out.push_str(token.meant);
                rest = &rest[token.len..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Some(out)
}

/// A name may begin with `#`, as rooms do; anywhere else these signs end the host.
fn ends_host(c: char, first: bool) -> bool {
    matches!(c, '/' | '\\' | '?') || (c == '#' && !first)
}

/// Takes the scheme and its slashes off the front, written as in a live link.
fn scheme<'a>(s: &'a str, seen: &mut Seen) -> (String, &'a str) {
    let none = (String::new(), s);
    let end = s.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.*".contains(c)));
    let (name, after) = s.split_at(end.unwrap_or(s.len()));
    let mut tokens = Vec::new();
    let (mut slashes, mut rest) = match (after.strip_prefix(':'), token(after)) {
        (Some(rest), _) => (0, rest),
        (None, Some(colon)) if colon.meant.starts_with(':') => {
            let (slashes, len) = (colon.meant.len() - 1, colon.len);
            tokens.push(colon);
            (slashes, &after[len..])
        }
        _ => return none,
    };
    while slashes < 2 {
        if let Some(behind) = rest.strip_prefix(['/', '\\']) {
            slashes += 1;
            rest = behind;
        } else if let Some(found) = token(rest).filter(|t| t.meant.starts_with('/')) {
            slashes += found.meant.len();
            rest = &rest[found.len..];
            tokens.push(found);
        } else {
            break;
        }
    }
    let real = real_scheme(name);
    // Without slashes it may as well be a host and its port.
    if name.is_empty() || (slashes == 0 && real.is_none()) {
        return none;
    }
    if real.is_none() && tokens.is_empty() {
        return (s[..s.len() - rest.len()].to_owned(), rest);
    }
    seen.defanged = true;
    for token in &tokens {
        seen.note(token);
    }
    (format!("{}://", real.unwrap_or(name)), rest)
}

/// An inert writing of a live text: no program makes a link of it, and [`refang`] gives the text back.
pub(super) fn defang(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 32);
    let end = s.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
    let (name, after) = s.split_at(end.unwrap_or(s.len()));
    let inert = match name.to_ascii_lowercase().as_str() {
        "http" => Some("hxxp"),
        "https" => Some("hxxps"),
        "ftp" => Some("fxp"),
        _ => None,
    };
    let mut rest = s;
    if let Some(behind) = after.strip_prefix(':')
        && (inert.is_some() || behind.starts_with('/'))
    {
        push_inert(&mut out, inert.unwrap_or(name), ".");
        out.push_str("[:]");
        rest = behind.trim_start_matches(['/', '\\']);
        out.push_str(&behind[..behind.len() - rest.len()]);
    }
    let host_end = rest
        .char_indices()
        .find(|(at, c)| ends_host(*c, *at == 0))
        .map_or(rest.len(), |(at, _)| at);
    let (host, behind) = rest.split_at(host_end);
    // A colon before a slash could still be taken for the end of a scheme.
    match host.strip_suffix(':') {
        Some(host) => {
            push_inert(&mut out, host, ".@");
            out.push_str("[:]");
        }
        None => push_inert(&mut out, host, ".@"),
    }
    push_inert(&mut out, behind, ".@:");
    out
}

fn push_inert(out: &mut String, s: &str, signs: &str) {
    for c in s.chars() {
        if signs.contains(c) {
            out.extend(['[', c, ']']);
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writings_met_in_notices() {
        for (written, live) in [
            ("hxxp://paste.example/x", "http://paste.example/x"),
            ("hXXps://paste[.]example/x", "https://paste.example/x"),
            (
                "hxxps[:]//paste[.]example/a[.]html",
                "https://paste.example/a.html",
            ),
            ("hxxps[://]paste(.)example", "https://paste.example"),
            ("https[:]//paste{dot}example/#k", "https://paste.example/#k"),
            ("h**p://paste [dot] example/x", "http://paste.example/x"),
            ("hxxp:\\\\paste[.]example\\x", "http://paste.example\\x"),
            ("http[:][/][/]paste[.]example[/]x", "http://paste.example/x"),
            ("paste[.]example/x", "paste.example/x"),
            ("paste[.]example[:]8080/x", "paste.example:8080/x"),
            ("192[.]0[.]2[.]7", "192.0.2.7"),
            ("hxxp[:]//[2001:db8::1]/a[.]b", "http://[2001:db8::1]/a.b"),
            ("bob[at]paste[dot]example", "bob@paste.example"),
            ("bob (at) paste (dot) example", "bob@paste.example"),
            ("fxp://paste[.]example", "ftp://paste.example"),
            ("#room[:]chat[.]example", "#room:chat.example"),
        ] {
            assert_eq!(refang(written).as_deref(), Some(live), "{written}");
        }
    }

    #[test]
    fn brackets_of_the_link_itself_stay() {
        for live in [
            "https://paste.example/a[.]b?c=(dot)",
            "https://[2001:db8::1]:8080/[.]",
            "https://paste.example/wiki/Dot_(at)",
            "paste.example:8080/x",
            "",
            "[",
        ] {
            assert_eq!(refang(live), None, "{live}");
        }
        assert_eq!(
            refang("hxxps://paste.example/a[.]b").as_deref(),
            Some("https://paste.example/a[.]b")
        );
        assert_eq!(
            refang("hxxps://paste[.]example/a(.)b[dot]c").as_deref(),
            Some("https://paste.example/a(.)b[dot]c")
        );
    }

    #[test]
    fn inert_writing() {
        assert_eq!(
            defang("https://u:p@paste.example:8443/a.html?to=http://b.example/@x"),
            "hxxps[:]//u:p[@]paste[.]example:8443/a[.]html?to=http[:]//b[.]example/[@]x"
        );
        assert_eq!(defang("@bob@paste.example"), "[@]bob[@]paste[.]example");
        assert_eq!(defang("paste.example:80/x"), "paste[.]example:80/x");
        assert_eq!(defang("tg://x.y"), "tg[:]//x[.]y");
        assert_eq!(defang("ж://x.y"), "ж[:]//x[.]y");
    }

    proptest! {
        #[test]
        fn inert_and_back(s in "(https?|ftp)://[a-z]{1,8}(\\.[a-z]{1,8}){0,3}(:[0-9]{1,4})?[/?#][ -~]{0,40}") {
            prop_assert_eq!(refang(&defang(&s)).unwrap(), s);
        }

        #[test]
        fn inert_has_no_link(s in "\\PC{0,60}") {
            let inert = defang(&s);
            prop_assert!(!inert.contains("://"));
            for (at, _) in inert.match_indices(['.', '@']) {
                prop_assert_eq!(&inert[at - 1..at], "[");
            }
        }

        #[test]
        fn never_panics(s in any::<String>(), t in "[\\[\\](){}<>:/\\\\.@ dotathxps#]{0,60}") {
            for text in [&s, &t] {
                let _ = refang(text);
                let _ = defang(text);
            }
        }
    }
}
