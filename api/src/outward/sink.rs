//! Receivers of webhooks that a sandbox plays itself, so that a tester sees what comes of each without running one. Nothing leaves.

/// What a played receiver does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    /// Answers with this status.
    Answers(u16),
    /// Does not answer in time.
    Stalls,
}

/// The hosts of the robots that stand for a receiver.
const SINKS: [(&str, Sink); 4] = [
    ("acknowledges.test", Sink::Answers(204)),
    ("fails.test", Sink::Answers(500)),
    ("gone.test", Sink::Answers(410)),
    ("stalls.test", Sink::Stalls),
];

impl Sink {
    /// Who is played at a host.
    #[must_use]
    pub fn at(host: &str) -> Option<Self> {
        let found = SINKS.iter().find(|(known, _)| *known == host);
        found.map(|(_, sink)| *sink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_else_is_played() {
        assert_eq!(Sink::at("fails.test"), Some(Sink::Answers(500)));
        for host in ["x.fails.test", "fails.test.example", "removes.test", ""] {
            assert_eq!(Sink::at(host), None, "{host}");
        }
    }
}
