//! What an uploader objects to, and what the platform answers him: neither moves the request, but it is another one
//! to whoever has read it, so each gets a version and an entry.

use super::{
    Request,
    command::{Change, EventType, Side},
    illegal::Illegal,
};
use crate::notice::notices;

impl Request {
    /// An uploader objected. He is neither side, and no status keeps him from it.
    ///
    /// # Errors
    /// [`Illegal::VersionsExhausted`].
    pub fn objected(self) -> Result<Change, Illegal> {
        // Notices go to the other side of whoever caused them: an objection reaches the platform.
        self.marked(EventType::ObjectionMade, Side::Agency)
    }

    /// The platform answered an objection.
    ///
    /// # Errors
    /// [`Illegal::VersionsExhausted`].
    pub fn objection_answered(self) -> Result<Change, Illegal> {
        self.marked(EventType::ObjectionAnswered, Side::Platform)
    }

    fn marked(mut self, event: EventType, by: Side) -> Result<Change, Illegal> {
        self.version = self
            .version
            .checked_add(1)
            .ok_or(Illegal::VersionsExhausted)?;
        Ok(Change {
            request: self,
            event,
            decided: Vec::new(),
            notices: notices(event, by),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture::{close, filed};
    use super::*;
    use crate::{
        instrument::Kind,
        notice::{Notice, What},
        request::OutcomeCode,
    };

    #[test]
    fn an_objection_moves_nothing_and_reaches_the_platform_alone() {
        let closed = filed(Kind::Referral, None, 1)
            .in_work()
            .platform(close(Some(OutcomeCode::Removed), 30), 30);
        let made = closed.clone().objected().unwrap();
        assert_eq!(made.request.state, closed.state);
        assert_eq!(made.request.version, closed.version + 1);
        let told = Notice {
            to: Side::Platform,
            what: What::Event(EventType::ObjectionMade),
        };
        assert_eq!(made.notices, [told]);
        let answered = made.request.objection_answered().unwrap();
        assert_eq!(answered.request.version, closed.version + 2);
        assert_eq!(answered.notices, []);
    }
}
