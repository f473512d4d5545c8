//! Setting up the log: to standard error, as text or as JSON.

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use super::escape::{Escaping, Style};
use crate::config::log::{Format, Log};

/// Starts logging for the whole process.
///
/// # Errors
/// When the level cannot be read (the configuration has checked it), or when logging was started before.
pub fn init(log: &Log) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let filter = EnvFilter::try_new(&log.level)?;
    match log.format {
        Format::Text => text(filter, std::io::stderr).try_init()?,
        Format::Json => json(filter, std::io::stderr).try_init()?,
    }
    Ok(())
}

fn text<M>(filter: EnvFilter, writer: M) -> impl Subscriber + Send + Sync
where
    M: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Escaping::new(writer, Style::Text))
        .finish()
}

fn json<M>(filter: EnvFilter, writer: M) -> impl Subscriber + Send + Sync
where
    M: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(Escaping::new(writer, Style::Json))
        .finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(subscribe: impl FnOnce(Kept) -> Box<dyn Subscriber + Send + Sync>) -> String {
        let kept = Kept::default();
        let subscriber = subscribe(kept.clone());
        tracing::subscriber::with_default(subscriber, || {
            let hostile = "x\n{\"level\":\"INFO\"}\r\u{202e}\u{1b}[31m";
            tracing::warn!(name = hostile, other = %hostile, "hello {hostile}");
            tracing::debug!("not at this level");
        });
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_line_can_be_forged_in_either_format() {
        let info = || EnvFilter::try_new("info").unwrap();
        let text = logged(|kept| Box::new(text(info(), move || kept.clone())));
        let json = logged(|kept| Box::new(json(info(), move || kept.clone())));
        for out in [&text, &json] {
            assert_eq!(out.lines().count(), 1, "{out}");
            assert!(!out.contains(['\r', '\u{202e}', '\u{1b}']), "{out}");
        }
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["level"], "WARN");
        assert_eq!(value["name"], "x\n{\"level\":\"INFO\"}\r\u{202e}\u{1b}[31m");
    }
}
