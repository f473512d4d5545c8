//! Takes values out of the layers, parses them, and remembers what was wrong and what holds.

use super::error::{ConfigError, Wrong};
use super::key::{Key, Preset, Privacy, Shown, Source};
use super::layers::Layers;

pub(super) struct Reader {
    layers: Layers,
    shown: Vec<Shown>,
}

/// A parser's refusal: the reason, or nothing when the accepted form says it all.
pub(super) type Refusal = Option<String>;

impl Reader {
    pub(super) fn new(mut layers: Layers) -> Self {
        let unknown: Vec<String> = layers
            .values
            .keys()
            .filter(|name| !super::keys().iter().any(|key| key.name == name.as_str()))
            .cloned()
            .collect();
        for name in unknown {
            layers.values.remove(&name);
            layers.wrong.push(Wrong {
                message: super::layers::unknown("key", &name, super::keys().iter().map(|k| k.name)),
                what: name,
                source: "set by the command".to_owned(),
            });
        }
        Self {
            layers,
            shown: Vec::new(),
        }
    }

    /// A value that always exists. `None` only after a mistake was noted.
    pub(super) fn value<T>(
        &mut self,
        key: &'static Key,
        parse: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        self.optional(key, parse).flatten()
    }

    /// A value that need not be set: `Some(None)` when it is not, `None` after a mistake was noted.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static Key,
        parse: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<Option<T>> {
        let (text, source) = match (self.layers.values.get(key.name), key.preset) {
            (Some(written), _) => (written.text.trim().to_owned(), written.source.clone()),
            (None, Preset::Value(preset)) => (preset.to_owned(), Source::Default),
            (None, Preset::Unset | Preset::Derived(_)) => {
                self.shown.push(Shown {
                    key,
                    value: None,
                    source: Source::Default,
                });
                return Some(None);
            }
        };
        match parse(&text) {
            Ok(value) => {
                self.shown.push(Shown {
                    key,
                    value: Some(key.mask(&text)),
                    source,
                });
                Some(Some(value))
            }
            Err(reason) => {
                self.refuse(key, &text, &source, reason);
                None
            }
        }
    }

    /// Records what a value that nobody set was computed to.
    pub(super) fn derived(&mut self, key: &'static Key, value: &str, from: &str) {
        if let Some(shown) = self
            .shown
            .iter_mut()
            .rev()
            .find(|s| std::ptr::eq(s.key, key))
        {
            shown.value = Some(key.mask(value));
            shown.source = Source::Derived(from.to_owned());
        }
    }

    /// Notes a mistake that only shows when values are seen together.
    pub(super) fn contradiction(&mut self, key: &'static Key, message: impl Into<String>) {
        let source = match self.layers.values.get(key.name) {
            Some(written) => written.source.to_string(),
            None => Source::Default.to_string(),
        };
        self.layers.wrong.push(Wrong {
            what: key.name.to_owned(),
            source,
            message: message.into(),
        });
    }

    fn refuse(&mut self, key: &'static Key, text: &str, source: &Source, reason: Refusal) {
        let subject = match key.privacy {
            Privacy::Secret => "the value (not shown)".to_owned(),
            Privacy::Open | Privacy::UrlPassword => format!("{:?}", key.mask(text)),
        };
        let reason = reason
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        self.layers.wrong.push(Wrong {
            what: key.name.to_owned(),
            source: source.to_string(),
            message: format!("{subject} is not accepted{reason}; give {}", key.accepts),
        });
    }

    pub(super) fn finish(self) -> Result<Vec<Shown>, ConfigError> {
        if self.layers.wrong.is_empty() {
            Ok(self.shown)
        } else {
            Err(ConfigError(self.layers.wrong))
        }
    }
}
