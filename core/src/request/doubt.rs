//! Whether it is really the agency who asks: doubted by whoever is asked, settled by somebody who did not file.
//!
//! The doubt stands beside the state and is none of its own: whoever doubts may go on reading, asking and answering, and what
//! he asked before stays asked. Only the clock stands, so that nobody acts in haste on what may be forged.

use super::{
    Clock, Request,
    command::{Applied, Change, CommandName, EventType, Side},
    illegal::Illegal,
    status::{Awaiting, Status, WithdrawalReason},
    transition::Step,
};
use crate::notice::notices;
use crate::time::At;

impl Request {
    /// Whether it is doubted, and open: of what is over the doubt may still be settled, but nobody waits for that.
    pub const fn is_doubted(&self) -> bool {
        self.doubted_at.is_some() && !matches!(self.status(), Status::Closed | Status::Withdrawn)
    }

    /// Settles a doubt. When it is the agency who asks, the clock goes on with what was left; when it is not, the request ends
    /// as one that its agency takes back: what was acted on is asked back.
    ///
    /// # Errors
    /// [`Illegal::NotDoubted`], [`Illegal::Clock`], [`Illegal::VersionsExhausted`].
    pub fn settle_doubt(mut self, genuine: bool, at: At) -> Result<Change, Illegal> {
        if self.doubted_at.take().is_none() {
            return Err(Illegal::NotDoubted);
        }
        let awaited = self.status() == Status::NeedsInformation;
        if genuine && !awaited {
            self.clock = self.clock.resume(Awaiting::Question, at)?;
        }
        let over = self.status() == Status::Withdrawn;
        let step = Step {
            request: self,
            // Whoever settles it may be of neither side; whom it is told does not depend on it.
            by: Side::Agency,
            at,
        };
        let applied = if genuine || over {
            step.changed(EventType::DoubtSettled, Vec::new())
        } else {
            step.end(WithdrawalReason::Mistake, EventType::DoubtSettled)
        };
        match applied? {
            Applied::Changed(change) => Ok(change),
            Applied::Unchanged(_) => Err(Illegal::NotDoubted),
        }
    }

    /// Whoever reads the mailbox that was written to says that the site is not his. Nothing moves: somebody else is asked.
    ///
    /// # Errors
    /// [`Illegal::VersionsExhausted`].
    pub fn contact_rejected(self) -> Result<Change, Illegal> {
        self.noted(EventType::ContactRejected)
    }

    /// A mail to the platform came back. Nothing moves: another address is tried, or the agency finds one.
    ///
    /// # Errors
    /// [`Illegal::VersionsExhausted`].
    pub fn delivery_failed(self) -> Result<Change, Illegal> {
        self.noted(EventType::DeliveryFailed)
    }

    fn noted(mut self, event: EventType) -> Result<Change, Illegal> {
        self.version = self
            .version
            .checked_add(1)
            .ok_or(Illegal::VersionsExhausted)?;
        Ok(Change {
            request: self,
            event,
            decided: Vec::new(),
            notices: notices(event, Side::Platform),
        })
    }
}

impl Step {
    /// Doubted again it changes nothing: the clock stands already.
    pub(super) fn doubt(mut self) -> Result<Applied, Illegal> {
        if !CommandName::Doubt.needs().contains(&self.request.status()) {
            return Err(self.refuse(CommandName::Doubt, None));
        }
        if self.request.doubted_at.is_some() {
            return self.unchanged();
        }
        self.request.doubted_at = Some(self.at);
        self.request.clock = self.request.clock.pause(self.at);
        self.changed(EventType::DoubtRaised, Vec::new())
    }

    /// A clock that would run, as it is while somebody doubts: what it has is kept for the time after.
    pub(super) fn halted(&self, clock: Clock) -> Clock {
        if self.request.is_doubted() {
            clock.pause(self.at)
        } else {
            clock
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture::{at, close, filed, tco};
    use super::super::{Command, OutcomeCode, WaitingFor};
    use super::*;
    use crate::instrument::{Kind, Obstacle};
    use crate::notice::deadline_near;

    fn order() -> Request {
        filed(Kind::Order, Some(tco()), 1)
    }

    fn left(request: &Request, seconds: i64) -> Option<i64> {
        request.clock.left_ms(at(seconds)).map(|ms| ms / 1_000)
    }

    #[test]
    fn a_doubt_stops_the_clock_and_settled_it_goes_on_with_what_was_left() {
        let doubted = order().in_work().platform(Command::Doubt, 610);
        assert_eq!(left(&doubted, 9_000), Some(3_000));
        assert_eq!(doubted.waiting_for(), WaitingFor::Agency);
        assert_eq!(deadline_near(&doubted, at(3_500)), None);
        assert_eq!(doubted.check(), Ok(()));
        let again = doubted
            .clone()
            .apply(Command::Doubt, Side::Platform, at(700));
        assert!(matches!(again, Ok(Applied::Unchanged(_))));
        let settled = doubted.settle_doubt(true, at(9_000)).unwrap();
        assert_eq!(settled.notices.len(), 2);
        assert_eq!(left(&settled.request, 9_000), Some(3_000));
        assert_eq!(settled.request.check(), Ok(()));
        let twice = settled.request.settle_doubt(true, at(9_100));
        assert_eq!(twice.unwrap_err(), Illegal::NotDoubted);
    }

    #[test]
    fn doubted_before_it_was_read_the_receipt_starts_a_clock_that_stands() {
        let doubted = order().platform(Command::Doubt, 5);
        assert_eq!(doubted.status(), Status::Filed);
        let read = doubted.platform(Command::Fetch, 10);
        assert_eq!(left(&read, 5_000), Some(3_600));
        assert_eq!(read.check(), Ok(()));
        let settled = read.settle_doubt(true, at(5_000)).unwrap().request;
        assert_eq!(left(&settled, 5_000), Some(3_600));
    }

    #[test]
    fn what_was_asked_stays_asked_and_an_answer_does_not_settle() {
        let asked = order().in_work().platform(Command::Ask, 110);
        let doubted = asked.platform(Command::Doubt, 120);
        let settled = doubted.clone().settle_doubt(true, at(200)).unwrap().request;
        assert_eq!(settled.status(), Status::NeedsInformation);
        assert_eq!(left(&settled, 9_000), Some(3_500));
        let answered = doubted.agency(Command::Answer, 200);
        assert_eq!(answered.status(), Status::Acknowledged);
        assert_eq!(left(&answered, 9_000), Some(3_500));
        assert_eq!(answered.check(), Ok(()));
    }

    #[test]
    fn an_obstacle_that_ends_while_it_is_doubted_gives_the_whole_time_back() {
        let obstacle = Command::ReportObstacle(Obstacle::ForceMajeure);
        let doubted = order().in_work().platform(obstacle, 610);
        let doubted = doubted.platform(Command::Doubt, 620);
        let over = doubted.platform(Command::ObstacleOver, 700);
        assert_eq!(left(&over, 5_000), Some(3_600));
        let settled = over.settle_doubt(true, at(5_000)).unwrap().request;
        assert_eq!(left(&settled, 5_000), Some(3_600));
    }

    #[test]
    fn what_was_forged_ends_and_is_asked_back() {
        let closed = order()
            .in_work()
            .platform(Command::Doubt, 30)
            .platform(close(Some(OutcomeCode::Removed), 40), 40);
        assert!(!closed.is_doubted());
        let ended = closed.settle_doubt(false, at(50)).unwrap().request;
        assert_eq!(ended.status(), Status::Withdrawn);
        assert_eq!(ended.state.restoration().items().len(), 1);
        assert_eq!(ended.doubted_at, None);
        let over = order().agency(Command::Withdraw(WithdrawalReason::Mistake), 5);
        assert!(over.apply(Command::Doubt, Side::Platform, at(6)).is_err());
    }

    #[test]
    fn a_wrong_mailbox_moves_nothing_and_the_agency_is_told() {
        let change = order().contact_rejected().unwrap();
        assert_eq!(change.request.state, order().state);
        assert!(
            change
                .notices
                .iter()
                .all(|notice| notice.to == Side::Agency)
        );
    }
}
