//! Whether a filing agrees with the instrument it names. All contradictions are found, not only the first.

mod duties;
mod elements;
mod longer;

use super::claim::{self as rule, Claim, Contradiction};
use super::kinds::{Kind, TerritoryRule, eu_member_states};
use super::rank::Standing;
use super::{Instrument, Jurisdiction};
use crate::text::visible;

/// The contradictions found so far.
struct Findings<'a> {
    instrument: &'a Instrument,
    found: Vec<Contradiction>,
}

impl Findings<'_> {
    fn add(
        &mut self,
        rule: &'static str,
        citation: &str,
        pointer: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.found.push(Contradiction {
            rule,
            citation: citation.to_owned(),
            pointer: pointer.into(),
            detail: detail.into(),
        });
    }

    /// A contradiction of the instrument's main citation.
    fn main(&mut self, rule: &'static str, pointer: impl Into<String>, detail: impl Into<String>) {
        let instrument = self.instrument;
        self.add(rule, &instrument.citation, pointer, detail);
    }

    /// A duty that the instrument cannot carry.
    fn cannot(&mut self, rule: &'static str, pointer: &str, what: &str) {
        let why = match self.instrument.kind {
            Kind::Referral => "a referral is voluntary and carries no duty".to_owned(),
            Kind::Order => format!("`{}` has no such power", self.instrument.id),
        };
        self.main(rule, pointer, format!("{why}: leave {what} out"));
    }
}

impl Instrument {
    /// Compares a filing with this instrument.
    ///
    /// # Errors
    /// Every contradiction, in the order of the fields of a filing; never an empty list.
    pub fn check(&self, claim: &Claim<'_>) -> Result<(), Vec<Contradiction>> {
        let mut findings = Findings {
            instrument: self,
            found: Vec::new(),
        };
        self.check_issuer(claim, &mut findings);
        self.check_rank(claim, &mut findings);
        self.check_grounds(claim, &mut findings);
        self.check_elements(claim, &mut findings);
        self.check_territory(claim, &mut findings);
        self.check_items(claim, &mut findings);
        self.check_service(claim, &mut findings);
        self.check_specified(claim, &mut findings);
        self.check_non_disclosure(claim, &mut findings);
        self.check_preservation(claim, &mut findings);
        self.check_prior_notice(claim, &mut findings);
        if findings.found.is_empty() {
            Ok(())
        } else {
            Err(findings.found)
        }
    }

    fn check_issuer(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        if !self.jurisdiction.covers(claim.country) {
            findings.main(
                rule::JURISDICTION,
                "/instrument",
                format!(
                    "only an authority of {} can use `{}`, and the agency is of {}: use an instrument of its own law, or a referral",
                    self.jurisdiction, self.id, claim.country
                ),
            );
        } else if self.jurisdiction != Jurisdiction::Any && claim.jurisdiction != claim.country {
            findings.main(
                rule::JURISDICTION,
                "/jurisdiction",
                format!(
                    "an authority of {} uses `{}` under its own law, not under that of {}: leave the jurisdiction out, or say {}",
                    claim.country, self.id, claim.jurisdiction, claim.country
                ),
            );
        }
        if !self.issuer_types.is_empty() && !self.issuer_types.contains(&claim.agency_type) {
            let types: Vec<_> = self.issuer_types.iter().map(|kind| kind.as_str()).collect();
            findings.main(
                rule::ISSUER_TYPE,
                "/instrument",
                format!(
                    "`{}` is used by an agency of type {}, and the agency is of type {}: use another instrument, or a referral",
                    self.id,
                    types.join(" or "),
                    claim.agency_type.as_str()
                ),
            );
        }
    }

    fn check_rank(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        let Some((floor, ladder)) = self
            .rank_floor
            .as_ref()
            .and_then(|floor| Some((floor, floor.ladder(claim.agency_type)?)))
        else {
            return;
        };
        let given = claim
            .officer_rank
            .map(str::trim)
            .filter(|rank| !rank.is_empty());
        let wrong = match given.map(|rank| (rank, ladder.judge(rank))) {
            Some((_, Standing::Sufficient)) => return,
            Some((_, Standing::Below(rank))) => {
                format!("the rank {} lies below the floor", rank.title)
            }
            Some((rank, Standing::NotOnLadder)) => {
                format!(
                    "the rank `{}` is not known to this instrument",
                    quoted(rank)
                )
            }
            None => "the officer's rank is missing".to_owned(),
        };
        findings.add(
            rule::RANK_FLOOR,
            &floor.citation,
            "/officer/rank",
            format!("{wrong}; it takes {}", ladder.wanted()),
        );
    }

    fn check_grounds(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        if claim.grounds.is_empty() {
            findings.main(
                rule::GROUND_REQUIRED,
                "/grounds",
                format!(
                    "at least one ground is needed; allowed are {}",
                    self.allowed_grounds()
                ),
            );
        }
        for (index, code) in claim.grounds.iter().enumerate() {
            if self.ground(code).is_none() {
                findings.main(
                    rule::GROUND,
                    format!("/grounds/{index}"),
                    format!(
                        "`{}` cannot rest on the ground `{}`; allowed are {}",
                        self.id,
                        quoted(code),
                        self.allowed_grounds()
                    ),
                );
            }
        }
        if self.needs_reasons && !claim.has_reasons {
            findings.main(
                rule::REASONS,
                "/reasons",
                "a statement of reasons is missing: say in plain words why the content falls under the grounds",
            );
        }
        let cited = claim
            .provision
            .is_some_and(|provision| !provision.trim().is_empty());
        if self.needs_provision && !cited {
            findings.main(
                rule::PROVISION,
                "/provision",
                "the provision of law is missing: cite the article or section that makes the content unlawful",
            );
        }
    }

    fn allowed_grounds(&self) -> String {
        let codes: Vec<_> = self
            .grounds
            .iter()
            .map(|ground| ground.code.as_str())
            .collect();
        codes.join(", ")
    }

    fn check_territory(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        let Some(territory) = claim.territory else {
            return;
        };
        if self.territory != TerritoryRule::Any && territory.worldwide {
            let right = match self.territory {
                TerritoryRule::AllMemberStates => {
                    "it takes effect in all Member States by law: leave the territory out"
                }
                _ => "its territory is limited to what is strictly necessary: name the countries",
            };
            findings.main(
                rule::TERRITORY,
                "/territory/worldwide",
                format!("`{}` cannot ask for a worldwide effect; {right}", self.id),
            );
        }
        if self.territory != TerritoryRule::AllMemberStates {
            return;
        }
        let members = eu_member_states();
        for (index, country) in territory.countries.iter().enumerate() {
            if !members.contains(country) {
                findings.main(
                    rule::TERRITORY,
                    format!("/territory/countries/{index}"),
                    format!(
                        "{country} is not a Member State, and `{}` takes effect in all Member States: leave the territory out",
                        self.id
                    ),
                );
            }
        }
        let named = !territory.countries.is_empty();
        if named
            && !members
                .iter()
                .all(|member| territory.countries.contains(member))
        {
            findings.main(
                rule::TERRITORY,
                "/territory/countries",
                format!(
                    "`{}` takes effect in all Member States and cannot be narrowed: leave the territory out",
                    self.id
                ),
            );
        }
    }

    fn check_items(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        if self.item_kinds.is_empty() {
            return;
        }
        let allowed: Vec<_> = self.item_kinds.iter().map(|kind| kind.as_str()).collect();
        for (index, kind) in claim.items.iter().enumerate() {
            if !self.item_kinds.contains(kind) {
                findings.main(
                    rule::ITEM_KIND,
                    format!("/items/{index}/kind"),
                    format!(
                        "`{}` names the exact location: an item of kind {}, not {}",
                        self.id,
                        allowed.join(" or "),
                        kind.as_str()
                    ),
                );
            }
        }
    }
}

/// What somebody else wrote, short and with nothing invisible in it.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    visible(&short).into_owned()
}
