//! Pages for people, drawn from the definitions. Each is a function from a request to HTML: it asks
//! the session for what the person may see, hands it to [`crate::show`], and puts the result into
//! the frame. Whatever changes something is a form; scripts only make it quicker.

mod admin;
mod api;
mod bulk;
mod cell;
mod choice;
mod columns;
mod complete;
mod counts;
mod create;
mod declared;
mod definition;
mod edit;
mod error;
mod field;
mod filter;
mod frame;
mod home;
mod inputs;
mod list;
mod live;
mod me;
mod mention;
mod notices;
mod offer;
mod origin;
mod presence;
mod preview;
mod record;
mod routes;
mod search;
mod side;
mod table;
mod template;
mod undo;
mod view;

pub use choice::own_path;
pub use declared::{DECLARED, is_declared};
use definition::line_id;
pub use error::{Bare, refused};
pub use frame::{Head, Scene, Trail, document, html_answer, wordmark};
pub use me::second::told;
pub use routes::{KEEPS_VIEWS, PAGES};

use crate::answer::Answer;
use crate::call::Call;
use crate::door::cookie;
use crate::percent;
use crate::problem::{Problem, Result};
use crate::route::Verb;
use crate::show::time::Watch;
use crate::show::value::Out;
use axum::http::{StatusCode, header};
use engine::Session;
use engine::catalogue::Catalogue;
use engine::saved_view::SavedView;
use jiff::Timestamp;
use live::Followed;
use model::Language;
use model::definition::RecordType;
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

/// What pages are served as.
pub const HTML: &str = "text/html; charset=utf-8";

/// What a page may load and where it may send: this server alone.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// One page in the making: the request, and what its parts are drawn with.
pub struct Page<'a> {
    pub call: &'a Call,
    pub catalogue: Arc<Catalogue>,
    pub watch: Watch,
    /// What stands before every address, where the server lives below a path.
    pub prefix: &'a str,
    /// Where the feed of changes ended before anything of the page was read; none for a page that
    /// does not follow it.
    position: Option<i64>,
    followed: RefCell<Followed>,
    /// The kept views of the record type that is shown, once they were asked for.
    views: OnceCell<Arc<[SavedView]>>,
}

impl<'a> Page<'a> {
    pub fn new(call: &'a Call) -> Page<'a> {
        let session = &call.session;
        let now = Timestamp::from_microsecond(session.now()).unwrap_or_default();
        let zone = session.actor().zone.clone();
        let watch = Watch { language: session.language(), zone, now };
        let catalogue = session.engine().catalogue();
        let prefix = prefix(call.app.settings.base());
        let (position, followed) = (position(call), RefCell::default());
        Page { call, catalogue, watch, prefix, position, followed, views: OnceCell::new() }
    }

    pub fn session(&self) -> &'a Session {
        &self.call.session
    }

    pub fn language(&self) -> Language {
        self.watch.language
    }

    /// A text in the reader's language.
    pub fn t<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        if self.language() == Language::ZH { zh } else { en }
    }

    pub fn out(&self) -> Out<'_> {
        Out { watch: &self.watch, prefix: self.prefix }
    }

    /// The address of a page.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The record type that the address names, where this person may ever see a record of it.
    ///
    /// # Errors
    /// `not-found`.
    fn asked_type(&self) -> Result<Arc<RecordType>> {
        self.seen_type(self.call.record_type())
    }

    /// A record type by its name, where this person may ever see a record of it.
    ///
    /// # Errors
    /// `not-found`.
    fn seen_type(&self, name: &str) -> Result<Arc<RecordType>> {
        let found = self.catalogue.record_type(name);
        let seen = found.filter(|found| self.session().may_see_type(&found.name));
        seen.cloned().ok_or_else(Problem::missing)
    }

    /// The address of a record by its number or id.
    pub fn record_address(&self, definition: &RecordType, name: &str) -> String {
        format!("{}/{}/{}", self.prefix, definition.name, percent::encode(name))
    }

    /// What a form carries to show that it is ours.
    pub fn csrf(&self) -> String {
        self.call.kept.session.as_deref().map_or_else(String::new, crate::door::csrf::token)
    }

    /// Sends the browser on to another page, which says what was done.
    pub fn go(&self, address: &str, said: Option<&str>) -> Answer {
        let answer = Answer::nothing().status(StatusCode::SEE_OTHER);
        let answer = answer.header(header::LOCATION, address);
        match said {
            Some(said) => answer.header(header::SET_COOKIE, &cookie::said(said, self.call.secure)),
            None => answer,
        }
    }
}

/// Where the feed ends, for a page that somebody asks for who has come in.
fn position(call: &Call) -> Option<i64> {
    let follows = call.route.verb == Verb::Get && call.session.actor().account.is_some();
    // A page that cannot be kept fresh is still a page.
    follows.then(|| call.app.live.position(call.session.engine()).ok()).flatten()
}

/// The path of a declared base address.
pub fn prefix(base: &str) -> &str {
    let rest = base.split_once("://").map_or("", |(_, rest)| rest);
    rest.find('/').map_or("", |place| &rest[place..])
}
