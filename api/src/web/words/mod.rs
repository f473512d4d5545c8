//! The words of the pages that people are led to by a mail. The documentation is in English.

mod ar;
mod de;
mod en;
mod fr;
mod pl;

use takedown_core::agency::{AgencyType, VerificationMethod};

/// One language. A language that lacks a word does not compile.
pub(super) struct Words {
    pub tag: &'static str,
    pub dir: &'static str,
    /// What it is called in itself.
    pub name: &'static str,
    pub language: &'static str,

    /// First on every page, where nothing is real.
    pub sandbox: &'static str,
    pub real: &'static str,
    pub real_notice: &'static str,
    pub real_operation: &'static str,
    pub compare: &'static str,
    pub reference: &'static str,
    pub code: &'static str,
    pub asks: &'static str,
    pub verified: &'static str,
    pub asked: &'static str,
    pub kind: &'static str,
    pub instrument: &'static str,
    pub filed: &'static str,
    pub voluntary: &'static str,
    pub voluntary_means: &'static str,
    pub binding: &'static str,
    pub binding_means: &'static str,
    pub notice: &'static str,
    pub notice_means: &'static str,
    pub operation: &'static str,
    pub operation_means: &'static str,
    /// Before the agency that leads an operation, the other one, and the day of its invitation.
    pub leads: &'static str,
    pub invited: &'static str,
    pub invited_on: &'static str,
    pub verified_not: &'static str,
    /// How many people found it out.
    pub by_one: &'static str,
    pub by_two: &'static str,
    pub verified_suspended: &'static str,
    pub warn_not_verified: &'static str,
    pub warn_suspended: &'static str,
    pub withdrawn: &'static str,
    pub next: &'static str,
    pub next_read: &'static str,
    pub next_notice: &'static str,
    pub next_operation: &'static str,
    pub next_withdrawn: &'static str,
    pub documentation: &'static str,
    pub no_access: &'static str,
    pub doubt: &'static str,
    pub nothing_shown: &'static str,

    pub enter_title: &'static str,
    pub enter_lines: [&'static str; 1],
    pub enter_label: &'static str,
    pub enter_button: &'static str,
    pub unknown_title: &'static str,
    pub unknown_lines: [&'static str; 3],
    pub later_title: &'static str,
    pub later_lines: [&'static str; 1],
    pub ask_operator: &'static str,

    /// The page by which the mails end that press nobody.
    pub unsubscribe_title: &'static str,
    pub unsubscribe_lines: [&'static str; 2],
    pub unsubscribe_button: &'static str,
    pub unsubscribed_title: &'static str,
    pub unsubscribed_lines: [&'static str; 2],
    pub unsubscribe_gone_title: &'static str,
    pub unsubscribe_gone_lines: [&'static str; 1],

    /// Police, judicial, regulator, other.
    pub agency_types: [&'static str; 4],
    /// In person, call-back, letter, domain, list, vouched.
    pub methods: [&'static str; 6],
}

impl Words {
    pub fn agency_type(&self, of: AgencyType) -> &'static str {
        let [police, judicial, regulator, other] = self.agency_types;
        match of {
            AgencyType::Police => police,
            AgencyType::Judicial => judicial,
            AgencyType::Regulator => regulator,
            AgencyType::Other => other,
        }
    }

    pub fn method(&self, of: VerificationMethod) -> &'static str {
        let [in_person, call_back, letter, domain, list, vouched] = self.methods;
        match of {
            VerificationMethod::InPerson => in_person,
            VerificationMethod::CallBack => call_back,
            VerificationMethod::OfficialLetter => letter,
            VerificationMethod::OfficialDomain => domain,
            VerificationMethod::OfficialList => list,
            VerificationMethod::Vouched => vouched,
        }
    }
}

/// Every language, English first.
pub(super) static ALL: [&Words; 5] = [&en::WORDS, &ar::WORDS, &fr::WORDS, &de::WORDS, &pl::WORDS];

/// The language that was asked for by name, or else the most wanted of `Accept-Language` that we have, or English.
pub(super) fn choose(asked: Option<&str>, accept: Option<&str>) -> &'static Words {
    most_wanted(&ALL, |words| words.tag, asked, accept).unwrap_or(&en::WORDS)
}

/// Of several languages the one that was asked for by name, or else the most wanted of `Accept-Language`
/// (RFC 9110, section 12.5.4), if there is one.
pub(super) fn most_wanted<T>(
    all: &[&'static T],
    tag_of: impl Fn(&T) -> &'static str,
    asked: Option<&str>,
    accept: Option<&str>,
) -> Option<&'static T> {
    let known = |tag: &str| {
        let primary = tag.split('-').next().unwrap_or_default().trim();
        let has = |one: &&&T| tag_of(one).eq_ignore_ascii_case(primary);
        all.iter().find(has).copied()
    };
    if let Some(words) = asked.and_then(known) {
        return Some(words);
    }
    let mut best: Option<(&'static T, f32)> = None;
    for range in accept.unwrap_or_default().split(',').take(20) {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = parameters
            .trim()
            .strip_prefix("q=")
            .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())
            .unwrap_or(0.0);
        if let Some(words) = known(tag)
            && weight > best.as_ref().map_or(0.0, |(_, weight)| *weight)
        {
            best = Some((words, weight));
        }
    }
    best.map(|(words, _)| words)
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_most_wanted_language_that_we_have() {
        for (asked, accept, tag) in [
            (None, None, "en"),
            (None, Some("ar-JO,ar;q=0.9,en;q=0.8"), "ar"),
            (None, Some("sv, ar;q=0.3, en;q=0.7"), "en"),
            (None, Some("de-AT, ar;q=0.3, en;q=0.7"), "de"),
            (None, Some("en;q=0, ar;q=0.1"), "ar"),
            (None, Some("AR"), "ar"),
            (None, Some("sv;q=1.0"), "en"),
            (None, Some("ar;q=nonsense"), "en"),
            (None, Some(",;;,"), "en"),
            (Some("ar"), Some("en"), "ar"),
            (Some("xx"), Some("ar"), "ar"),
        ] {
            assert_eq!(choose(asked, accept).tag, tag, "{asked:?} {accept:?}");
        }
    }
}
