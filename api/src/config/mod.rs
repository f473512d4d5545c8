//! Configuration: one file per section, each wrong value named with its source.
