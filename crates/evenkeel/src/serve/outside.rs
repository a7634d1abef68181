//! Calls of identity providers by HTTP: short, bounded, and never sent on to another address.

use crate::failure::{Failure, Result};
use engine::access::{Ask, Outside, Reply};
use reqwest::blocking::Client;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::redirect::Policy;
use std::io::Read;
use std::time::Duration;

/// How long one answer may take: the four of a first login, one after the other, stay within the
/// time of a request.
const TIME: Duration = Duration::from_secs(6);
/// How long it may take to reach the provider.
const CONNECT: Duration = Duration::from_secs(3);
/// Bytes of an answer: far more than the keys of any provider.
const MOST: u64 = 512 * 1024;

/// The one client of all providers.
pub struct Http(Client);

impl Http {
    /// # Errors
    /// A fault where the system gives no client.
    pub fn new() -> Result<Http> {
        let client = Client::builder()
            .timeout(TIME)
            .connect_timeout(CONNECT)
            .redirect(Policy::none())
            .build();
        client.map(Http).map_err(|error| Failure::outside("the client of providers", error))
    }
}

impl Outside for Http {
    fn ask(&self, ask: &Ask) -> std::result::Result<Reply, String> {
        let mut request = match ask.body() {
            Some(body) => self
                .0
                .post(ask.url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body),
            None => self.0.get(ask.url),
        };
        request = request.header(ACCEPT, "application/json");
        if let Some(authorization) = &ask.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        // The address is in the log already; nothing of what was sent gets there.
        let response = request.send().map_err(|error| words(&error.without_url()))?;
        let (status, mut body) = (response.status().as_u16(), Vec::new());
        response.take(MOST + 1).read_to_end(&mut body).map_err(|error| error.to_string())?;
        match body.len() as u64 > MOST {
            true => Err(format!("the answer is longer than {MOST} bytes")),
            false => Ok(Reply { status, body }),
        }
    }
}

/// An error with what caused it.
fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}
