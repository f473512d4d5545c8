//! Background jobs: mail, reminders, expiry.
