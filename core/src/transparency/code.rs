//! The codes of those metrics that are the report's own. Their words are written out where they are counted, in
//! `count.rs`; the order here is that of the report.

use crate::objection::ObjectionOutcome;
use crate::request::{Basis, OutcomeCode, WithdrawalReason};

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($variant:ident => $code:literal, $says:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name { $($variant,)+ }

        impl $name {
            /// The words, in the order of the report.
            pub(super) const CODES: &'static [&'static str] = &[$($code,)+];
            /// What each of them means.
            pub(super) const SAYS: &'static [&'static str] = &[$($says,)+];
        }
    };
    (all $(#[$meta:meta])* $name:ident { $($variant:ident => $code:literal, $says:literal;)+ }) => {
        codes! { $(#[$meta])* $name { $($variant => $code, $says;)+ } }

        impl $name {
            /// All of them, in the order of the report.
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }
    };
}

codes! {
    /// Whether an order crosses a border (Regulation (EU) 2021/784, Art 4(1)).
    Border {
        Domestic => "domestic", "`platform_country` is `agency_country`.";
        Across => "cross_border", "`platform_country` is another than `agency_country`.";
        Unknown => "unknown", "`platform_country` is not known.";
    }
}

codes! {
    /// The scrutiny of an order (Regulation (EU) 2021/784, Art 4).
    Scrutiny {
        None => "none", "Neither asked for nor decided.";
        Asked => "asked", "`scrutiny_asked_at` is there and `scrutiny_finding` is not.";
        NoInfringement => "no_infringement", "`scrutiny_finding` is `no_infringement`.";
        Infringement => "infringement", "`scrutiny_finding` is `infringement`.";
    }
}

codes! {
    /// Whether an order is final (Regulation (EU) 2021/784, Art 3(9)).
    Finality {
        Final => "final", "`final_at` is there.";
        NotFinal => "not_final", "It is not: the order is not final, or nobody recorded that it is.";
    }
}

codes! {
    /// What stood in the way of an order, at any of its items.
    Unable {
        None => "none", "No item has an `outcome` that begins with `unable_`.";
        ForceMajeure => "force_majeure", "At least one item has, and all that have it have `unable_force_majeure`.";
        ManifestError => "manifest_error", "Likewise `unable_manifest_error`.";
        InsufficientInformation => "insufficient_information", "Likewise `unable_insufficient_information`.";
        Several => "several", "Items of the order have more than one of the three.";
    }
}

codes! { all
    /// The outcome of an item, finer than the exchange's own where a whole depends on it.
    Outcome {
        Removed => "removed", "`outcome` is this.";
        AccessDisabled => "access_disabled", "`outcome` is this.";
        GeoBlocked => "geo_blocked", "`outcome` is this.";
        AccountSuspended => "account_suspended", "`outcome` is this.";
        Restricted => "restricted", "`outcome` is this.";
        Modified => "modified", "`outcome` is this.";
        RestoredAfterRemoval => "restored_after_removal",
            "`outcome` is `restored`, and `undone_outcome` is `removed` or `access_disabled`.";
        RestoredAfterOther => "restored_after_other", "`outcome` is `restored`, and `undone_outcome` is anything else.";
        DeclinedWithinTerms => "declined_within_terms", "`outcome` is this.";
        DeclinedNotUnlawful => "declined_not_unlawful", "`outcome` is this.";
        DeclinedProtectedPurpose => "declined_protected_purpose", "`outcome` is this.";
        DeclinedNoLegalPower => "declined_no_legal_power", "`outcome` is this.";
        DeclinedUnverifiedSender => "declined_unverified_sender", "`outcome` is this.";
        UnableInsufficientInformation => "unable_insufficient_information", "`outcome` is this.";
        UnableManifestError => "unable_manifest_error", "`outcome` is this.";
        UnableForceMajeure => "unable_force_majeure", "`outcome` is this.";
        AlreadyGone => "already_gone", "`outcome` is this.";
        NotFound => "not_found", "`outcome` is this.";
        NotHostedHere => "not_hosted_here", "`outcome` is this.";
        Duplicate => "duplicate", "`outcome` is this.";
        Undecided => "undecided", "There is no `outcome`, and neither request nor item is withdrawn.";
        Withdrawn => "withdrawn", "There is no `outcome`, and the request or the item is withdrawn.";
    }
}

codes! { all
    /// A group of outcomes.
    Group {
        ActedOn => "acted_on", "`removed`, `access_disabled`, `geo_blocked`, `account_suspended`, `restricted`, `modified`: done, and it stands.";
        Restored => "restored", "`restored_after_removal`, `restored_after_other`: done, and undone.";
        Refused => "refused", "The five outcomes that begin with `declined_`.";
        Unable => "unable", "The three outcomes that begin with `unable_`.";
        Other => "other", "`already_gone`, `not_found`, `not_hosted_here`, `duplicate`.";
        Undecided => "undecided", "As of `outcome`.";
        Withdrawn => "withdrawn", "As of `outcome`.";
    }
}

codes! { all
    /// Whether something was removed, or access to it disabled.
    Removal {
        RemovedOrDisabled => "removed_or_disabled",
            "`outcome` `removed`, `access_disabled` or `restored_after_removal`: it was, be it put back since.";
        Other => "other", "It was not.";
    }
}

codes! {
    /// On which basis something was done.
    BasisOfAction {
        Law => "law", "Acted on or put back since, and `basis` (of what was put back `undone_basis`) is `law`.";
        Terms => "terms", "Likewise `terms`.";
        None => "none", "Nothing was done.";
    }
}

codes! {
    /// Whether an item was taken back by itself.
    TakenBack {
        None => "none", "There is no `item_withdrawal_reason`.";
        Mistake => "mistake", "`item_withdrawal_reason` is this.";
        Duplicate => "duplicate", "`item_withdrawal_reason` is this.";
        Annulled => "annulled", "`item_withdrawal_reason` is this.";
        NoLongerNeeded => "no_longer_needed", "`item_withdrawal_reason` is this.";
    }
}

codes! {
    /// How it stands with putting back what was taken back.
    AskedBack {
        NotAsked => "not_asked", "Neither request nor item is withdrawn, or nothing had been done to the item.";
        Unanswered => "unanswered", "Withdrawn while the item was acted on, and there is no `restoration_answer`.";
        Restored => "restored", "`restoration_answer` is `restored`.";
        Declined => "declined", "`restoration_answer` is another.";
    }
}

codes! {
    /// The uploader's latest objection.
    Objected {
        None => "none", "`objections` is 0.";
        Open => "open", "There is one, and no `objection_outcome`.";
        Upheld => "upheld", "`objection_outcome` is this.";
        PartlyUpheld => "partly_upheld", "`objection_outcome` is this.";
        Rejected => "rejected", "`objection_outcome` is this.";
        Inadmissible => "inadmissible", "`objection_outcome` is this.";
    }
}

codes! {
    /// Why something was put back.
    Reinstated {
        AfterAnnulment => "after_annulment",
            "`restoration_answer` is `restored`, and request or item was withdrawn as `annulled`.";
        AfterWithdrawal => "after_withdrawal", "`restoration_answer` is `restored`, and it was withdrawn for another reason.";
        AfterObjection => "after_objection",
            "Put back without having been withdrawn, and `objection_outcome` is `upheld` or `partly_upheld`.";
        Otherwise => "otherwise", "Put back by the platform for another reason.";
    }
}

impl Outcome {
    /// Of an outcome; `removed` says of one that was put back whether it had been removed or access been disabled.
    pub(super) const fn of(code: OutcomeCode, removed: bool) -> Self {
        match code {
            OutcomeCode::Removed => Self::Removed,
            OutcomeCode::AccessDisabled => Self::AccessDisabled,
            OutcomeCode::GeoBlocked => Self::GeoBlocked,
            OutcomeCode::AccountSuspended => Self::AccountSuspended,
            OutcomeCode::Restricted => Self::Restricted,
            OutcomeCode::Modified => Self::Modified,
            OutcomeCode::AlreadyGone => Self::AlreadyGone,
            OutcomeCode::NotFound => Self::NotFound,
            OutcomeCode::NotHostedHere => Self::NotHostedHere,
            OutcomeCode::DeclinedWithinTerms => Self::DeclinedWithinTerms,
            OutcomeCode::DeclinedNotUnlawful => Self::DeclinedNotUnlawful,
            OutcomeCode::DeclinedProtectedPurpose => Self::DeclinedProtectedPurpose,
            OutcomeCode::DeclinedNoLegalPower => Self::DeclinedNoLegalPower,
            OutcomeCode::DeclinedUnverifiedSender => Self::DeclinedUnverifiedSender,
            OutcomeCode::UnableInsufficientInformation => Self::UnableInsufficientInformation,
            OutcomeCode::UnableManifestError => Self::UnableManifestError,
            OutcomeCode::UnableForceMajeure => Self::UnableForceMajeure,
            OutcomeCode::Duplicate => Self::Duplicate,
            OutcomeCode::Restored if removed => Self::RestoredAfterRemoval,
            OutcomeCode::Restored => Self::RestoredAfterOther,
        }
    }

    /// The group it belongs to.
    pub(super) const fn group(self) -> Group {
        match self {
            Self::Removed
            | Self::AccessDisabled
            | Self::GeoBlocked
            | Self::AccountSuspended
            | Self::Restricted
            | Self::Modified => Group::ActedOn,
            Self::RestoredAfterRemoval | Self::RestoredAfterOther => Group::Restored,
            Self::DeclinedWithinTerms
            | Self::DeclinedNotUnlawful
            | Self::DeclinedProtectedPurpose
            | Self::DeclinedNoLegalPower
            | Self::DeclinedUnverifiedSender => Group::Refused,
            Self::UnableInsufficientInformation
            | Self::UnableManifestError
            | Self::UnableForceMajeure => Group::Unable,
            Self::AlreadyGone | Self::NotFound | Self::NotHostedHere | Self::Duplicate => {
                Group::Other
            }
            Self::Undecided => Group::Undecided,
            Self::Withdrawn => Group::Withdrawn,
        }
    }

    /// Whether the item was removed or access disabled at some time.
    pub(super) const fn removal(self) -> Removal {
        match self {
            Self::Removed | Self::AccessDisabled | Self::RestoredAfterRemoval => {
                Removal::RemovedOrDisabled
            }
            _ => Removal::Other,
        }
    }
}

impl From<Basis> for BasisOfAction {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Law => Self::Law,
            Basis::Terms => Self::Terms,
        }
    }
}

impl From<Option<WithdrawalReason>> for TakenBack {
    fn from(reason: Option<WithdrawalReason>) -> Self {
        match reason {
            None => Self::None,
            Some(WithdrawalReason::Mistake) => Self::Mistake,
            Some(WithdrawalReason::Duplicate) => Self::Duplicate,
            Some(WithdrawalReason::Annulled) => Self::Annulled,
            Some(WithdrawalReason::NoLongerNeeded) => Self::NoLongerNeeded,
        }
    }
}

impl From<ObjectionOutcome> for Objected {
    fn from(outcome: ObjectionOutcome) -> Self {
        match outcome {
            ObjectionOutcome::Upheld => Self::Upheld,
            ObjectionOutcome::PartlyUpheld => Self::PartlyUpheld,
            ObjectionOutcome::Rejected => Self::Rejected,
            ObjectionOutcome::Inadmissible => Self::Inadmissible,
        }
    }
}
