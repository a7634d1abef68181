//! The pages that processes declare: each at its own address, from the definitions in force, so
//! that a new one needs no route. What stands on them is drawn by [`crate::block`].

use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::app::App;
use crate::block::{self, Asked, Desk};
use crate::call::Call;
use crate::problem::{Problem, Result};
use crate::route::{Gives, Route, Takes, Verb, Who};
use maud::html;
use model::definition::page::Page as Declared;

/// The route of every declared page. Its parameters are those of the page, which are checked there.
pub static DECLARED: Route = Route {
    verb: Verb::Get,
    path: "/{page}",
    id: "/{page}",
    says: "A page that a process declares",
    who: Who::Reader,
    takes: Takes::Nothing,
    gives: Gives::Page,
    query: &[],
    run: show,
};

/// Whether a page is declared at this path.
pub fn is_declared(app: &App, path: &str) -> bool {
    let catalogue = app.engine.catalogue();
    catalogue.model.pages.values().any(|page| page.path == path)
}

fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    // What stands before the path was taken off by the proxy in front.
    let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
    let found = page.catalogue.model.pages.values().find(|found| found.path == path);
    let declared: &Declared = found.ok_or_else(Problem::missing)?;
    let desk = Desk {
        session: page.session(),
        catalogue: &page.catalogue,
        watch: &page.watch,
        prefix: page.prefix,
        csrf: page.csrf(),
        asked: Asked::read(declared, query, page.session())?,
        page: declared,
    };
    page.follow_types(declared.record_types());
    let blocks = block::blocks(&desk)?;
    let title = declared.label.text(page.language()).to_string();
    let help = declared.help.as_ref().map(|help| help.text(page.language()));
    let body = html! {
        div.page-head { div { h1 { (title) } @if let Some(help) = help { p { (help) } } } }
        (blocks)
    };
    let scene = Scene {
        trail: vec![Trail::here(title.clone())],
        title,
        tools: html! {},
        here: declared.name.to_string(),
        body,
        bleeds: false,
    };
    Ok(page.frame(scene))
}
