//! Service, dates and duties: what a filing asks for beside the act itself.

use super::Findings;
use crate::instrument::Instrument;
use crate::instrument::claim::{self as rule, Claim};
use crate::instrument::clock::ClockStart;
use crate::instrument::rules::LONGEST_AT_ONCE;
use crate::time::rfc3339;

impl Instrument {
    pub(super) fn check_service(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        let Some(service) = claim.service else {
            return;
        };
        let Some(known) = &self.service else {
            findings.cannot(rule::NO_SERVICE, "/service", "the service");
            return;
        };
        if !known.methods.contains(&service.method) {
            let methods: Vec<_> = known.methods.iter().map(|method| method.as_str()).collect();
            findings.add(
                rule::SERVICE_METHOD,
                &known.citation,
                "/service/method",
                format!(
                    "it is served by {}, not by {}",
                    methods.join(" or "),
                    service.method
                ),
            );
        }
        if service.served_at > claim.filed_at {
            findings.add(
                rule::SERVICE_TIME,
                &known.citation,
                "/service/served_at",
                format!(
                    "{} lies in the future: file now without the service, and again record it when it took place",
                    rfc3339(service.served_at)
                ),
            );
        }
        let due = self
            .clock
            .as_ref()
            .filter(|clock| clock.starts == ClockStart::Given)
            .map(|clock| clock.due(service.served_at));
        if let Some(Err(reason)) = due {
            findings.add(
                rule::SERVICE_TIME,
                &known.citation,
                "/service/served_at",
                format!(
                    "no deadline can be computed from {}: {reason}",
                    rfc3339(service.served_at)
                ),
            );
        }
    }

    pub(super) fn check_specified(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        let needed = self
            .clock
            .as_ref()
            .is_some_and(|clock| clock.starts == ClockStart::Specified);
        match (needed, claim.specified) {
            (false, None) => {}
            (false, Some(_)) => {
                findings.cannot(
                    rule::NO_SPECIFIED,
                    "/specified",
                    "the date; a deadline is computed, never set",
                );
            }
            (true, None) => findings.main(
                rule::SPECIFIED,
                "/specified",
                format!(
                    "`{}` needs the date that the order sets and who issued it",
                    self.id
                ),
            ),
            (true, Some(specified)) => {
                if specified.due_at <= claim.filed_at {
                    findings.main(
                        rule::SPECIFIED_TIME,
                        "/specified/due_at",
                        format!(
                            "{} is not in the future: give the date that the order still sets",
                            rfc3339(specified.due_at)
                        ),
                    );
                }
                if specified
                    .issued_by
                    .is_none_or(|issuer| issuer.trim().is_empty())
                {
                    findings.main(
                        rule::SPECIFIED,
                        "/specified/issued_by",
                        "who issued the order is missing: name the court or authority",
                    );
                }
            }
        }
    }

    pub(super) fn check_non_disclosure(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        let Some(wish) = claim.non_disclosure else {
            return;
        };
        let Some(allowed) = &self.non_disclosure else {
            findings.cannot(
                rule::NO_NON_DISCLOSURE,
                "/non_disclosure",
                "the non-disclosure",
            );
            return;
        };
        if wish.until <= claim.filed_at {
            findings.add(
                rule::NON_DISCLOSURE_TIME,
                &allowed.citation,
                "/non_disclosure/until",
                format!("{} is not in the future", rfc3339(wish.until)),
            );
        }
        if let (Some(days), Some(latest)) = (allowed.max_days, allowed.latest(claim.filed_at, 0))
            && wish.until > latest
        {
            findings.add(
                rule::NON_DISCLOSURE_TIME,
                &allowed.citation,
                "/non_disclosure/until",
                format!(
                    "{} is later than {days} days from now: at the latest {}",
                    rfc3339(wish.until),
                    rfc3339(latest)
                ),
            );
        }
        if wish.reason.is_none_or(|reason| reason.trim().is_empty()) {
            findings.add(
                rule::NON_DISCLOSURE_REASON,
                &allowed.citation,
                "/non_disclosure/reason",
                "a reason is missing: say why the uploader may not be told",
            );
        }
    }

    /// Whether a notice was given is not in the filing: [`Instrument::prior_notice`] judges that.
    pub(super) fn check_prior_notice(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        if claim.waives_prior_notice && self.prior_notice.is_none() {
            findings.cannot(
                rule::NO_PRIOR_NOTICE,
                "/prior_notice_waived",
                "the waiver of a notice",
            );
        }
    }

    pub(super) fn check_preservation(&self, claim: &Claim<'_>, findings: &mut Findings<'_>) {
        let Some(until) = claim.preservation_until else {
            return;
        };
        let Some(allowed) = &self.preservation else {
            findings.cannot(rule::NO_PRESERVATION, "/preservation", "the preservation");
            return;
        };
        let earliest = allowed.earliest_end(claim.filed_at);
        let wrong = match (allowed.minimum, earliest) {
            (Some(minimum), Some(earliest)) if until < earliest => format!(
                "{} is less than the {minimum} that the law sets: at the earliest {}, or leave it out",
                rfc3339(until),
                rfc3339(earliest)
            ),
            _ if until <= claim.filed_at => format!("{} is not in the future", rfc3339(until)),
            _ => match LONGEST_AT_ONCE.after(claim.filed_at) {
                Some(latest) if until > latest => format!(
                    "{} is more than {LONGEST_AT_ONCE} from now: at the latest {}, and longer by an extension when that end comes near",
                    rfc3339(until),
                    rfc3339(latest)
                ),
                _ => return,
            },
        };
        findings.add(
            rule::PRESERVATION_TIME,
            &allowed.citation,
            "/preservation/until",
            wrong,
        );
    }
}
