//! Which requests can be told as a report in XARF v4 without saying more, or anything else, than the agency said.

/// A category and a type of XARF v4, with the one member that the type asks for besides the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportType {
    /// The category.
    pub category: &'static str,
    /// The type within it.
    pub name: &'static str,
    /// The member, and what it says.
    pub detail: (&'static str, &'static str),
}

/// As what a request on these grounds is told; none when XARF has no word for one of them.
///
/// Few grounds have one. XARF knows no terrorist content; its types for abuse of children want a classification, those for exposed
/// data what and how, those for brands and copyright whose: the exchange is told none of it. A ground that means "a scam *or* an
/// attack" is neither.
#[must_use]
pub fn report_type(grounds: &[String]) -> Option<ReportType> {
    let (first, others) = grounds.split_first()?;
    let told = of_ground(first)?;
    let same = |ground: &String| of_ground(ground) == Some(told);
    others.iter().all(same).then_some(told)
}

fn of_ground(ground: &str) -> Option<ReportType> {
    match ground {
        // Of which kind the fraud is nobody said.
        "dsa:scams_and_fraud" => Some(ReportType {
            category: "content",
            name: "fraud",
            detail: ("fraud_type", "other"),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_format_has_a_word_for_is_told() {
        let told = |grounds: &[&str]| {
            let grounds: Vec<String> = grounds.iter().map(ToString::to_string).collect();
            report_type(&grounds).map(|told| (told.category, told.name))
        };
        assert_eq!(told(&["dsa:scams_and_fraud"]), Some(("content", "fraud")));
        for none in [
            &[] as &[&str],
            &["tco:a"],
            &["dsa:protection_of_minors"],
            &["sg-ocha:scam_or_malicious_cyber_activity"],
            &["dsa:scams_and_fraud", "tco:b"],
            &["terms", "dsa:scams_and_fraud"],
        ] {
            assert_eq!(told(none), None, "{none:?}");
        }
    }
}
