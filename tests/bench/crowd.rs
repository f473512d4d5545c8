//! Thousands of platforms, each with a client and a token of its own.

use std::cell::{Cell, RefCell};

use data_encoding::BASE64;
use diesel::Connection as _;
use futures_util::future::try_join_all;
use serde_json::Value;
use takedown_core::page::InboxCursor;
use takedown_tests::seams::Credentials;
use tokio::task::LocalSet;

use crate::Failed;
use crate::load;
use crate::parties;
use crate::site::{Place, Site};
use crate::wire::Wire;

/// The number of the first; the agency and those of other measurements come before.
const FIRST: usize = 1_000;
/// So many are put in by one commit: each counts in one row, and a long commit would drag all its versions along.
const AT_ONCE: usize = 200;
/// So many ask for their tokens at a time.
const ASKING: usize = 16;

/// Those who poll.
pub struct Crowd {
    pub address: String,
    pub agency: String,
    pub tokens: Vec<String>,
    /// How many filings went to each.
    pub filed: RefCell<Vec<i64>>,
    /// Of the next filing.
    number: Cell<u64>,
}

/// Puts so many in.
pub fn register(place: &Place, count: usize) -> Result<(), Failed> {
    place.prepare()?;
    let mut conn = place.open()?;
    let mut number = 0;
    while number < count {
        let end = count.min(number + AT_ONCE);
        conn.transaction(|conn| {
            (number..end).try_for_each(|number| parties::enter(conn, FIRST + number))
        })?;
        number = end;
    }
    Ok(())
}

/// Runs something on this thread alone, with others beside it.
pub fn alone<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, work)
}

impl Crowd {
    /// Those who were put in, at a server.
    pub fn at(site: &Site, count: usize) -> Result<Crowd, Failed> {
        let url = site.server.url();
        let address = url.trim_start_matches("http://");
        let (asked, tokens) = (Cell::new(0), RefCell::new(vec![String::new(); count]));
        let asking = (0..ASKING).map(|_| ask(address, &asked, &tokens));
        alone(try_join_all(asking))?;
        Ok(Crowd {
            address: address.to_owned(),
            agency: site.agency.clone(),
            tokens: tokens.into_inner(),
            filed: RefCell::new(vec![0; count]),
            number: Cell::new(8_000_000_000),
        })
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.tokens.len()
    }

    /// Where one of them reads on who has read up to a position, and the header that says so.
    pub fn reading_on(number: usize, position: i64) -> (String, String) {
        let party = parties::platform(FIRST + number);
        let cursor = InboxCursor { party, position }.encode();
        let path = format!("/v1/inbox?limit=50&cursor={cursor}");
        (path, format!("if-none-match: \"h{position}\""))
    }

    /// The call with which one of them asks what is new, with further headers.
    pub fn poll(&self, number: usize, position: i64, further: &str) -> Vec<u8> {
        let (path, known) = Crowd::reading_on(number, position);
        let headers = format!("{known}\r\n{further}\r\n");
        load::call("GET", &path, &self.tokens[number], "", &headers)
    }

    /// Files to one of them.
    pub async fn file(&self, wire: &mut Wire, number: usize) -> Result<(), Failed> {
        let filing = self.number.replace(self.number.get() + 1);
        let body = parties::filing_to(FIRST + number, filing);
        let call = load::call("POST", "/v1/requests", &self.agency, &body, "");
        if wire.ask(&call).await? != 201 {
            return Err(format!("a filing was answered:\n{}", wire.told()).into());
        }
        self.filed.borrow_mut()[number] += 1;
        Ok(())
    }
}

/// Up to where the inbox goes, as an answer says.
pub fn head(wire: &Wire) -> Result<i64, Failed> {
    let etag = wire.field("etag").ok_or("no ETag")?;
    let head = etag.trim_matches('"').strip_prefix('h');
    Ok(head.ok_or("no head in the ETag")?.parse()?)
}

/// Asks for tokens until there is one for each.
async fn ask(
    address: &str,
    asked: &Cell<usize>,
    tokens: &RefCell<Vec<String>>,
) -> Result<(), Failed> {
    let mut wire = Wire::to(address).await?;
    loop {
        let number = asked.replace(asked.get() + 1);
        if number >= tokens.borrow().len() {
            return Ok(());
        }
        let token = token(&mut wire, number).await?;
        tokens.borrow_mut()[number] = token;
    }
}

async fn token(wire: &mut Wire, number: usize) -> Result<String, Failed> {
    let Credentials { id, secret } = parties::credentials(FIRST + number);
    let basic = BASE64.encode(format!("{id}:{secret}").as_bytes());
    let form = "grant_type=client_credentials";
    let call = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Basic {basic}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    if wire.ask(call.as_bytes()).await? != 200 {
        return Err(format!("a token was refused:\n{}", wire.told()).into());
    }
    let answer: Value = serde_json::from_slice(wire.body())?;
    let token = answer["access_token"].as_str().ok_or("no token")?;
    Ok(token.to_owned())
}

/// The value below which so many of a hundred lie.
pub fn percentile(sorted: &[f64], hundredth: usize) -> Result<f64, Failed> {
    let at = (sorted.len() * hundredth / 100).min(sorted.len().saturating_sub(1));
    Ok(*sorted.get(at).ok_or("nothing was measured")?)
}
