//! The form of a mail that is signed (`relaxed/relaxed`, RFC 6376, sections 3.4.2 and 3.4.4): servers on the way may
//! fold lines and lose spaces.

/// A header field.
pub(super) struct Field {
    /// In small letters.
    pub name: String,
    /// In one line, without spaces round it.
    pub value: String,
}

/// Header and body of a mail.
pub(super) fn split(mail: &[u8]) -> Option<(&str, &[u8])> {
    let end = mail.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(mail.get(..end + 2)?).ok()?;
    Some((head, mail.get(end + 4..)?))
}

/// The fields of a header, in their order.
pub(super) fn fields(head: &str) -> Option<Vec<Field>> {
    let mut fields: Vec<Field> = Vec::new();
    for line in head.split_terminator("\r\n") {
        if line.starts_with([' ', '\t']) {
            let value = &mut fields.last_mut()?.value;
            value.push(' ');
            value.push_str(line);
        } else {
            let (name, value) = line.split_once(':')?;
            fields.push(Field {
                name: name.trim_end().to_ascii_lowercase(),
                value: value.to_owned(),
            });
        }
    }
    for field in &mut fields {
        let words: Vec<&str> = field
            .value
            .split([' ', '\t'])
            .filter(|word| !word.is_empty())
            .collect();
        field.value = words.join(" ");
    }
    Some(fields)
}

/// A body: spaces are one space, none at the end of a line, no empty lines at its end.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut empty_lines = 0;
    let mut rest = Some(body);
    while let Some(text) = rest {
        let end = text.windows(2).position(|two| two == b"\r\n");
        let line = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
        rest = end.and_then(|end| text.get(end + 2..));
        let line = squeezed(line);
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty_lines) {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(&line);
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn squeezed(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    let mut gap = false;
    for &byte in line {
        if matches!(byte, b' ' | b'\t') {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(b' ');
        }
        out.push(byte);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The examples of RFC 6376, section 3.4.5.
    #[test]
    fn a_mail_takes_the_form_that_the_standard_shows() {
        let mail = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (head, text) = split(mail).unwrap();
        let fields = fields(head).unwrap();
        let said: Vec<_> = fields
            .iter()
            .map(|f| (f.name.as_str(), f.value.as_str()))
            .collect();
        assert_eq!(said, [("a", "X"), ("b", "Y Z")]);
        assert_eq!(body(text), b" C\r\nD E\r\n");
    }

    #[test]
    fn an_empty_body_stays_empty_and_the_last_line_gets_its_end() {
        assert_eq!(body(b""), b"");
        assert_eq!(body(b"\r\n \r\n"), b"");
        assert_eq!(body(b"a"), b"a\r\n");
        assert_eq!(body(b"a\r\n\r\nb\r\n"), b"a\r\n\r\nb\r\n");
    }

    #[test]
    fn what_is_no_mail_is_not_signed() {
        assert!(split(b"no header").is_none());
        assert!(fields(" begins with a fold\r\n").is_none());
        assert!(fields("no colon\r\n").is_none());
    }
}
