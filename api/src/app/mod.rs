//! The hallway: every use case, whichever door it came through.
