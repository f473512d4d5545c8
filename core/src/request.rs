//! The request: items, states, commands, transitions, clocks, outcomes.
