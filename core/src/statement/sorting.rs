//! From the catalogue's grounds to the database's categories.

use super::category::{Category, Keyword};

/// The category and the keyword that a ground comes to; `None` where only the platform can tell.
#[must_use]
pub fn sorted(ground: &str) -> Option<(Category, Option<Keyword>)> {
    if let Some(name) = ground.strip_prefix("dsa:") {
        let code = format!("STATEMENT_CATEGORY_{}", name.to_ascii_uppercase());
        return code.parse().ok().map(|category| (category, None));
    }
    let terrorism = Some((
        Category::RiskForPublicSecurity,
        Some(Keyword::TerroristContent),
    ));
    match ground {
        "tco:a" | "tco:b" | "tco:c" | "tco:d" | "tco:e" => terrorism,
        "uk-ta2006:encouragement" | "uk-ta2006:useful_information" | "fr-lcen:terrorism" => {
            terrorism
        }
        "fr-lcen:minors" => Some((
            Category::ProtectionOfMinors,
            Some(Keyword::ChildSexualAbuseMaterial),
        )),
        "in-it:defamation" => Some((Category::IllegalOrHarmfulSpeech, Some(Keyword::Defamation))),
        "in-it:incitement" => Some((Category::Violence, Some(Keyword::IncitementViolenceHatred))),
        "terms" => Some((Category::OtherViolationTc, None)),
        _ => None,
    }
}
