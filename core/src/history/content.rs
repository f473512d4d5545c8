//! What of a request can be handed over, as the entries about reads name it.

use crate::text::coded_enum;

coded_enum! {
    /// What of a request was handed over.
    pub enum Content, "a part of a request that can be read" {
        /// The request in full: reasons, items, outcomes.
        Request => "request",
        /// What the unit signed, byte for byte.
        Signed => "signed",
        /// What the two sides wrote to each other.
        Messages => "messages",
        /// What a side noted for itself.
        InternalNotes => "internal_notes",
        /// Why a side wants it to be kept.
        Hold => "hold",
        /// Which facts were corrected, and what stood there.
        Corrections => "corrections",
        /// What happened to it.
        History => "history",
        /// A form that is filled in from it.
        Form => "form",
        /// A statement of reasons about an item of it.
        Statement => "statement",
        /// The page that stands in the place of an item.
        Tombstone => "tombstone",
        /// What uploaders said against what was done, and what they were answered.
        Objections => "objections",
        /// Where the material was seen afterwards.
        Sightings => "sightings",
    }
}
