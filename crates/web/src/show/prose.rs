//! Markdown that people wrote, as HTML: the marks of a text, and nothing that a page could run.
//! HTML in it is shown as it was typed; only links to `https`, `http` and `mailto` lead anywhere.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// A text as paragraphs.
pub fn markdown(text: &str) -> Markup {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(text, options).map(tamed);
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events);
    PreEscaped(out)
}

/// One event without what could act: no HTML, no pictures from elsewhere, no foreign schemes; no
/// heading that would stand above those of the page.
fn tamed(event: Event) -> Event {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::SoftBreak => Event::HardBreak,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if leads(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
        Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    }
}

fn leads(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_drawn_and_nothing_runs() {
        for (text, html) in [
            ("a **b**", "<p>a <strong>b</strong></p>\n"),
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
            ("x <img src=x onerror=a()>", "<p>x &lt;img src=x onerror=a()&gt;</p>\n"),
            ("[x](javascript:a())", "<p><a href=\"#\">x</a></p>\n"),
            ("[x](https://e.org)", "<p><a href=\"https://e.org\">x</a></p>\n"),
            ("![x](https://e.org/a.png)", "<p><em>x</em></p>\n"),
            ("# big", "<p>big</p>\n"),
            ("a\nb", "<p>a<br />\nb</p>\n"),
        ] {
            assert_eq!(markdown(text).0, html, "{text}");
        }
    }
}
