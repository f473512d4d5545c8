//! The elements that some laws ask of a filing beside grounds and reasons.

use super::Findings;
use crate::instrument::claim::{self as rule, Claim};
use crate::instrument::{Element, Instrument, Kind};

impl Instrument {
    pub(super) fn check_elements(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        let needs = |element| self.elements.contains(&element);
        let based = claim
            .legal_basis
            .is_some_and(|basis| !basis.trim().is_empty());
        if needs(Element::LegalBasis) && !based {
            findings.main(
                rule::LEGAL_BASIS,
                "/legal_basis",
                "the legal basis is missing: cite the Union or national law that gives the authority the power to order it (Regulation (EU) 2022/2065: Article 9(2)(a)(i))",
            );
        }
        if needs(Element::Redress) && !claim.has_redress {
            findings.main(
                rule::REDRESS,
                "/redress",
                "the redress is missing: say how provider and recipient can challenge it, where, and by when (Regulation (EU) 2022/2065: Article 9(2)(a)(v))",
            );
        }
        if claim.has_redress && self.kind == Kind::Referral {
            findings.cannot(rule::NO_REDRESS, "/redress", "the redress");
        }
        match (needs(Element::BonaFide), claim.bona_fide) {
            (true, false) => findings.main(
                rule::BONA_FIDE,
                "/bona_fide",
                "the statement of good faith is missing: `true` says that you believe the information to be accurate and complete (Regulation (EU) 2022/2065: Article 16(2)(d))",
            ),
            (false, true) => findings.main(
                rule::NO_BONA_FIDE,
                "/bona_fide",
                format!("`{}` knows no statement of good faith: leave it out", self.id),
            ),
            (true, true) | (false, false) => {}
        }
    }
}
