//! Platforms, their hosts and their standing.
