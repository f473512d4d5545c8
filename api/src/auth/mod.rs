//! Tokens: issuing, the one strict verifier, client authentication.
