//! Mail addresses a machine may safely write to.
