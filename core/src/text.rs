//! Bounded texts, language tags, countries: parsed once, never invalid afterwards.
