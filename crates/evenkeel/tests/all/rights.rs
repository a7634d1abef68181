//! Rights as a whole. Here: every role, record type, state and right written out from the
//! definitions, a file a process, to be reviewed whenever it changes (`UPDATE=1` rewrites it).

mod partial;
mod text;

use crate::world::MODEL;
use model::Name;
use model::definition::{Permission, RecordType, Role, State};
use model::expression::Expression;
use partial::given_state;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

#[test]
fn rights_are_as_reviewed() {
    let mut stale = Vec::new();
    for (process, text) in by_process() {
        let path = output().join(format!("{process}.txt"));
        let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
        if reviewed == text {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(output()).unwrap();
            std::fs::write(&path, &text).unwrap();
        } else {
            let line = text.lines().zip(reviewed.lines()).position(|(new, old)| new != old);
            let line = line.unwrap_or_else(|| text.lines().count().min(reviewed.lines().count()));
            stale.push(format!("{process}.txt, from line {}", line + 1));
        }
    }
    assert!(stale.is_empty(), "rights have changed; run with UPDATE=1 and review: {stale:?}");
}

fn output() -> PathBuf {
    let here = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/output"));
    std::env::var_os("OUTPUT").map_or(here, PathBuf::from).join("permissions")
}

fn by_process() -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for definition in MODEL.record_types.values() {
        let file = files.entry(definition.process.to_string()).or_insert_with(|| HEAD.into());
        record_type(file, definition);
    }
    files
}

const HEAD: &str = "\
Who may do what, as it follows from the definitions. A right stands with the condition under which
it is given, on the records on which the role counts, and with the states where it differs by state;
what is not listed is not given. `edits` are the sections that the role may edit where it may write.
";

fn record_type(out: &mut String, definition: &RecordType) {
    let _ = write!(out, "\n\n==== {}\n", definition.name);
    let parent = definition.lineage.get(1).and_then(|parent| MODEL.record_type(parent));
    let (mut without, mut alike) = (Vec::new(), Vec::new());
    for role in MODEL.roles.values() {
        let text = of_role(definition, role);
        if !concerns(definition, &role.name) {
            without.push(role.name.as_str());
        } else if parent.is_some_and(|parent| of_role(parent, role) == text) {
            alike.push(role.name.as_str());
        } else {
            out.push_str(&text);
        }
    }
    if let Some(parent) = parent {
        let _ = writeln!(out, "\nas {}: {}", parent.name, alike.join(", "));
    }
    let _ = writeln!(out, "\nnothing at all: {}", without.join(", "));
}

fn concerns(definition: &RecordType, role: &Name) -> bool {
    definition.permissions.contains_key(role)
        || definition.transitions.values().any(|t| t.by.contains(role))
        || definition.approvals.values().any(|a| a.by.contains(role))
}

fn of_role(definition: &RecordType, role: &Role) -> String {
    let none = Permission::default();
    let permission = definition.permissions.get(&role.name).unwrap_or(&none);
    let on = definition.role_scopes.get(&role.name).map_or("all", |scope| &*scope.source);
    let held = if role.everybody { " (held by everybody)" } else { "" };
    let mut out = format!("\n{}{held}, on: {on}\n", role.name);
    let initial = definition.initial.as_ref().and_then(|initial| definition.states.get(initial));
    let sees = match &permission.see {
        Some(see) => join(see.iter().map(Name::as_str)),
        None if permission.read.is_some() => "all sections".into(),
        None => "-".into(),
    };
    let approves = definition.approvals.values().filter(|a| a.by.contains(&role.name));
    line(&mut out, "creates", &right(permission.create.as_ref(), initial));
    line(&mut out, "sees", &sees);
    let rights = [
        ("reads", &permission.read),
        ("writes", &permission.write),
        ("internal notes", &permission.internal),
        ("withdraws", &permission.withdraw),
    ];
    for (word, expression) in rights {
        by_state(&mut out, definition, word, &|state| right(expression.as_ref(), state));
    }
    by_state(&mut out, definition, "edits", &|state| edits(definition, permission, state));
    by_state(&mut out, definition, "steps", &|state| steps(definition, &role.name, state));
    line(&mut out, "approves", &join(approves.map(|a| a.name.as_str())));
    out
}

fn line(out: &mut String, word: &str, text: &str) {
    if text != "-" {
        let _ = writeln!(out, "  {word:<16}{text}");
    }
}

/// One right, with the states in which it is the same.
fn by_state(
    out: &mut String,
    definition: &RecordType,
    word: &str,
    of: &dyn Fn(Option<&State>) -> String,
) {
    let mut groups: Vec<(Vec<&str>, String)> = Vec::new();
    for state in definition.states.values() {
        let text = of(Some(state));
        match groups.iter_mut().find(|(_, same)| *same == text) {
            Some((states, _)) => states.push(state.name.as_str()),
            None => groups.push((vec![state.name.as_str()], text)),
        }
    }
    match groups.as_slice() {
        [] => line(out, word, &of(None)),
        [(_, text)] => line(out, word, text),
        groups => {
            let given: Vec<_> = groups.iter().filter(|(_, text)| text != "-").collect();
            for (place, (states, text)) in given.iter().enumerate() {
                let word = if place == 0 { word } else { "" };
                line(out, word, &format!("{}: {text}", states.join(", ")));
            }
        }
    }
}

fn steps(definition: &RecordType, role: &Name, state: Option<&State>) -> String {
    let leaving = definition.transitions.values().filter(|transition| {
        let here = state.is_some_and(|state| transition.from.contains(&state.name));
        here && transition.by.contains(role)
    });
    join(leaving.map(|transition| transition.name.as_str()))
}

fn right(expression: Option<&Expression>, state: Option<&State>) -> String {
    let Some(expression) = expression else { return "-".into() };
    let node = match state {
        Some(state) => given_state(&expression.node, &state.name),
        None => expression.node.clone(),
    };
    match text::of(&node).as_str() {
        "true" => "yes".into(),
        "false" => "-".into(),
        condition => format!("[{condition}]"),
    }
}

fn edits(definition: &RecordType, permission: &Permission, state: Option<&State>) -> String {
    if right(permission.write.as_ref(), state) == "-" {
        return "-".into();
    }
    let open = definition.sections.values().filter(|section| {
        state.is_none_or(|state| state.editable.contains(&section.name))
            && permission.see.as_ref().is_none_or(|see| see.contains(&section.name))
    });
    join(open.map(|section| section.name.as_str()))
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "-".into() } else { names.join(" ") }
}
