//! Markdown that people wrote, as HTML: the marks of a text, and nothing that a page could run.
//! HTML in it is shown as it was typed; only links to `https`, `http` and `mailto` lead anywhere.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{
    CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};

/// A text as paragraphs.
pub fn markdown(text: &str) -> Markup {
    naming(text, &|_| None)
}

/// The same; where it names somebody by their login, their address makes a link of it.
pub fn naming(text: &str, address: &dyn Fn(&str) -> Option<String>) -> Markup {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut closed = 0;
    let events = TextMergeStream::new(Parser::new_ext(text, options).map(tamed));
    let events = events.flat_map(move |event| {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => closed += 1,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => closed -= 1,
            Event::Text(text) if closed == 0 && text.contains('@') => return named(text, address),
            _ => {}
        }
        vec![event]
    });
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events);
    PreEscaped(out)
}

/// A text with links in the places where it names people.
fn named<'e>(text: &str, address: &dyn Fn(&str) -> Option<String>) -> Vec<Event<'e>> {
    let plain = |part: &str| Event::Text(CowStr::from(part.to_string()));
    let (mut out, mut done) = (Vec::new(), 0);
    for (from, to, login) in engine::mention::places(text) {
        let Some(address) = address(login) else { continue };
        let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
        let (link_type, dest_url) = (LinkType::Inline, CowStr::from(address));
        out.push(plain(&text[done..from]));
        out.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
        out.push(plain(&text[from..to]));
        out.push(Event::End(TagEnd::Link));
        done = to;
    }
    out.push(plain(&text[done..]));
    out
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

    #[test]
    fn people_are_named_by_links_and_nobody_else_is() {
        let bo = |login: &str| (login == "bo_1").then(|| "/person/1".to_string());
        let link = "<a href=\"/person/1\">@bo_1</a>";
        for (text, html) in [
            ("ask @bo_1, @zoe", format!("<p>ask {link}, @zoe</p>\n")),
            ("`@bo_1` a@bo_1", "<p><code>@bo_1</code> a@bo_1</p>\n".to_string()),
            ("[@bo_1](https://e.org)", "<p><a href=\"https://e.org\">@bo_1</a></p>\n".into()),
            ("<b>@bo_1", format!("<p>&lt;b&gt;{link}</p>\n")),
        ] {
            assert_eq!(naming(text, &bo).0, html, "{text}");
        }
    }
}
