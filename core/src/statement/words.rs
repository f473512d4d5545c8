//! The closed lists of the Commission's transparency database, as it writes them (schema in force since 1 July 2025).

use crate::text::coded_enum;

coded_enum! {
    /// What was done to how content is seen. `DECISION_VISIBILITY_OTHER` comes with words of its own.
    pub enum Visibility, "a visibility measure" {
        /// Removed.
        Removed => "DECISION_VISIBILITY_CONTENT_REMOVED",
        /// Access disabled.
        Disabled => "DECISION_VISIBILITY_CONTENT_DISABLED",
        /// Shown less.
        Demoted => "DECISION_VISIBILITY_CONTENT_DEMOTED",
        /// Shown from an age on.
        AgeRestricted => "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
        /// No comments, shares or the like.
        InteractionRestricted => "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
        /// Labelled.
        Labelled => "DECISION_VISIBILITY_CONTENT_LABELLED",
        /// Something else, described in words.
        Other => "DECISION_VISIBILITY_OTHER",
    }
}

coded_enum! {
    /// What was done to payments.
    pub enum Monetary, "a monetary measure" {
        /// Suspended.
        Suspension => "DECISION_MONETARY_SUSPENSION",
        /// Ended.
        Termination => "DECISION_MONETARY_TERMINATION",
        /// Something else, described in words.
        Other => "DECISION_MONETARY_OTHER",
    }
}

coded_enum! {
    /// What was done to the provision of the service.
    pub enum Provision, "a measure on the service" {
        /// Suspended in part.
        PartialSuspension => "DECISION_PROVISION_PARTIAL_SUSPENSION",
        /// Suspended.
        TotalSuspension => "DECISION_PROVISION_TOTAL_SUSPENSION",
        /// Ended in part.
        PartialTermination => "DECISION_PROVISION_PARTIAL_TERMINATION",
        /// Ended.
        TotalTermination => "DECISION_PROVISION_TOTAL_TERMINATION",
    }
}

coded_enum! {
    /// What was done to the account.
    pub enum Account, "a measure on the account" {
        /// Suspended.
        Suspended => "DECISION_ACCOUNT_SUSPENDED",
        /// Ended.
        Terminated => "DECISION_ACCOUNT_TERMINATED",
    }
}

coded_enum! {
    /// Whose account.
    pub enum AccountType, "an account type" {
        /// A business's.
        Business => "ACCOUNT_TYPE_BUSINESS",
        /// A private person's.
        Private => "ACCOUNT_TYPE_PRIVATE",
    }
}

coded_enum! {
    /// On which kind of ground.
    pub enum GroundKind, "a ground" {
        /// The law.
        Illegal => "DECISION_GROUND_ILLEGAL_CONTENT",
        /// The platform's terms.
        Incompatible => "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    }
}

coded_enum! {
    /// What kind of content it was.
    pub enum ContentType, "a content type" {
        /// An app.
        App => "CONTENT_TYPE_APP",
        /// Sound.
        Audio => "CONTENT_TYPE_AUDIO",
        /// A picture.
        Image => "CONTENT_TYPE_IMAGE",
        /// A product.
        Product => "CONTENT_TYPE_PRODUCT",
        /// Synthetic media.
        SyntheticMedia => "CONTENT_TYPE_SYNTHETIC_MEDIA",
        /// Text.
        Text => "CONTENT_TYPE_TEXT",
        /// A film.
        Video => "CONTENT_TYPE_VIDEO",
        /// Something else, described in words.
        Other => "CONTENT_TYPE_OTHER",
    }
}

coded_enum! {
    /// What the decision was taken on.
    pub enum SourceType, "a source" {
        /// A notice that meets Article 16.
        Article16 => "SOURCE_ARTICLE_16",
        /// A trusted flagger (Article 22).
        TrustedFlagger => "SOURCE_TRUSTED_FLAGGER",
        /// Another notification, such as a police referral or an authority's order outside Article 9.
        OtherNotification => "SOURCE_TYPE_OTHER_NOTIFICATION",
        /// The platform's own initiative.
        Voluntary => "SOURCE_VOLUNTARY",
    }
}

coded_enum! {
    /// How far the decision was automated.
    pub enum AutomatedDecision, "an answer to how far the decision was automated" {
        /// Wholly.
        Fully => "AUTOMATED_DECISION_FULLY",
        /// In part.
        Partially => "AUTOMATED_DECISION_PARTIALLY",
        /// Not at all.
        NotAutomated => "AUTOMATED_DECISION_NOT_AUTOMATED",
    }
}

coded_enum! {
    /// Yes or no, as the database writes it.
    pub enum YesNo, "Yes or No" {
        /// Yes.
        Yes => "Yes",
        /// No.
        No => "No",
    }
}
