//! The reference of the definition language, `docs/definition.md`, generated from
//! [`crate::grammar`] and the list of problems.

use crate::definition::BUILT_IN;
use crate::grammar::{
    ADDRESSES, BARS, BINDING, BLOCK, BLOCKS, COLUMNS, EXPORTED, EXPRESSION_WORDS, FIELD_TYPES,
    FIGURE, GROUND, KINDS, Key, Kind, Names, PAGE, PARAMETER, RECORD, Shape,
};
use crate::problem::IDS;

/// The whole page.
pub fn reference() -> String {
    let mut page = String::from(BEGINNING);
    page.push_str(&kind(&RECORD, "[record]"));
    for one in KINDS {
        page.push_str(&kind(one, &format!("[{}.NAME]", one.name)));
        if one.name == "field" {
            page.push_str(&field_types());
        }
    }
    page.push_str(OVERLAYS);
    page.push_str(FILES);
    page.push_str(&kind(&BINDING, "[PURPOSE]"));
    page.push_str(PAGES);
    page.push_str(&kind(&PAGE, "[page]"));
    page.push_str(&kind(&PARAMETER, "[query.NAME]"));
    page.push_str(&kind(&BLOCK, "[block.NAME]"));
    for one in BLOCKS {
        page.push_str(&kind(one, &format!("[block.NAME] kind = \"{}\"", one.name)));
    }
    page.push_str(&kind(&BARS, "[block.NAME.bars]"));
    page.push_str(&kind(&GROUND, "[block.NAME.ground]"));
    page.push_str(&kind(&FIGURE, "[block.NAME.figure.NAME]"));
    page.push_str(&names());
    page.push_str(&problems());
    page
}

const BEGINNING: &str = "\
# The definition language

Generated from `crates/model/src/grammar`; change it there and run `UPDATE=1 cargo test -p model`.

A record type is one TOML file, `processes/PROCESS/NAME.toml`, read top down: what a record is,
how it moves, who may do what, what it proves, what is shown. Three conventions carry it:

- `[kind.name]`: every named thing is one table, so that a name exists only once. The order in the
  file is the order on the page, and the rank of choices.
- A label, a help or a message holds a text in each language, `{ en = \"...\", zh = \"...\" }`.
  English and Chinese are required; further languages are added by overlays.
- Logic is an expression in quotes, checked and typed when the file is loaded.

A record type that `extends` another has all its tables, first, and adds its own. Field names are
unique over all record types that extend one another; everything else is unique along the line of
inheritance, but a list may take the place of an inherited one. A section that a subtype adds may
be edited in each inherited state that lets any section be edited.
";

const OVERLAYS: &str = "
## Overlays

A file that begins with `extend` changes a record type (or `roles`) without touching its file. Each
table says what it does: `add` what is new, `set` what exists, `remove` by name. What does not fit
(adding what is there, setting or removing what is not) is a problem. Under `set`, tables are merged
key by key, any other value takes the place of what was there.

```toml
extend = \"change\"

[add.field.cost_centre]
type  = \"text\"
label = { en = \"Cost centre\", zh = \"成本中心\" }

[set.approval.change_advisory_board]
quorum = 3

[set.field.summary.label]
fr = \"Résumé\"

[remove]
measure = [\"emergency_share\"]
```
";

const FILES: &str = "
## Files beside record types

`roles.toml` holds `[role.NAME]` tables, each with `label` and, where it fits, `everybody` or \
`administers`.
`menus.toml` holds `[menu.NAME]` tables, each with `label`: the parts of the navigation in their \
order.
`engine.toml` holds one table for each purpose:
";

const PAGES: &str = "
## Pages

A page is a file `processes/PROCESS/pages/NAME.toml`: a list of blocks, each a picture or a list of
records, drawn with the rights and in the language of the reader. `[query]` declares its parameters,
which stand in the address (`/changes/calendar?from=2026-11-23`) and in `where` as `query.NAME`. A
parameter beside a date or an instant is a `date`: beside an instant it is the midnight that begins
the day, in the reader's time zone. An overlay changes a page with `extend = \"page.NAME\"`.
";

fn kind(kind: &Kind, title: &str) -> String {
    let mut text = format!("\n## `{title}`\n\n{}\n\n", kind.meaning);
    text.push_str(
        "| key | holds | default | meaning | example |\n| --- | --- | --- | --- | --- |\n",
    );
    for key in kind.keys {
        text.push_str(&row(key));
    }
    text.push_str(&format!("\n```toml\n{}\n```\n", kind.example));
    text
}

fn row(key: &Key) -> String {
    let default = if key.required { "**required**" } else { key.default };
    let cells = [
        format!("`{}`", key.name),
        holds(key.shape),
        default.to_string(),
        key.meaning.to_string(),
        format!("`{}`", key.example),
    ];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

/// What a key holds, in a few words.
fn holds(shape: Shape) -> String {
    match shape {
        Shape::Text | Shape::Sort | Shape::NumberFormat => "text".into(),
        Shape::Label => "text per language".into(),
        Shape::YesNo => "true, false".into(),
        Shape::Integer { min, max } => format!("{min} to {max}"),
        Shape::Number => "number".into(),
        Shape::OneOf(known) if known.len() > 8 => "text".into(),
        Shape::OneOf(known) => format!("`{}`", known.join("`, `")),
        Shape::Name(names) => named(names, false).into(),
        Shape::Names(names) => named(names, true).into(),
        Shape::Expression(_) => "expression".into(),
        Shape::Expressions => "table: field to expression".into(),
        Shape::Duration => "length of time".into(),
        Shape::Targets => "length of time, or table: choice to length of time".into(),
        Shape::Choices => "table: choice to text per language".into(),
        Shape::InitialState => "table with `initial`".into(),
        Shape::Requirement => "id of a requirement".into(),
        Shape::Table(kind) => format!("table: see `{}`", kind.name),
        Shape::Tables(kind) => format!("tables by name: see `{}`", kind.name),
    }
}

fn named(names: Names, several: bool) -> &'static str {
    match (names, several) {
        (Names::RecordType, _) => "record type",
        (Names::Field, false) => "field",
        (Names::Field, true) => "fields",
        (Names::FieldOrLink, _) => "fields, links",
        (Names::Stored, false) => "field or what every record has",
        (Names::Stored, true) => "fields, what every record has",
        (Names::Column, _) => "fields, links, what every record has",
        (Names::Section, _) => "sections",
        (Names::State, false) => "state",
        (Names::State, true) => "states",
        (Names::Rule, _) => "rules",
        (Names::Approval, _) => "approvals",
        (Names::Role, _) => "roles",
        (Names::Link, false) => "link",
        (Names::Link, true) => "links",
        (Names::List, _) => "list, as `TYPE.NAME`",
        (Names::Measure, _) => "measure, as `TYPE.NAME`",
        (Names::Choice, _) => "choices or states",
        (Names::Parameter, _) => "parameter",
        (Names::Menu, _) => "menu",
    }
}

fn field_types() -> String {
    let mut text = String::from("\n### Field types\n\n| type | meaning | keys of its own |\n");
    text.push_str("| --- | --- | --- |\n");
    for one in FIELD_TYPES {
        let key = |key: &&str| {
            let must = if one.must.contains(key) { " (required)" } else { "" };
            format!("`{key}`{must}")
        };
        let keys: Vec<String> = one.keys.iter().map(key).collect();
        text.push_str(&format!("| `{}` | {} | {} |\n", one.name, one.meaning, keys.join(", ")));
    }
    text
}

fn names() -> String {
    let built_in = BUILT_IN.join("`, `");
    let words = EXPRESSION_WORDS.join("`, `");
    let columns = COLUMNS.join("`, `");
    let addresses = ADDRESSES.join("`, `");
    let exported = EXPORTED.join("`, `");
    format!(
        "
## Names

A name is `a-z`, then `a-z 0-9 _`, at most 48 characters. Every record has
`{built_in}`;
`state` only where there are states, `number` only where there is a number format. No field or link
is called so, nor like a column of the database (`{columns}`)
or a word of expressions
(`{words}`),
nor has it two underscores in a row. No record type is called like another address below `/api/v1/`
(`{addresses}`)
or a file of an export (`{exported}`).
"
    )
}

fn problems() -> String {
    let mut text = String::from(PROBLEMS);
    for (id, meaning) in IDS {
        text.push_str(&format!("| `{id}` | {meaning} |\n"));
    }
    text
}

const PROBLEMS: &str = "
## Problems

All problems of all files are told at once, each with its place and a hint. Those inside expressions
begin with `expression-` and are listed with the expressions.

| id | meaning |
| --- | --- |
";
