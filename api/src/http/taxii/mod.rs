//! TAXII 2.1, read only: what a platform is asked, for programs that speak it.
//!
//! The standard describes these addresses, so the description of the API does not. All of them end in a slash.

mod add;
mod caller;
mod chosen;
mod collection;
mod collections;
mod delete;
mod discover;
mod manifest;
mod object;
mod objects;
mod root;
mod versions;
mod written;

use actix_web::web::ServiceConfig;

pub use written::error;

/// The one media type of all answers here.
pub const MEDIA_TYPE: &str = "application/taxii+json;version=2.1";
/// Of the objects themselves.
const STIX: &str = "application/stix+json;version=2.1";
/// Below which everything is.
const ROOT: &str = "/taxii2/";

/// Whether an address is one of these.
#[must_use]
pub fn serves(path: &str) -> bool {
    path.starts_with(ROOT)
}

/// The addresses and their methods. Reading objects is the receipt of what is asked, so there is no `HEAD`.
#[must_use]
pub fn paths() -> [(&'static str, Vec<&'static str>); 8] {
    [
        ("/taxii2/", vec!["GET"]),
        ("/taxii2/exchange/", vec!["GET"]),
        ("/taxii2/exchange/collections/", vec!["GET"]),
        ("/taxii2/exchange/collections/{id}/", vec!["GET"]),
        ("/taxii2/exchange/collections/{id}/manifest/", vec!["GET"]),
        (
            "/taxii2/exchange/collections/{id}/objects/",
            vec!["GET", "POST"],
        ),
        (
            "/taxii2/exchange/collections/{id}/objects/{object}/",
            vec!["GET", "DELETE"],
        ),
        (
            "/taxii2/exchange/collections/{id}/objects/{object}/versions/",
            vec!["GET"],
        ),
    ]
}

/// Registers the endpoints.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(discover::discover_collections)
        .service(root::read_api_root)
        .service(collections::list_collections)
        .service(collection::read_collection)
        .service(manifest::read_manifest)
        .service(objects::read_objects)
        .service(add::add_objects)
        .service(object::read_object)
        .service(delete::delete_object)
        .service(versions::read_object_versions);
}
