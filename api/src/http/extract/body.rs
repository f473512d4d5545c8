//! JSON bodies of handlers.

use actix_web::{FromRequest, HttpRequest, dev};
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use validator::Validate;

use super::json::parse;
use super::read::{Size, bounded, read};
use crate::http::problem::Problem;

const JSON: &[&str] = &["application/json"];

/// A JSON body: media type, size, time, depth, form and rules were checked.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let (bytes, _) = read(request, payload, JSON, Size::Usual).await?;
            parse(&bytes).map(Body)
        }
        .boxed_local()
    }
}

/// A JSON body that may be left out, as on an acknowledgement without a word.
#[derive(Debug, Clone)]
pub struct MaybeBody<T>(pub T);

impl<T: DeserializeOwned + Validate + Default + 'static> FromRequest for MaybeBody<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        use actix_web::HttpMessage as _;
        let (request, payload) = (request.clone(), payload.take());
        async move {
            if request.content_type().is_empty() {
                let bytes = bounded(&request, payload, Size::Usual).await?;
                return if bytes.is_empty() {
                    Ok(Self(T::default()))
                } else {
                    Err(super::read::undeclared(JSON))
                };
            }
            let (bytes, _) = read(request, payload, JSON, Size::Usual).await?;
            if bytes.is_empty() {
                return Ok(Self(T::default()));
            }
            parse(&bytes).map(Self)
        }
        .boxed_local()
    }
}

/// A JSON body together with exactly the bytes that were sent, for what is digested or repeated.
#[derive(Debug, Clone)]
pub struct Sent<T> {
    /// What the body says.
    pub value: T,
    /// The body byte for byte.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Sent<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        sent(request, payload, Size::Usual).boxed_local()
    }
}

/// [`Sent`], as large as a filing may be.
#[derive(Debug, Clone)]
pub struct SentFiling<T>(pub Sent<T>);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for SentFiling<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let sent = sent(request, payload, Size::Filing);
        async move { sent.await.map(Self) }.boxed_local()
    }
}

fn sent<T: DeserializeOwned + Validate>(
    request: &HttpRequest,
    payload: &mut dev::Payload,
    size: Size,
) -> impl Future<Output = Result<Sent<T>, Problem>> + use<T> {
    let (request, payload) = (request.clone(), payload.take());
    async move {
        let (bytes, _) = read(request, payload, JSON, size).await?;
        Ok(Sent {
            value: parse(&bytes)?,
            bytes,
        })
    }
}
