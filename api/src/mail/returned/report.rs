//! The machine-readable part of a delivery report (RFC 3464): groups of fields, the first about the message, each further one
//! about a recipient.

/// So many groups are looked at.
const MOST: usize = 100;

/// The fields about one recipient.
#[derive(Debug, Default)]
pub(super) struct Group(Vec<(String, String)>);

/// The groups of a report.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups = vec![Group::default()];
    for line in text.lines() {
        if line.trim().is_empty() {
            if groups.last().is_some_and(|group| !group.0.is_empty()) {
                groups.push(Group::default());
            }
            continue;
        }
        let Some(group) = groups.last_mut() else {
            continue;
        };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.0.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let name = name.trim().to_ascii_lowercase();
            group.0.push((name, value.trim().to_owned()));
        }
        if groups.len() > MOST {
            break;
        }
    }
    groups
}

impl Group {
    fn field(&self, wanted: &str) -> Option<&str> {
        let field = self.0.iter().find(|(name, _)| name == wanted);
        field.map(|(_, value)| value.as_str())
    }

    /// Whether it says that the mail will not be tried any more.
    pub(super) fn failed(&self) -> bool {
        let action = self.field("action").unwrap_or_default();
        let word = action.split([' ', '\t', '(']).next().unwrap_or_default();
        word.eq_ignore_ascii_case("failed")
    }

    /// The status code, and whether it is one for good. Servers write remarks behind it.
    pub(super) fn status(&self) -> Option<(String, bool)> {
        let code = self.field("status")?;
        let code = code.split([' ', '\t', '(']).next().unwrap_or_default();
        let parts: Vec<&str> = code.split('.').collect();
        let digits = |part: &&str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        match (parts.first(), parts.len()) {
            (Some(&"5"), 3) if parts.iter().all(digits) => Some((code.to_owned(), true)),
            (Some(&"4"), 3) if parts.iter().all(digits) => Some((code.to_owned(), false)),
            _ => None,
        }
    }

    /// The recipient as the mail was sent to him, and as it arrived at last.
    pub(super) fn recipients(&self) -> Vec<String> {
        let fields = ["original-recipient", "final-recipient"];
        let address = |name: &str| {
            let (kind, address) = self.field(name)?.split_once(';')?;
            let mail = matches!(
                kind.trim().to_ascii_lowercase().as_str(),
                "rfc822" | "utf-8"
            );
            let address = address.trim().trim_matches(['<', '>']);
            (mail && address.len() <= 254).then(|| address.to_owned())
        };
        fields.into_iter().filter_map(address).collect()
    }
}
