//! Agencies and their officers.
