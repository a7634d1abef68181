//! Records as cards in columns. What moves a card is the transition to the other state; the menu on
//! the card names those that lead on from here, and works without a script. Whether one is open to
//! the reader is decided where it is asked for: asking for every card would cost a query a card.

use super::list::asked;
use super::value::{plain, title_of};
use super::{Desk, Found, Record};
use crate::problem::Result;
use crate::show::mark;
use engine::Question;
use maud::{Markup, html};
use model::definition::page::Board;
use model::definition::{FieldKind, Note, RecordType, Transition};
use model::{Label, Language, Name};
use serde_json::Value as Json;

/// `block` tells the ids of this board from those of another on the page.
pub fn draw(desk: &Desk, block: &Name, board: &Board) -> Result<Markup> {
    let definition = desk.definition(&board.record)?;
    let parts = [Some(&board.columns), board.person.as_ref(), board.priority.as_ref()];
    let columns: Vec<Name> = parts.into_iter().flatten().cloned().collect();
    let shown: Vec<String> = board.show.iter().map(|name| format!("'{name}'")).collect();
    let among = format!("{} in [{}]", board.columns, shown.join(", "));
    let filter = super::both(Some(&among), desk.filled(board.filter.as_ref()).as_deref());
    let sort = board.priority.as_ref().map(Name::to_string);
    let question = Question {
        record_type: board.record.to_string(),
        filter: filter.clone(),
        columns: Some(asked(&definition, &columns)),
        sort,
        limit: Some(board.limit),
        ..Question::default()
    };
    let found = desk.find(&question)?;
    let all = desk.list_address(&board.record, filter.as_deref());
    Ok(html! {
        div.scroll-x tabindex="0" role="region" aria-label=(desk.t("Board", "看板")) {
            div.board {
                @for name in &board.show {
                    @let id = format!("{block}-{name}");
                    (column(desk, board, &definition, (name, &id), &found))
                }
            }
        }
        (desk.cut(&found, &all))
    })
}

fn column(
    desk: &Desk,
    board: &Board,
    definition: &RecordType,
    (name, id): (&Name, &str),
    found: &Found,
) -> Markup {
    let is_here = |record: &&Record| {
        record.get(board.columns.as_str()).and_then(Json::as_str) == Some(name.as_str())
    };
    let cards: Vec<&Record> = found.records.iter().filter(is_here).collect();
    html! {
        section aria-labelledby=(id) data-column=(name) {
            h3 id=(id) {
                @if board.columns == "state" {
                    (mark::state(definition, name, desk.watch.language))
                } @else {
                    (choice(desk, definition, &board.columns, name))
                }
                span.count { (cards.len()) }
            }
            @for record in cards { (card(desk, board, definition, record)) }
        }
    }
}

fn choice<'d>(desk: &Desk, definition: &'d RecordType, field: &Name, name: &'d Name) -> &'d str {
    let kind = definition.fields.get(field).map(|field| &field.kind);
    let label: Option<&Label> = match kind {
        Some(FieldKind::Choice(choices)) => choices.0.get(name),
        _ => None,
    };
    label.map_or(name.as_str(), |label| label.text(desk.watch.language))
}

fn card(desk: &Desk, board: &Board, definition: &RecordType, record: &Record) -> Markup {
    let address = desk.record_address(record);
    let number = record.get("number").map(plain).unwrap_or_default();
    let priority = board.priority.as_ref().and_then(|field| {
        let name = record.get(field.as_str())?.as_str()?;
        let FieldKind::Choice(choices) = &definition.fields.get(field)?.kind else { return None };
        let (place, _, label) = choices.0.get_full(name)?;
        Some(mark::priority(place + 1, desk.label(label), desk.watch.language))
    });
    let person = board.person.as_ref().and_then(|field| record.get(field.as_str()));
    let person = person.filter(|person| person.is_object());
    let moves = if board.columns == "state" {
        moves(desk, definition, record)
    } else {
        html! {}
    };
    html! {
        article.card data-record=(address) {
            p {
                @if let Some(priority) = priority { (priority) }
                span.id { (number) }
                @if let Some(person) = person {
                    span.push {}
                    (mark::face(&plain(person))) (title_of(person))
                }
            }
            a href=(address) { (desk.title(definition, record)) }
            (moves)
        }
    }
}

/// The transitions that lead on from the state of the card. One that asks for fields or a note
/// leads to the record, where they are asked for.
fn moves(desk: &Desk, definition: &RecordType, record: &Record) -> Markup {
    let state = record.get("state").and_then(Json::as_str).unwrap_or("");
    let from_here = |transition: &&Transition| {
        transition.from.iter().any(|from| *from == *state) && *transition.to != *state
    };
    let moves: Vec<&Transition> = definition.transitions.values().filter(from_here).collect();
    let address = desk.record_address(record);
    let zh = desk.watch.language == Language::ZH;
    html! {
        @if !moves.is_empty() {
            details {
                summary { (if zh { "移动" } else { "Move" }) }
                div.btns {
                    @for one in moves {
                        @let label = desk.label(&one.label);
                        @let direct = one.needs.is_empty() && one.note == Note::Optional;
                        @if direct {
                            form method="post" action=(format!("{address}/move/{}", one.name))
                                data-to=(one.to) {
                                input type="hidden" name="csrf" value=(desk.csrf);
                                input type="hidden" name="base"
                                    value=(record.get("version").map(plain).unwrap_or_default());
                                button.btn type="submit" { (label) }
                            }
                        } @else {
                            a.btn href=(format!("{address}?move={}", one.name)) data-to=(one.to) {
                                (label) "…"
                            }
                        }
                    }
                }
            }
        }
    }
}
