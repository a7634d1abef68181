//! Marks: pictures, states, priorities, people by their initials, the way to a transition.

use crate::asset;
use maud::{Markup, html};
use model::Language;
use model::definition::RecordType;

/// A picture of 16 pixels beside words that say the same.
pub fn icon(name: &str) -> Markup {
    html! {
        svg.i aria-hidden="true" { use href=(format!("{}#{name}", asset::url("icons.svg"))) {} }
    }
}

/// The same, small.
pub fn small(name: &str) -> Markup {
    html! {
        svg.i.i-12 aria-hidden="true" {
            use href=(format!("{}#{name}", asset::url("icons.svg"))) {}
        }
    }
}

/// A glyph of a verdict or state from the sprite.
pub fn glyph(class: &str, name: &str) -> Markup {
    html! {
        svg class=(class) aria-hidden="true" {
            use href=(format!("{}#{name}", asset::url("icons.svg"))) {}
        }
    }
}

/// A state by its name: its glyph and its label.
pub fn state(definition: &RecordType, name: &str, language: Language) -> Markup {
    let Some(state) = definition.states.get(name) else { return html! { (name) } };
    let is = state.category.as_str();
    html! {
        span.state data-is=(is) {
            (glyph("g", &format!("s-{is}"))) (state.label.text(language))
        }
    }
}

/// A priority: the rank of the choice in a square, its label for those who listen.
pub fn priority(rank: usize, label: &str, language: Language) -> Markup {
    let word = if language == Language::ZH { "优先级 " } else { "Priority " };
    html! {
        span.prio data-is=(rank) title=(label) {
            span.vh { (word) } (rank) span.vh { " " (label) }
        }
    }
}

/// A person by their initials: two letters of a Latin name, the last one or two characters of a
/// Chinese one, where the given name stands last.
///
/// | name | initials |
/// | --- | --- |
/// | `Ines Halvorsen` | `IH` |
/// | `Anna` | `A` |
/// | `王小明` | `小明` |
pub fn initials(name: &str) -> String {
    let is_latin = name.chars().next().is_some_and(|c| c.is_ascii() || c < '\u{2e80}');
    if !is_latin {
        let all: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
        let from = all.len().saturating_sub(2);
        return all[from..].iter().collect();
    }
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// The face of a person; their name stands beside it.
pub fn face(name: &str) -> Markup {
    html! { span.face-i aria-hidden="true" { (initials(name)) } }
}

/// A key of the keyboard that does the same.
pub fn key(name: &str) -> Markup {
    html! { kbd { (name) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_known_by_their_initials() {
        for (name, letters) in [
            ("Ines Halvorsen", "IH"),
            ("Anna", "A"),
            ("Jean de la Tour", "JT"),
            ("王小明", "小明"),
            ("李伟", "李伟"),
            ("", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
