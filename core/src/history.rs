//! Entries of the append-only history.
