//! The shape of definitions: known kinds and keys, values of the right type, both languages.
//!
//! Looks at one value at a time and at nothing else; whether a name leads somewhere is checked
//! when all names are known. What is wrong here is not told again later: readers after this take
//! what fits and leave the rest.

use super::{duration, number_format};
use crate::definition::BUILT_IN;
use crate::grammar::{self, ADDRESSES, COLUMNS, EXPORTED, EXPRESSION_WORDS, Key, Kind, Shape};
use crate::label::Language;
use crate::name::Name;
use crate::problem::Report;
use crate::tree::{Entry, Node, Value};

pub(super) mod page;

/// Checks a definition: `[record]` and the kinds.
pub(crate) fn definition(root: &Node, report: &mut Report) {
    for entry in root.entries() {
        match grammar::kind(&entry.key) {
            None => report.unknown_kind(entry.key_span, &entry.key, &grammar::kind_names()),
            Some(kind) if kind.name == grammar::RECORD.name => record(kind, entry, report),
            Some(kind) => names(kind, entry, report),
        }
    }
}

/// Checks `roles.toml`: nothing but roles.
pub(crate) fn roles(root: &Node, report: &mut Report) {
    for entry in root.entries() {
        if entry.key != grammar::ROLE.name {
            report.unknown_kind(entry.key_span, &entry.key, &[grammar::ROLE.name]);
            continue;
        }
        names(&grammar::ROLE, entry, report);
        for role in entry.node.entries() {
            if let Some(scope) = role.node.get("for") {
                let owner = "role outside a record type";
                report.unknown_key(
                    scope.key_span,
                    owner,
                    "for",
                    &["label", "everybody", "administers"],
                );
            }
        }
    }
}

/// Checks `menus.toml`: nothing but menus.
pub(crate) fn menus(root: &Node, report: &mut Report) {
    for entry in root.entries() {
        match entry.key == grammar::MENU.name {
            true => names(&grammar::MENU, entry, report),
            false => report.unknown_kind(entry.key_span, &entry.key, &[grammar::MENU.name]),
        }
    }
}

/// Checks `engine.toml`: one table a purpose.
pub(crate) fn bindings(root: &Node, report: &mut Report) {
    for purpose in root.entries() {
        name(purpose, report);
        if table(&grammar::BINDING, purpose, report) {
            for part in purpose.node.entries() {
                name(part, report);
                if part.node.as_text().is_none() {
                    report.wrong_type(part.node.span, &part.key, "the name of a field or link");
                }
            }
        }
    }
}

fn record(kind: &Kind, entry: &Entry, report: &mut Report) {
    if !table(kind, entry, report) {
        return;
    }
    let Some(named) = entry.node.get("name") else { return };
    let Some(text) = named.node.as_text() else { return };
    if Name::new(text).is_none() {
        report.bad_name(named.node.span, text);
    }
    let files = [super::files::ROLES, super::files::MENUS, super::files::ENGINE];
    let taken = ["record", "link"].contains(&text) || files.contains(&text);
    if taken || EXPRESSION_WORDS.contains(&text) {
        report.reserved_name(named.node.span, text, "the word has a meaning of its own");
    } else if ADDRESSES.contains(&text) {
        report.address_taken(named.node.span, text);
    } else if EXPORTED.contains(&text) {
        report.reserved_name(named.node.span, text, "a file of an export is called so");
    }
    if text.ends_with("_was") {
        report.reserved_name(named.node.span, text, "`_was` names what a record was before");
    }
}

fn names(kind: &Kind, entry: &Entry, report: &mut Report) {
    if !entry.node.is_table() {
        report.wrong_type(entry.node.span, &entry.key, "a table of names");
        return;
    }
    for named in entry.node.entries() {
        name(named, report);
        if ["field", "link"].contains(&kind.name) {
            unreserved(named, report);
        }
        table(kind, named, report);
    }
}

fn name(named: &Entry, report: &mut Report) {
    if Name::new(&named.key).is_none() {
        report.bad_name(named.key_span, &named.key);
    }
}

fn unreserved(named: &Entry, report: &mut Report) {
    if BUILT_IN.contains(&named.key.as_str()) {
        report.reserved_name(named.key_span, &named.key, "every record has one already");
    } else if COLUMNS.contains(&named.key.as_str()) {
        report.reserved_name(named.key_span, &named.key, "the database has a column of that name");
    } else if EXPRESSION_WORDS.contains(&named.key.as_str()) {
        report.reserved_name(named.key_span, &named.key, "it is a word of expressions");
    } else if ["links", "hidden"].contains(&named.key.as_str()) {
        report.reserved_name(named.key_span, &named.key, "every record's JSON has such a member");
    } else if named.key.contains("__") {
        let meaning = "two underscores part a field from a part of it, as in `cost__currency`";
        report.reserved_name(named.key_span, &named.key, meaning);
    }
}

/// Checks one table by its kind; false where it is no table at all.
fn table(kind: &Kind, named: &Entry, report: &mut Report) -> bool {
    if !named.node.is_table() {
        report.wrong_type(named.node.span, &named.key, "a table");
        return false;
    }
    for entry in named.node.entries() {
        match kind.key(&entry.key) {
            Some(key) => value(key, entry, report),
            None if kind.open => {}
            None => report.unknown_key(entry.key_span, kind.name, &entry.key, &kind.key_names()),
        }
    }
    for key in kind.keys.iter().filter(|key| key.required) {
        if named.node.get(key.name).is_none() {
            report.missing_key(named.key_span, &owner(kind, named), key.name, key.example);
        }
    }
    true
}

/// How a table is called in messages: "transition `close`".
fn owner(kind: &Kind, named: &Entry) -> String {
    match kind.name {
        "record" => "`[record]`".to_string(),
        name => format!("{name} `{}`", named.key),
    }
}

fn value(key: &Key, entry: &Entry, report: &mut Report) {
    if !fits(key.shape, &entry.node) {
        report.wrong_type(entry.node.span, &entry.key, &key.shape.expected());
        return;
    }
    let node = &entry.node;
    match key.shape {
        Shape::Label => label(entry, report),
        Shape::Integer { min, max } if node.as_integer().is_some_and(|i| i < min || i > max) => {
            report.out_of_range(node.span, &entry.key, min, max);
        }
        Shape::OneOf(known) => {
            let text = node.as_text().unwrap_or_default();
            if !known.contains(&text) {
                report.unknown_value(node.span, &entry.key, text, known);
            }
        }
        Shape::Duration | Shape::Targets => durations(key.shape, entry, report),
        Shape::Choices => choices(entry, report),
        Shape::InitialState => initial(entry, report),
        Shape::NumberFormat => {
            let text = node.as_text().unwrap_or_default();
            if number_format::parse(text).is_none() {
                report.bad_number_format(node.span, text);
            }
        }
        Shape::Table(kind) => {
            table(kind, entry, report);
        }
        Shape::Tables(kind) => names(kind, entry, report),
        // An empty expression is told of by the checker of expressions.
        Shape::Expression(_) => {}
        _ if node.as_text().is_some_and(|text| text.trim().is_empty()) => {
            report.empty_text(node.span, &entry.key);
        }
        _ => {}
    }
}

/// Whether a value has the type of TOML that the shape needs.
fn fits(shape: Shape, node: &Node) -> bool {
    let texts = |node: &Node| node.items().iter().all(|item| item.as_text().is_some());
    match shape {
        Shape::YesNo => node.as_yes_no().is_some(),
        Shape::Integer { .. } => node.as_integer().is_some(),
        Shape::Number => matches!(node.value, Value::Integer(_) | Value::Decimal(_)),
        Shape::Names(_) => node.is_list() && texts(node),
        Shape::Label | Shape::InitialState | Shape::Table(_) | Shape::Tables(_) => node.is_table(),
        Shape::Expressions => {
            node.is_table() && node.entries().iter().all(|entry| entry.node.as_text().is_some())
        }
        Shape::Targets | Shape::Choices => node.is_table() || node.as_text().is_some(),
        _ => node.as_text().is_some(),
    }
}

/// Checks a text per language. `entry` is the key that holds it.
fn label(entry: &Entry, report: &mut Report) {
    for text in entry.node.entries() {
        if Language::new(&text.key).is_none() {
            report.bad_language(text.key_span, &text.key);
        }
        match text.node.as_text() {
            None => report.wrong_type(text.node.span, &text.key, "a text in quotes"),
            Some(words) if words.trim().is_empty() => report.empty_text(text.node.span, &text.key),
            Some(_) => {}
        }
    }
    for language in Language::REQUIRED {
        if entry.node.get(language.as_str()).is_none() {
            report.missing_language(entry.key_span, &entry.key, language.as_str());
        }
    }
}

fn durations(shape: Shape, entry: &Entry, report: &mut Report) {
    let days = shape == Shape::Targets;
    let one = |node: &Node, report: &mut Report| match node.as_text() {
        None => report.wrong_type(node.span, &entry.key, &Shape::Duration.expected()),
        Some(text) if days && duration::target(text).is_none() => {
            let hint = "`30m` or `4h` of working time, or `3d`: service days of the calendar";
            report.bad_duration(node.span, text, hint);
        }
        Some(text) if !days && duration::elapsed(text).is_none() => {
            report.bad_duration(node.span, text, "for example `30m`, `4h`, `5d`");
        }
        Some(_) => {}
    };
    match entry.node.is_table() {
        false => one(&entry.node, report),
        true => entry.node.entries().iter().for_each(|choice| one(&choice.node, report)),
    }
}

fn choices(entry: &Entry, report: &mut Report) {
    if let Some(text) = entry.node.as_text() {
        if text != "roles" {
            report.unknown_value(entry.node.span, &entry.key, text, &["roles"]);
        }
        return;
    }
    for choice in entry.node.entries() {
        name(choice, report);
        match choice.node.is_table() {
            true => label(choice, report),
            false => {
                report.wrong_type(choice.node.span, &choice.key, &Shape::Label.expected());
            }
        }
    }
}

fn initial(entry: &Entry, report: &mut Report) {
    for key in entry.node.entries() {
        if key.key != "initial" {
            report.unknown_key(key.key_span, "`state`", &key.key, &["initial"]);
        } else if key.node.as_text().is_none() {
            report.wrong_type(key.node.span, "initial", "one name in quotes");
        }
    }
    if entry.node.get("initial").is_none() {
        report.missing_key(entry.key_span, "`state`", "initial", "\"draft\"");
    }
}
