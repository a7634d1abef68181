//! A table that is wider than its page may be: it scrolls within a region that has a name and takes
//! focus, so that the keyboard reaches all of it.

use maud::{Markup, html};

/// A table of this class; `heads` are the cells of its head, `bodies` its bodies.
pub(in crate::page) fn table(label: &str, class: &str, heads: &Markup, bodies: &Markup) -> Markup {
    html! {
        div.scroll-x tabindex="0" role="region" aria-label=(label) {
            table class=(class) { thead { tr { (heads) } } (bodies) }
        }
    }
}
