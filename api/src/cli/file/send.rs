//! Sends filings, alone or in batches, and accounts for every one.

use std::collections::VecDeque;

use serde_json::value::RawValue;

use super::report::{Fate, Report};
use super::rows::{Row, Size, Source};
use super::{CliError, Exit, OutputForm};
use crate::cli::progress::Progress;
use crate::cli::signing::Signer;
use crate::client::wire::BatchRow;
use crate::client::{Client, ClientError, Problem};

/// A batch also ends at this size, well under what servers take in one body.
const MAX_BATCH_BYTES: usize = 1 << 20;

/// How to send.
pub(super) struct Options {
    /// Most filings in one call.
    pub(super) batch: usize,
    /// Whether the exchange is to refuse filings whose links lie on several platforms.
    pub(super) strict: bool,
    /// How results are printed.
    pub(super) output: OutputForm,
    /// What signs each filing.
    pub(super) signer: Option<Signer>,
    /// A host of the platform that signed filings are addressed to.
    pub(super) audience: Option<String>,
}

/// Sends everything a source gives.
pub(super) async fn send(
    client: &Client,
    mut source: Source,
    options: &Options,
) -> Result<Exit, CliError> {
    let progress = source.many.then(|| match source.size {
        Size::Bytes(total) => Progress::of_bytes(total),
        Size::Filings(total) => Progress::of_pieces(total),
        Size::Unknown => Progress::of_unknown_size(),
    });
    let mut sender = Sender {
        client,
        options,
        report: Report::new(progress.as_ref(), options.output),
        waiting: Vec::new(),
        bytes: 0,
        stopped: None,
    };
    let mut unread = None;
    for row in source.rows.by_ref() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                unread = Some(error);
                break;
            }
        };
        if let Some(progress) = &progress {
            progress.reach(row.read);
        }
        sender.take(row).await?;
        if sender.stopped.is_some() {
            break;
        }
    }
    sender.flush().await?;
    let (report, stopped) = (sender.report, sender.stopped);
    let exit = report.exit();
    let counts = report.counts();
    drop(progress);
    if source.many {
        eprintln!("{counts}");
    }
    match (stopped, unread) {
        (Some(error), _) => {
            let left = source.rows.count();
            if left > 0 {
                eprintln!("the {left} that come after were not sent");
            }
            Err(error.into())
        }
        (None, Some(error)) => Err(error),
        (None, None) => Ok(exit),
    }
}

struct Sender<'a> {
    client: &'a Client,
    options: &'a Options,
    report: Report<'a>,
    waiting: Vec<Row>,
    bytes: usize,
    /// What made it pointless to go on.
    stopped: Option<ClientError>,
}

impl Sender<'_> {
    async fn take(&mut self, row: Row) -> Result<(), CliError> {
        let size = match &row.filing {
            Ok(json) => json.len() + 1,
            // Told in its place, after what came before it.
            Err(_) => 0,
        };
        if self.waiting.len() == self.options.batch
            || (self.bytes + size > MAX_BATCH_BYTES && !self.waiting.is_empty())
        {
            self.flush().await?;
        }
        self.bytes += size;
        self.waiting.push(row);
        Ok(())
    }

    /// Sends what waits. Batches that the server finds too large or unreadable as a whole are halved until it is clear
    /// which filing is at fault.
    async fn flush(&mut self) -> Result<(), CliError> {
        self.bytes = 0;
        let mut queue = VecDeque::from([std::mem::take(&mut self.waiting)]);
        while let Some(mut rows) = queue.pop_front() {
            if self.stopped.is_some() {
                for row in rows {
                    let fate = Fate::Unsendable("not sent, because of the error below".into());
                    self.report.tell(&row, &fate)?;
                }
                continue;
            }
            if let Some(at) = rows.iter().position(|row| row.filing.is_err()) {
                let mut rest = rows.split_off(at);
                let bad = rest.remove(0);
                queue.push_front(rest);
                if at > 0 {
                    // What came before it is told before it.
                    queue.push_front(vec![bad]);
                    queue.push_front(rows);
                } else if let Err(why) = &bad.filing {
                    self.report.tell(&bad, &Fate::Unsendable(why.clone()))?;
                }
                continue;
            }
            match rows.len() {
                0 => {}
                1 => self.one(&rows[0]).await?,
                _ => match self.batch(&rows).await? {
                    Sent::Answered => {}
                    Sent::TooMuch => {
                        let second = rows.split_off(rows.len() / 2);
                        queue.push_front(second);
                        queue.push_front(rows);
                    }
                },
            }
        }
        Ok(())
    }

    /// Files one.
    async fn one(&mut self, row: &Row) -> Result<(), CliError> {
        let Ok(json) = &row.filing else {
            return Ok(());
        };
        let sent = match &self.options.signer {
            Some(signer) => match signer.file(json, self.options.audience.as_deref()) {
                Ok(statement) => self.client.file_signed(statement).await,
                Err(why) => return self.report.tell(row, &Fate::Unsendable(why.to_string())),
            },
            None => self.client.file(json, self.options.strict).await,
        };
        match sent {
            Ok(reply) => {
                let fate = match RawValue::from_string(reply.text) {
                    Ok(raw) => Fate::Filed(raw),
                    Err(e) => Fate::Unknown(e.to_string()),
                };
                self.report.tell(row, &fate)?;
            }
            // Batches may be larger than single filings: there it may still fit.
            Err(ClientError::Problem(problem))
                if problem.status == 413 && self.options.signer.is_none() =>
            {
                if let Sent::TooMuch = self.batch(std::slice::from_ref(row)).await? {
                    self.refuse(row, &problem)?;
                }
            }
            Err(ClientError::Problem(problem)) if is_about_the_filing(problem.status) => {
                self.refuse(row, &problem)?;
            }
            Err(error) => self.stop(std::slice::from_ref(row), error)?,
        }
        Ok(())
    }

    fn refuse(&mut self, row: &Row, problem: &Problem) -> Result<(), CliError> {
        let fate = match RawValue::from_string(problem.text.clone()) {
            Ok(raw) => Fate::Refused(raw),
            Err(_) => Fate::Unsendable(problem.to_string()),
        };
        self.report.tell(row, &fate)
    }

    async fn batch(&mut self, rows: &[Row]) -> Result<Sent, CliError> {
        let filings: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.filing.as_deref().ok())
            .collect();
        let answer = match self.client.file_batch(&filings, self.options.strict).await {
            Ok(answer) => answer.body,
            Err(ClientError::Problem(problem)) if matches!(problem.status, 400 | 413 | 422) => {
                return Ok(Sent::TooMuch);
            }
            Err(error) => {
                self.stop(rows, error)?;
                return Ok(Sent::Answered);
            }
        };
        let mut answers: Vec<Option<BatchRow>> = rows.iter().map(|_| None).collect();
        for item in answer.items {
            if let Some(place) = answers.get_mut(item.index) {
                *place = Some(item);
            }
        }
        for (row, answer) in rows.iter().zip(answers) {
            let fate = match answer {
                Some(
                    BatchRow {
                        request: Some(raw),
                        status: 200..=299,
                        ..
                    }
                    | BatchRow {
                        several: Some(raw),
                        status: 200..=299,
                        ..
                    },
                ) => Fate::Filed(raw),
                Some(BatchRow {
                    problem: Some(raw), ..
                }) => Fate::Refused(raw),
                Some(_) => Fate::Unknown("the server's answer for it cannot be read".into()),
                None => Fate::Unknown("the server's answer does not mention it".into()),
            };
            self.report.tell(row, &fate)?;
        }
        if let Some(progress) = self.report.progress {
            progress.message(self.report.counts());
        }
        Ok(Sent::Answered)
    }

    fn stop(&mut self, rows: &[Row], error: ClientError) -> Result<(), CliError> {
        for row in rows {
            let fate = match &error {
                ClientError::Lost { .. } | ClientError::Decode { .. } => {
                    Fate::Unknown("the answer was lost".into())
                }
                ClientError::Problem(problem) if problem.status >= 500 => {
                    Fate::Unknown(problem.headline())
                }
                _ => Fate::Unsendable("not filed, because of the error below".into()),
            };
            self.report.tell(row, &fate)?;
        }
        self.stopped = Some(error);
        Ok(())
    }
}

/// What a batch came to.
enum Sent {
    /// Each filing was answered.
    Answered,
    /// The server would not read it in one piece.
    TooMuch,
}

/// Whether the refusal is of this filing, so that the next may still be accepted.
fn is_about_the_filing(status: u16) -> bool {
    matches!(status, 400 | 404 | 409 | 413 | 422)
}
