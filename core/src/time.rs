//! Instants and spans as the domain uses them.
