//! Mappings with and without mistakes.

use super::*;

const DEFINITION: &str = r#"
[record]
name   = "thing"
label  = { en = "Thing", zh = "事物" }
plural = { en = "Things", zh = "事物" }
title  = "name"
state  = { initial = "open" }
[section.main]
label  = { en = "Main", zh = "主要" }
fields = ["name", "kind", "since", "part_of"]
[field.name]
type  = "text"
label = { en = "Name", zh = "名称" }
max   = 20
required = true
[field.kind]
type    = "choice"
label   = { en = "Kind", zh = "种类" }
choices = { a = { en = "A", zh = "甲" }, b = { en = "B", zh = "乙" } }
[field.since]
type  = "datetime"
label = { en = "Since", zh = "自" }
[field.part_of]
type  = "reference"
to    = "thing"
label = { en = "Part of", zh = "属于" }
[state.open]
label    = { en = "Open", zh = "打开" }
category = "closed"
editable = ["main"]
"#;

fn model() -> Model {
    let mut sources = model::Sources::new();
    sources.add("processes/thing/thing.toml", DEFINITION);
    model::load(&sources, &model::Options::default()).unwrap_or_else(|p| panic!("{p}"))
}

/// The mistakes of a mapping: line and id.
fn mistakes(text: &str) -> Vec<(usize, &'static str)> {
    match load(&model(), "a.toml", text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.list.iter().map(|p| (p.from.line, p.id)).collect(),
    }
}

#[test]
fn a_mapping_without_mistakes() {
    let text = r#"
[import]
record = "thing"
key    = ["name"]
format = "%d/%m/%Y %H:%M"
[field.name]
column = "n"
[field.kind]
column  = "k"
choices = { "x" = "a", "y" = "乙" }
[field.since]
column = "s"
[field.part_of]
column = "p"
create = true
"#;
    assert_eq!(mistakes(text), []);
}

#[test]
fn all_mistakes_come_at_once_with_their_places() {
    let text = r#"[import]
record = "thing"
key    = ["nam"]
zone   = "Mars/Base"
colour = "red"
[field.name]
constant = "x"
column   = "y"
[field.kind]
column  = "k"
choices = { "x" = "c" }
[field.since]
column = "s"
format = "%d/%m/%Y"
[field.state]
column = "z"
[field.other]
column = "o"
[field.part_of]
column = "p"
match  = "nothing"
"#;
    let want = [
        (3, "unknown-field"),
        (4, "unknown-zone"),
        (5, "unknown-key"),
        (6, "source-shape"),
        (11, "unknown-value"),
        (15, "needs-replay"),
        (17, "unknown-field"),
        (21, "unknown-field"),
    ];
    assert_eq!(mistakes(text), want);
    assert_eq!(mistakes("[import]\n[field]"), [(1, "missing-key")]);
    assert_eq!(mistakes("[import]\nrecord = \"thin\""), [(2, "unknown-record-type")]);
    assert!(mistakes("[import\n").iter().any(|(_, id)| *id == "not-toml"));
}
