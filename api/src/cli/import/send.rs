//! Sends records in calls of many, and accounts for every one.

use std::collections::VecDeque;

use super::convert::{Made, Slip};
use super::mapping::{Mapping, Member};
use super::report::{Fate, Report};
use crate::cli::CliError;
use crate::client::wire::ImportedRow;
use crate::client::{Client, ClientError, Problem};

/// Most records in one call.
const AT_ONCE: usize = 500;
/// A call also ends at this size, well under what servers take in one body.
const MAX_BYTES: usize = 1 << 20;

/// Sends what waits, in the order of the list.
pub(super) struct Sender<'a> {
    client: &'a Client,
    mapping: &'a Mapping,
    report: Report,
    dry_run: bool,
    waiting: Vec<Made>,
    bytes: usize,
    stopped: Option<ClientError>,
}

impl<'a> Sender<'a> {
    pub(super) fn new(
        client: &'a Client,
        mapping: &'a Mapping,
        report: Report,
        dry_run: bool,
    ) -> Self {
        Self {
            client,
            mapping,
            report,
            dry_run,
            waiting: Vec::new(),
            bytes: 0,
            stopped: None,
        }
    }

    /// Whether it is pointless to go on.
    pub(super) const fn stopped(&self) -> bool {
        self.stopped.is_some()
    }

    pub(super) fn reach(&self, read: u64) {
        self.report.reach(read);
    }

    pub(super) async fn take(&mut self, made: Made) -> Result<(), CliError> {
        let size = made.body.as_ref().map_or(0, |body| body.len() + 1);
        if self.waiting.len() >= AT_ONCE || self.bytes + size > MAX_BYTES {
            self.flush().await?;
        }
        self.bytes += size;
        self.waiting.push(made);
        Ok(())
    }

    /// Sends the rest and gives the report back.
    pub(super) async fn finish(mut self) -> Result<(Report, Option<ClientError>), CliError> {
        self.flush().await?;
        Ok((self.report, self.stopped))
    }

    async fn flush(&mut self) -> Result<(), CliError> {
        self.bytes = 0;
        let waiting = std::mem::take(&mut self.waiting);
        if self.stopped.is_some() {
            return Ok(());
        }
        let rows: Vec<usize> = (0..waiting.len())
            .filter(|place| waiting[*place].body.is_ok())
            .collect();
        let mut fates: Vec<Option<Fate>> = waiting.iter().map(refused_here).collect();
        let mut queue = VecDeque::from([rows]);
        while let Some(mut rows) = queue.pop_front() {
            if rows.is_empty() {
                continue;
            }
            let bodies: Vec<&str> = rows
                .iter()
                .filter_map(|place| waiting[*place].body.as_deref().ok())
                .collect();
            if self.stopped.is_some() {
                break;
            }
            match self.client.import(&bodies, self.dry_run).await {
                Ok(answer) => {
                    for item in answer.body.items {
                        let place = rows.get(item.index).and_then(|at| fates.get_mut(*at));
                        if let Some(place) = place {
                            *place = Some(self.fate(item));
                        }
                    }
                    for at in rows {
                        fates[at].get_or_insert_with(|| {
                            Fate::Unknown("the server's answer does not mention it".into())
                        });
                    }
                }
                Err(ClientError::Problem(problem)) if problem.status == 413 && rows.len() > 1 => {
                    let second = rows.split_off(rows.len() / 2);
                    queue.push_front(second);
                    queue.push_front(rows);
                }
                Err(error) => {
                    for at in rows {
                        fates[at] = lost(&error);
                    }
                    self.stopped = Some(error);
                }
            }
        }
        for (made, fate) in waiting.iter().zip(&fates) {
            if let Some(fate) = fate {
                self.report.tell(made, fate)?;
            }
        }
        Ok(())
    }

    fn fate(&self, row: ImportedRow) -> Fate {
        match (row.result.as_str(), row.id) {
            ("imported", Some(id)) => Fate::Imported(id),
            ("would_be_imported", _) => Fate::Would,
            ("already_imported", id) => Fate::Already {
                id,
                differs: row.differs,
            },
            ("refused", _) => Fate::Refused(self.slips(&row.problem.unwrap_or_default())),
            (other, _) => Fate::Unknown(format!("the server's answer for it is {other:?}")),
        }
    }

    /// What the exchange said, by the columns of the list.
    fn slips(&self, problem: &Problem) -> Vec<Slip> {
        if problem.errors.is_empty() {
            return vec![Slip {
                column: None,
                reason: problem.headline(),
            }];
        }
        let slip = |error: &crate::client::FieldError| {
            let pointer = error.pointer.as_deref().unwrap_or_default();
            let member = pointer.trim_start_matches("#/").split('/').next();
            let column = member
                .and_then(Member::named)
                .and_then(|member| self.mapping.heading(member));
            Slip {
                column: column.map(str::to_owned),
                reason: match column {
                    Some(_) => error.detail.clone(),
                    None => format!("{pointer}: {}", error.detail),
                },
            }
        };
        problem.errors.iter().map(slip).collect()
    }
}

fn refused_here(made: &Made) -> Option<Fate> {
    made.body.as_ref().err().cloned().map(Fate::Refused)
}

/// What an error means for the rows that were sent; nothing when it is certain that none of them was stored.
fn lost(error: &ClientError) -> Option<Fate> {
    match error {
        ClientError::Lost { .. } | ClientError::Decode { .. } => {
            Some(Fate::Unknown("the answer was lost".into()))
        }
        ClientError::Problem(problem) if problem.status >= 500 => {
            Some(Fate::Unknown(problem.headline()))
        }
        _ => None,
    }
}
