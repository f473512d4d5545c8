//! Rendering and sending of mail.
