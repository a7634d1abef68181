//! Every page there is, as one table beside that of the API. A record type called like one of the
//! words here would have no page, so the loader knows them all.

use super::{
    admin, api, bulk, cell, choice, columns, complete, counts, create, definition, edit, filter,
    home, list, me, mention, notices, offer, presence, preview, record, search, template, undo,
    view,
};
use crate::answer::Answer;
use crate::asset;
use crate::call::Call;
use crate::door::{code, link, login, passkey, provider, welcome};
use crate::live;
use crate::problem::Result;
use crate::route::{Gives, Parameter, Route, Takes, Verb, Who};

type Run = fn(&Call) -> Result<Answer>;

const TO: &[Parameter] = &[Parameter::text("to", 8192, "The page to go on to.")];

/// All pages.
pub static PAGES: &[Route] = &[
    asset_at("/asset/{name}", asset::read),
    page("/", &[], home::show),
    page("/me/team", &[], home::team::show),
    page("/login", TO, login::show).by(Who::Guest),
    form("/login", login::enter).by(Who::Guest),
    page("/login/code", TO, code::show).by(Who::Guest),
    form("/login/code", code::enter).by(Who::Guest),
    form("/login/passkey/begin", passkey::begin).by(Who::Guest),
    form("/login/passkey", passkey::enter).by(Who::Guest),
    page("/login/with/{provider}", TO, provider::begin).by(Who::Guest),
    page(provider::BACK, &[], provider::back).by(Who::Guest),
    form("/logout", login::leave).by(Who::Guest),
    page("/enter/{token}", &[], link::show).by(Who::Guest),
    form("/enter/{token}", link::enter).by(Who::Guest),
    page("/welcome", welcome::QUERY, welcome::show).by(Who::Guest),
    form("/welcome", welcome::make).by(Who::Guest),
    page("/me", &[], me::show),
    form("/me/preferences", me::prefer),
    form("/me/view", me::view::begin),
    form(me::view::END, me::view::end).by(Who::Guest),
    page("/me/password", &[], me::password::show),
    form("/me/password", me::password::change),
    page("/me/services", &[], me::service::show),
    form("/me/services", me::service::begin),
    page("/me/sessions", &[], me::sessions::show),
    form("/me/sessions", me::sessions::end),
    page("/me/tokens", &[], me::token::show),
    form("/me/tokens", me::token::make),
    form("/me/tokens/end", me::token::end),
    page("/me/second", &[], me::second::show),
    form("/me/second/app", me::second::begin),
    form("/me/second/confirm", me::second::confirm),
    form("/me/second/remove", me::second::remove),
    form("/me/second/codes", me::second::codes),
    form("/me/second/passkey", me::second::begin_passkey),
    form("/me/second/passkey/confirm", me::second::confirm_passkey),
    form("/me/second/passkey/remove", me::second::remove_passkey),
    page("/api", api::QUERY, api::show),
    page("/admin/accounts", admin::QUERY, admin::list),
    page("/admin/accounts/{account}", &[], admin::show),
    form("/admin/accounts/{account}/link", admin::link),
    form("/admin/accounts/{account}/sessions", admin::sessions),
    form("/admin/accounts/{account}/second", admin::second),
    form("/admin/accounts/{account}/unbind", admin::unbind),
    form("/admin/accounts/{account}/connect", admin::connect),
    page("/admin/logins", admin::LOGINS, admin::logins),
    page("/admin/roles", admin::roles::QUERY, admin::roles::list),
    page("/admin/roles/{role}", &[], admin::roles::show),
    page("/admin/ledger", &[], admin::ledger::show),
    work("/admin/ledger", admin::ledger::verify),
    page("/admin/jobs", &[], admin::jobs::show),
    form("/admin/jobs/retry", admin::jobs::retry),
    page("/admin/health", &[], admin::health::show),
    page("/admin/import", &[], admin::import::list),
    upload("/admin/import", admin::import::bring),
    page("/admin/import/{import}", admin::import::QUERY, admin::import::standing::show),
    page("/admin/import/{import}/mapping", &[], admin::import::mapping::show),
    work("/admin/import/{import}/mapping", admin::import::mapping::keep),
    page("/admin/import/{import}/file", &[], admin::import::mapping::file),
    upload("/admin/import/{import}/file", admin::import::mapping::bring),
    page("/admin/import/{import}/refused", &[], admin::import::standing::refused),
    form("/admin/import/{import}/run", admin::import::standing::run),
    form("/admin/import/{import}/stop", admin::import::standing::stop),
    form("/admin/import/{import}/forget", admin::import::standing::forget),
    page("/admin/import/{import}/undo", &[], admin::import::standing::ask),
    form("/admin/import/{import}/undo", admin::import::standing::undo),
    page("/administration/definitions", &[], definition::list),
    page("/administration/definitions/{definition}", &[], definition::show),
    page("/administration/definitions/{definition}/edit", definition::QUERY, definition::form),
    form("/administration/definitions/{definition}/edit", definition::change),
    page(
        "/administration/definitions/{definition}/expression",
        definition::EXPRESSION,
        definition::expression,
    ),
    page("/administration/overlay", definition::OVERLAY, definition::overlay),
    work("/administration/overlay", definition::keep),
    page("/administration/file", definition::FILE, definition::file),
    page("/administration/versions/{version}", &[], definition::version),
    work("/administration/versions/{version}/back", definition::back),
    form("/choice", choice::keep).by(Who::Guest),
    stream("/live", live::QUERY, live::begin),
    page("/notifications", notices::QUERY, notices::show),
    form("/notifications/read", notices::read),
    page("/search", search::QUERY, search::show),
    page("/search/quick", search::QUERY, search::quick),
    page("/{record_type}", list::QUERY, list::show),
    page("/{record_type}/offer", search::QUERY, offer::records),
    page("/{record_type}/new", create::QUERY, create::show),
    form("/{record_type}/new", create::create),
    form("/{record_type}/new/draw", create::redraw),
    page("/{record_type}/filter", filter::QUERY, filter::add),
    page("/{record_type}/columns", list::QUERY, columns::show),
    form("/{record_type}/columns", columns::choose),
    page("/{record_type}/complete", complete::QUERY, complete::show),
    page("/{record_type}/counts", counts::QUERY, counts::show),
    page("/{record_type}/total", list::QUERY, list::total::show),
    page("/{record_type}/views", view::QUERY, view::show),
    form("/{record_type}/views", view::keep),
    form("/{record_type}/views/{view}", view::change),
    form("/{record_type}/views/{view}/end", view::end),
    page("/{record_type}/templates", &[], template::show),
    form("/{record_type}/templates", template::keep),
    form("/{record_type}/templates/new", template::begin),
    form("/{record_type}/templates/{template}", template::change),
    form("/{record_type}/templates/{template}/end", template::end),
    page("/{record_type}/bulk", bulk::QUERY, bulk::show),
    form("/{record_type}/bulk", bulk::perform),
    page("/{record_type}/{record}", record::QUERY, record::show),
    page("/{record_type}/{record}/preview", &[], preview::show),
    form("/{record_type}/{record}/edit", edit::section),
    page("/{record_type}/{record}/cell/{field}", cell::QUERY, cell::show),
    form("/{record_type}/{record}/cell/{field}", cell::save),
    form("/{record_type}/{record}/move/{transition}", edit::movement),
    form("/{record_type}/{record}/note", edit::note),
    form("/{record_type}/{record}/vote", edit::vote),
    form("/{record_type}/{record}/here", presence::here),
    page("/{record_type}/{record}/mentions", mention::QUERY, mention::offer),
    page("/{record_type}/{record}/link/offer", offer::QUERY, offer::far_ends),
    form("/{record_type}/{record}/link", edit::link),
    form("/{record_type}/{record}/unlink", edit::unlink),
    form("/{record_type}/{record}/watch", edit::watch),
    form("/{record_type}/{record}/unwatch", edit::unwatch),
    form("/{record_type}/{record}/undo", undo::edit),
];

/// What is done also by whoever views as another role, because it writes nothing of theirs but the
/// end of that view or of the session.
pub const KEEPS_VIEWS: [&str; 3] = [me::view::END, "/choice", "/logout"];

const fn page(path: &'static str, query: &'static [Parameter], run: Run) -> Route {
    Route {
        verb: Verb::Get,
        path,
        id: path,
        says: "A page",
        who: Who::Reader,
        takes: Takes::Nothing,
        gives: Gives::Page,
        query,
        run,
    }
}

const fn form(path: &'static str, run: Run) -> Route {
    let mut route = page(path, &[], run);
    route.verb = Verb::Post;
    route.says = "A form of a page";
    route.who = Who::Writer;
    route.takes = Takes::Fields;
    route
}

/// A form whose work takes as long as the tables need.
const fn work(path: &'static str, run: Run) -> Route {
    let mut route = form(path, run);
    route.takes = Takes::Work;
    route
}

/// A form with a file.
const fn upload(path: &'static str, run: Run) -> Route {
    let mut route = form(path, run);
    route.takes = Takes::File;
    route
}

const fn stream(path: &'static str, query: &'static [Parameter], run: Run) -> Route {
    let mut route = page(path, query, run);
    route.says = "Events that tell pages what changes";
    route.gives = Gives::Stream;
    route
}

const fn asset_at(path: &'static str, run: Run) -> Route {
    let mut route = page(path, &[], run);
    route.says = "A part of the pages";
    route.who = Who::Anybody;
    route.gives = Gives::Asset;
    route
}
