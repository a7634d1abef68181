//! What processes declare for the first page: the blocks of their pages with `home = true`, for
//! those who find these pages in the menu.

use crate::block::{self, Asked, Desk};
use crate::page::Page;
use crate::problem::Result;
use maud::{Markup, html};
use model::definition::page::Page as Declared;

impl Page<'_> {
    pub(super) fn declared_blocks(&self) -> Result<Markup> {
        let pages = self.catalogue.model.pages.values();
        let mut mine: Vec<&Declared> =
            pages.filter(|page| page.is_home && self.finds(page)).collect();
        mine.sort_by_key(|page| page.place.unwrap_or(i64::MAX));
        let drawn: Result<Vec<Markup>> = mine.iter().map(|page| self.declared(page)).collect();
        Ok(html! { @for one in drawn? { (one) } })
    }

    /// The blocks of one page, with the parameters as the page has them by itself.
    fn declared(&self, declared: &Declared) -> Result<Markup> {
        self.follow_types(declared.record_types());
        let desk = Desk {
            session: self.session(),
            catalogue: &self.catalogue,
            watch: &self.watch,
            prefix: self.prefix,
            csrf: self.csrf(),
            asked: Asked::read(declared, "", self.session())?,
            page: declared,
        };
        Ok(html! {
            div data-home=(declared.name) {
                p.of-page {
                    a href=(self.to(&declared.path)) { (declared.label.text(self.language())) }
                }
                (block::blocks(&desk)?)
            }
        })
    }
}
