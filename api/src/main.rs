//! The `takedown` binary.

fn main() {}
