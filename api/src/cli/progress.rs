//! Progress of long work, on standard error, silent when that is not a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::CliError;
use super::output;

/// Progress of one long piece of work.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Work of a known size, in bytes of input.
    pub(super) fn of_bytes(total: u64) -> Self {
        Self::styled(
            ProgressBar::new(total),
            "{bar:30} {percent:>3} %  {msg}  {elapsed} gone, {eta} left",
        )
    }

    /// Work of a known size, in pieces.
    pub(super) fn of_pieces(total: u64) -> Self {
        Self::styled(
            ProgressBar::new(total),
            "{bar:30} {pos}/{len}  {msg}  {elapsed} gone, {eta} left",
        )
    }

    /// Work whose end nobody knows, in bytes.
    pub(super) fn of_unknown_size() -> Self {
        Self::styled(
            ProgressBar::no_length(),
            "{spinner} {bytes}  {msg}  {bytes_per_sec}  {elapsed} gone",
        )
    }

    fn styled(bar: ProgressBar, template: &str) -> Self {
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    pub(super) fn reach(&self, position: u64) {
        self.0.set_position(position);
    }

    pub(super) fn message(&self, text: String) {
        self.0.set_message(text);
    }

    /// Prints a line of results without tearing the bar.
    pub(super) fn say(&self, line: &str) -> Result<(), CliError> {
        self.0.suspend(|| output::line(line))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
