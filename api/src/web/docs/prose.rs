//! The little of Markdown that descriptions use: paragraphs and `code`.

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub text: String,
    pub code: bool,
}

/// The pieces of one paragraph; a backtick without its partner stands for itself.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let parts: Vec<&str> = text.split('`').collect();
    let even = parts.len().is_multiple_of(2);
    let last = parts.len() - 1;
    parts
        .iter()
        .enumerate()
        .map(|(n, part)| match n {
            n if even && n == last => Span {
                text: format!("`{part}"),
                code: false,
            },
            n => Span {
                text: (*part).to_owned(),
                code: n % 2 == 1,
            },
        })
        .filter(|span| !span.text.is_empty())
        .collect()
}

/// Paragraphs, which empty lines separate.
pub(super) fn paragraphs(text: &str) -> Vec<Vec<Span>> {
    text.split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| spans(&paragraph))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, code: bool) -> Span {
        Span {
            text: text.to_owned(),
            code,
        }
    }

    #[test]
    fn code_is_told_from_words() {
        assert_eq!(
            spans("Send `a` or `b`."),
            [
                span("Send ", false),
                span("a", true),
                span(" or ", false),
                span("b", true),
                span(".", false)
            ]
        );
        assert_eq!(
            spans("one ` alone"),
            [span("one ", false), span("` alone", false)]
        );
        assert!(spans("").is_empty());
    }

    #[test]
    fn empty_lines_separate() {
        assert_eq!(
            paragraphs("a\nb\n\n\n\nc"),
            [vec![span("a b", false)], vec![span("c", false)]]
        );
    }
}
