//! Who may do what: a table a lawyer can read.
