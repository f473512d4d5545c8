//! Who must be told what after a change, without words of any language.
