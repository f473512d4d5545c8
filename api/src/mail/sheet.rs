//! One mail as lines and labelled facts, before it becomes text or HTML: both are made from the same sheet, so that
//! they cannot say different things.

mod line;

use super::event::MailEvent;
use super::facts::{Document, Duty, MailFacts, MailSide, Member, Obstacle, Power, Span, Verified};
use super::inert;
use super::lang::{self, Words};
use super::times;

pub(super) use line::{Line, Piece};

/// A mail in one language.
pub(super) struct Section {
    pub words: &'static Words,
    pub headline: Line,
    pub reference: Line,
    pub power: Line,
    /// Said when English stands below.
    pub below: Option<&'static str>,
    pub facts: Vec<(&'static str, Line)>,
    pub next: Vec<Line>,
    /// The link stands in the first section only.
    pub has_link: bool,
    /// What stands before it.
    pub link: &'static str,
    pub after: Vec<Line>,
}

impl Section {
    /// A line of this section as plain text.
    pub fn plain(&self, line: &Line) -> String {
        line.plain(self.words.rtl)
    }

    /// `rtl` or `ltr`.
    pub fn dir(&self) -> &'static str {
        if self.words.rtl { "rtl" } else { "ltr" }
    }
}

/// A whole mail, before it becomes text or HTML.
pub(super) struct Sheet {
    pub subject: String,
    pub sections: Vec<Section>,
}

/// Why no mail is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A referral has no time to act by, so nothing can be near; nor can it be copied, annulled or final.
    #[error("a referral has no time limit and is no order, so no mail is written about either")]
    ReferralIsNoOrder,
    /// A template failed.
    #[error("the mail could not be rendered")]
    Template,
}

pub(super) fn sheet(facts: &MailFacts) -> Result<Sheet, RenderError> {
    if facts.event.needs_an_order() && facts.power == Power::Voluntary {
        return Err(RenderError::ReferralIsNoOrder);
    }
    let first = lang::choose(&facts.languages);
    let mut writers = vec![Writer {
        facts,
        words: first,
    }];
    if !first.is_english() {
        writers.push(Writer {
            facts,
            words: lang::english(),
        });
    }
    Ok(Sheet {
        subject: Writer {
            facts,
            words: first,
        }
        .subject(),
        sections: writers
            .iter()
            .enumerate()
            .map(|(n, writer)| writer.section(n == 0))
            .collect(),
    })
}

pub(super) struct Writer<'a> {
    pub(super) facts: &'a MailFacts,
    pub(super) words: &'static Words,
}

impl Writer<'_> {
    /// The duty of an order; none is left once the request is over, whatever the caller says.
    pub(super) fn binding(&self) -> Option<Duty> {
        let over = matches!(
            self.facts.event,
            MailEvent::RequestClosed
                | MailEvent::RequestWithdrawn
                | MailEvent::RequestAnnulled
                | MailEvent::NoticeGiven
                | MailEvent::RestorationAnswered
        );
        match self.facts.power {
            Power::Voluntary => None,
            Power::BindingAsClaimed(_) if over => Some(Duty::None),
            Power::BindingAsClaimed(duty) => Some(duty),
        }
    }

    fn span(&self, span: Span) -> String {
        match span {
            Span::Hours(n) => (self.words.hours)(n),
            Span::WorkingDays(n) => (self.words.working_days)(n),
        }
    }

    /// Fills the placeholders of a text.
    pub(super) fn fill(&self, text: &str) -> Line {
        Line::filled(text, |name| self.value(name))
    }

    fn value(&self, name: &str) -> Piece {
        let facts = self.facts;
        let (w, zone) = (self.words, facts.time_zone);
        let verified = |pick: fn(&Verified) -> Option<String>| {
            pick(&facts.agency.verified).unwrap_or_default()
        };
        let document =
            |pick: fn(&Document) -> String| facts.document.as_ref().map(pick).unwrap_or_default();
        let member = |pick: fn(&Member) -> &String| {
            let text = facts
                .member
                .as_ref()
                .map(|member| inert::name(pick(member)));
            text.unwrap_or_default()
        };
        let (text, value) = match name {
            "agency" => (inert::name(&facts.agency.name), true),
            "country" => (inert::name(&facts.agency.country), true),
            "platform" => (inert::name(&facts.platform_name), true),
            "member" => (member(|member| &member.name), true),
            "member_country" => (member(|member| &member.country), true),
            "operations" => ("GET /v1/operations".to_owned(), true),
            "reference" => (inert::line(&facts.reference, 40), true),
            "title" => (inert::line(&facts.instrument_title, 200), true),
            "citation" => (inert::line(&facts.citation, 200), true),
            "host" => (
                facts.host.as_deref().map(inert::defang).unwrap_or_default(),
                true,
            ),
            "code" => (inert::line(&facts.check_code, 64), true),
            "document" => (document(|d| inert::file(&d.name)), true),
            "digest" => (document(|d| inert::line(&d.digest, 64)), true),
            "items" => ((w.items)(facts.counts.items), false),
            "total" => (facts.counts.items.to_string(), true),
            "decided" => (facts.counts.decided.to_string(), true),
            "acted_on" => (facts.counts.acted_on.to_string(), true),
            "told" => (facts.counts.told.to_string(), true),
            "check_page" => (inert::line(&facts.check_page, 200), true),
            "inbox" => ("GET /v1/inbox".to_owned(), true),
            "requests" => ("GET /v1/requests".to_owned(), true),
            "scrutinies" => ("GET /v1/scrutinies".to_owned(), true),
            "due" => match self.binding() {
                Some(Duty::By(at)) => (times::both(at, zone), true),
                _ => (String::new(), true),
            },
            "span" => match self.binding() {
                Some(Duty::FromReceipt(span) | Duty::FromService(span)) => (self.span(span), false),
                _ => (String::new(), false),
            },
            "end" => {
                let end = facts.lasts_until.map(|at| times::both(at, zone));
                (end.unwrap_or_default(), true)
            }
            "method" => (
                verified(|v| match v {
                    Verified::By { method, .. } => Some(inert::name(method)),
                    _ => None,
                }),
                true,
            ),
            "from" => (
                verified(|v| match v {
                    Verified::By { verified_at, .. } => Some(times::day(*verified_at)),
                    _ => None,
                }),
                true,
            ),
            "until" => (
                verified(|v| match v {
                    Verified::By { until, .. } => until.map(times::day),
                    _ => None,
                }),
                true,
            ),
            "persons" => (
                match &facts.agency.verified {
                    Verified::By { by_two: true, .. } => w.by_two_persons.to_owned(),
                    Verified::By { .. } => w.by_one_person.to_owned(),
                    Verified::Pending | Verified::Suspended => String::new(),
                },
                false,
            ),
            // A test fills every text of every language, so that a placeholder without a value is found there.
            other => (format!("{{{other}}}"), true),
        };
        Piece { text, value }
    }

    /// The subject of its mail, and its line in a digest.
    pub(super) fn subject(&self) -> String {
        let w = self.words;
        let (frame, duty) = match self.binding() {
            _ if self.facts.event.is_between_agencies() => (w.subject_notice, None),
            None => (w.subject_voluntary, None),
            Some(_) if self.facts.event == MailEvent::NoticeGiven => (w.subject_notice, None),
            Some(duty) => (w.subject_binding, Some(duty)),
        };
        // Names are kept out of subjects: only our own words, the reference, a count and a time.
        let what = self.fill(self.what()).plain(false);
        let mut subject = frame
            .replace("{reference}", &inert::line(&self.facts.reference, 40))
            .replace("{what}", &what);
        if self.facts.to == MailSide::Platform {
            match duty {
                Some(Duty::By(at)) => {
                    subject.push_str(
                        &w.subject_by
                            .replace("{due}", &times::local(at, self.facts.time_zone)),
                    );
                }
                Some(Duty::FromReceipt(span)) => {
                    subject.push_str(&w.subject_from_receipt.replace("{span}", &self.span(span)));
                }
                _ => {}
            }
        }
        subject
    }

    /// Who it is between, and about how much.
    fn parties(&self) -> Vec<(&'static str, Line)> {
        let (facts, w) = (self.facts, self.words);
        if facts.event.is_between_agencies() {
            return vec![
                (w.label_lead, self.fill(w.agency_of)),
                (w.label_verified, self.fill(self.verified())),
                (w.label_member, self.fill(w.member_of)),
            ];
        }
        let mut lines = vec![
            (w.label_agency, self.fill(w.agency_of)),
            (w.label_verified, self.fill(self.verified())),
            (w.label_platform, self.fill("{platform}")),
            (w.label_instrument, self.fill(w.instrument_of)),
        ];
        let about = if facts.host.is_some() {
            w.about_host
        } else {
            w.about
        };
        if facts.event == MailEvent::RequestFiled && facts.to == MailSide::Platform {
            let attested = if facts.signed {
                w.attested_by_unit
            } else {
                w.attested_by_exchange
            };
            lines.insert(2, (w.label_attested, self.fill(attested)));
        }
        // A notice before a first order is about nothing yet.
        if facts.event != MailEvent::NoticeGiven {
            lines.push((w.label_about, self.fill(about)));
        }
        lines
    }

    fn section(&self, first: bool) -> Section {
        let (facts, w) = (self.facts, self.words);
        let mut lines = self.parties();
        let duty = match self.binding() {
            None | Some(Duty::None) => None,
            Some(Duty::By(_)) => Some(w.duty_by),
            Some(Duty::FromReceipt(_)) => Some(w.duty_from_receipt),
            Some(Duty::FromService(_)) => Some(w.duty_from_service),
            Some(Duty::StandsStill) if self.out_of_control() => Some(w.duty_stands_until_over),
            Some(Duty::StandsStill) => Some(w.duty_stands_still),
        };
        lines.extend(duty.map(|text| (w.label_duty, self.fill(text))));
        let obstacle = facts.obstacle.map(|obstacle| match obstacle {
            Obstacle::ForceMajeure => w.obstacle_force_majeure,
            Obstacle::ManifestError => w.obstacle_manifest_error,
            Obstacle::InsufficientInformation => w.obstacle_insufficient_information,
        });
        lines.extend(obstacle.map(|text| (w.label_obstacle, self.fill(text))));
        if facts.document.is_some() {
            lines.push((w.label_document, self.fill(w.document)));
        }
        if facts.lasts_until.is_some() {
            lines.push((w.label_lasts, self.fill("{end}")));
        }
        if facts.counts.decided > 0 {
            lines.push((w.label_outcome, self.fill(w.outcome)));
        }
        // The platform knows what it did; the agency has an investigation to protect.
        if facts.counts.told > 0 && facts.to == MailSide::Agency {
            lines.push((w.label_told, self.fill(w.told)));
        }
        let at = Piece {
            text: times::both(facts.at, facts.time_zone),
            value: true,
        };
        lines.push((w.label_at, Line(vec![at])));
        lines.push((w.label_code, self.fill("{code}")));

        let (next, opens) = self.next();
        let mut steps = vec![self.fill(next)];
        if facts.by_link && facts.event == MailEvent::RequestFiled {
            steps.insert(0, self.fill(w.first_contact));
        }
        if opens {
            steps.push(self.fill(match facts.to {
                _ if facts.event.is_between_agencies() => w.how_operation,
                MailSide::Platform if facts.by_link => w.how_link,
                MailSide::Platform => w.how_platform,
                MailSide::Agency => w.how_agency,
                MailSide::Authority => w.how_authority,
            }));
        }
        let mut after = if facts.by_link {
            vec![self.fill(w.check_first), self.fill(w.one_link)]
        } else {
            vec![self.fill(w.code_by_hand)]
        };
        if facts.to == MailSide::Platform || facts.event == MailEvent::OperationInvited {
            after.push(self.fill(if facts.by_link {
                w.doubt_by_link
            } else {
                w.doubt
            }));
            if matches!(self.binding(), Some(Duty::FromReceipt(_))) {
                after.push(self.fill(w.not_receipt));
            }
        }
        after.push(self.fill(if facts.reported {
            w.footer_reported
        } else {
            w.footer
        }));
        Section {
            words: w,
            headline: self.fill(self.headline()),
            reference: self.fill(w.reference),
            power: self.fill(self.power()),
            below: (first && !w.is_english()).then_some(w.english_below),
            facts: lines,
            next: steps,
            has_link: first,
            link: if facts.by_link { w.link_answer } else { w.link },
            after,
        }
    }
}

#[cfg(test)]
pub(super) fn filled_texts(
    facts: &MailFacts,
    words: &'static Words,
) -> Vec<(&'static str, String)> {
    let writer = Writer { facts, words };
    words
        .entries()
        .into_iter()
        .map(|(key, text)| (key, writer.fill(text).plain(words.rtl)))
        .collect()
}
