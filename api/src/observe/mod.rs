//! Logs and metrics. Locators, notes and secrets never reach either.
