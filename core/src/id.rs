//! Typed identifiers (TypeID) and the short reference that can be read aloud.
