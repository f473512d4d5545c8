//! Which page of a list: the two parameters that every list takes.

/// The query of a list: what is its own, and which page. Written once for all of them: serde cannot refuse unknown
/// parameters of a flattened struct.
macro_rules! paged {
    ($(#[$meta:meta])* $visible:vis struct $name:ident { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, serde::Deserialize, validator::Validate, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        $visible struct $name {
            $($own)*
            /// Where to go on, from `next` of the page before.
            pub(in crate::http::v1) cursor: Option<String>,
            /// How many at the most, 1 to 200; 50 unless said.
            #[serde(default = "crate::http::v1::paging::fifty")]
            #[validate(range(min = 1, max = 200))]
            #[param(minimum = 1, maximum = 200)]
            pub(in crate::http::v1) limit: u16,
        }
    };
}

pub(in crate::http::v1) use paged;

paged! {
    /// Which page of a list that has nothing else to choose.
    pub struct Wanted {}
}

/// How many rows a page has when nothing is said.
pub(in crate::http::v1) fn fifty() -> u16 {
    50
}
