//! The letters of each article, one function for each thing that is reported on.

use super::Figure::{Count, NotKnown, Time};
use super::{Block, whole};
use crate::request::WithdrawalReason;
use crate::transparency::code::{
    BasisOfAction, Border, Finality, Reinstated, Removal, Scrutiny, Unable,
};
use crate::transparency::metric::Metric;
use crate::transparency::spread::Measure;
use crate::transparency::view::Percentile;

pub(super) fn provider_of_orders(block: &mut Block<'_>) {
    block.say(
        "a",
        "Measures to identify and remove terrorist content",
        NotKnown,
    );
    block.say(
        "b",
        "Measures against content appearing again, automated tools in particular",
        NotKnown,
    );
    block.say(
        "c",
        "Items removed or to which access was disabled after removal orders",
        Count(Metric::Removal, Removal::RemovedOrDisabled as usize),
    );
    block.say(
        "c",
        "Items removed or to which access was disabled by specific measures",
        NotKnown,
    );
    for (says, code) in [
        (
            "Orders not executed: force majeure or de facto impossibility (Art 3(7))",
            Unable::ForceMajeure,
        ),
        (
            "Orders not executed: manifest errors (Art 3(8))",
            Unable::ManifestError,
        ),
        (
            "Orders not executed: insufficient information (Art 3(8))",
            Unable::InsufficientInformation,
        ),
        (
            "Orders not executed: more than one of these",
            Unable::Several,
        ),
    ] {
        block.say("c", says, Count(Metric::Obstacle, code as usize));
    }
    block.say("d", "Complaints under Art 10, and their outcome", NotKnown);
    block.objections("d");
    block.say(
        "e",
        "Review proceedings brought by the provider, and their outcome",
        NotKnown,
    );
    block.say(
        "f",
        "Items put back after the order was withdrawn as annulled",
        Count(Metric::Reinstatement, Reinstated::AfterAnnulment as usize),
    );
    block.say(
        "g",
        "Items put back after an objection of the uploader through the exchange",
        Count(Metric::Reinstatement, Reinstated::AfterObjection as usize),
    );
}

pub(super) fn authority(block: &mut Block<'_>) {
    block.say("a", "Removal orders issued", whole(Metric::Orders));
    block.say(
        "a",
        "Of these to a provider established in another country (Art 4(1))",
        Count(Metric::Border, Border::Across as usize),
    );
    for (says, code) in [
        (
            "Orders of which scrutiny was asked for and not decided (Art 4)",
            Scrutiny::Asked,
        ),
        (
            "Orders found not to infringe (Art 4)",
            Scrutiny::NoInfringement,
        ),
        ("Orders found to infringe (Art 4)", Scrutiny::Infringement),
    ] {
        block.say("a", says, Count(Metric::Scrutiny, code as usize));
    }
    for (says, code) in [
        (
            "Items removed or to which access was disabled",
            Removal::RemovedOrDisabled,
        ),
        ("Items of which neither is so", Removal::Other),
    ] {
        block.say("a", says, Count(Metric::Removal, code as usize));
    }
    block.say(
        "b",
        "Decisions under Art 5(4), (6) and (7), and how they were put into effect",
        NotKnown,
    );
    block.say(
        "c",
        "Orders withdrawn as annulled by a court or authority",
        Count(Metric::Withdrawal, WithdrawalReason::Annulled as usize),
    );
    block.say(
        "c",
        "Orders recorded as final: not challenged in time, or confirmed",
        Count(Metric::Finality, Finality::Final as usize),
    );
    block.say(
        "c",
        "Orders and decisions under administrative or judicial review, and its outcome",
        NotKnown,
    );
    block.say("d", "Penalties under Art 18, by number and type", NotKnown);
}

pub(super) fn member_state(block: &mut Block<'_>) {
    block.say("a", "Removal orders issued", whole(Metric::Orders));
    block.say(
        "a",
        "Items removed or to which access was disabled",
        Count(Metric::Removal, Removal::RemovedOrDisabled as usize),
    );
    block.say(
        "a",
        "How fast: median from receipt to effect",
        Time(Measure::Effect, Percentile::Median),
    );
    block.say(
        "a",
        "How fast: 90th percentile from receipt to effect",
        Time(Measure::Effect, Percentile::Ninetieth),
    );
    block.say(
        "b",
        "Specific measures under Art 5, items removed by them, and how fast",
        NotKnown,
    );
    block.say(
        "c",
        "Requests for access to content preserved under Art 6",
        NotKnown,
    );
    block.say(
        "d",
        "Complaint procedures under Art 10, and what providers did",
        NotKnown,
    );
    block.say("e", "Review proceedings and their decisions", NotKnown);
}

pub(super) fn orders_of_member_state(block: &mut Block<'_>) {
    block.say(
        "a",
        "Orders of authorities of this Member State",
        whole(Metric::Orders),
    );
    block.say(
        "a",
        "Median time to inform of the receipt",
        Time(Measure::Receipt, Percentile::Median),
    );
    block.say(
        "a",
        "Median time to give effect",
        Time(Measure::Effect, Percentile::Median),
    );
}

pub(super) fn orders_by_content(block: &mut Block<'_>) {
    block.say("a", "Orders on this type of content", whole(Metric::Orders));
}

pub(super) fn orders_for_information(block: &mut Block<'_>) {
    block.say("a", "Orders to provide information (Art 10)", NotKnown);
}

pub(super) fn notices_by_content(block: &mut Block<'_>) {
    block.say(
        "b",
        "Notices on this type of content (Art 16)",
        whole(Metric::Requests),
    );
}

pub(super) fn notices(block: &mut Block<'_>) {
    block.say("b", "Notices (Art 16)", whole(Metric::Requests));
    block.say("b", "Notices by trusted flaggers (Art 22)", NotKnown);
    for (says, code) in [
        (
            "Items acted on, on the basis of the law",
            BasisOfAction::Law,
        ),
        (
            "Items acted on, on the basis of the provider's terms",
            BasisOfAction::Terms,
        ),
    ] {
        block.say("b", says, Count(Metric::Basis, code as usize));
    }
    block.say("b", "Notices processed by automated means", NotKnown);
    block.say(
        "b",
        "Median time to take action",
        Time(Measure::Effect, Percentile::Median),
    );
}

pub(super) fn moderation(block: &mut Block<'_>) {
    block.say(
        "c",
        "Content moderation on the provider's own initiative",
        NotKnown,
    );
    block.say(
        "d",
        "Complaints to the provider's own system, decisions, median time, reversals",
        NotKnown,
    );
    block.objections("d");
    block.say(
        "e",
        "Automated means, their purposes, accuracy and error rate",
        NotKnown,
    );
}
