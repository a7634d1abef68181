//! Words of the page itself, in Markdown.

use super::Desk;
use crate::show::prose;
use maud::{Markup, html};
use model::Label;

pub fn draw(desk: &Desk, words: &Label) -> Markup {
    html! { div.prose { (prose::markdown(desk.label(words))) } }
}
