//! The log as files, for programs that follow logs (c2sp.org/tlog-tiles). The paths are theirs, so that this room stands
//! beside the API.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use takedown_core::log::tile::Tile;

use super::problem::{Code, Problem};
use crate::app::{Cx, log};

/// The newest signed checkpoint.
#[get("/log/checkpoint")]
pub async fn checkpoint(cx: web::Data<Cx>) -> Result<HttpResponse, Problem> {
    let note = log::checkpoint(&cx).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=1"))
        .body(note))
}

/// The hashes of a tile: complete, or as far as they were there in a tree of some size.
#[get("/log/tile/{tile:.*}")]
pub async fn tile(cx: web::Data<Cx>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let path = format!("tile/{path}");
    let tile: Tile = path
        .parse()
        .map_err(|error| Problem::new(Code::NotFound, format!("There is no {path}: {error}.")))?;
    let hashes = log::tile(&cx, tile).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        // A hash that is there once never changes.
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(hashes))
}
