//! Changes to the text of an overlay that leave the rest of it as it is: comments, order, blanks.
//!
//! An [`Edit`] is what a person asks for in a form. What it makes of the text is checked by the
//! loader like any text; here nothing is looked up.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// A text in the two languages that every label has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Both {
    pub en: String,
    pub zh: String,
}

/// A list that gets one name more: where it stands, and what it holds as in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joins {
    /// The name of the section or transition.
    pub name: String,
    pub in_force: Vec<String>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// A new field, shown at the end of a section.
    Field(NewField),
    /// A choice of a field, new or with another label.
    Choice { field: String, choice: String, label: Both },
    /// Another label of a named part, or of the record type itself where the name is empty. `key`
    /// is `label`, `plural`, `help` or `message`.
    Label { kind: String, name: String, key: String, label: Both },
    /// A new list.
    List { name: String, label: Both, columns: Vec<String>, filter: String, sort: String },
    /// A new rule: checked at every write, or by the transitions that it joins.
    Rule { name: String, holds: String, message: Both, always: bool, transitions: Vec<Joins> },
}

/// A field as a form describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewField {
    pub name: String,
    /// One of [`crate::grammar`]'s field types.
    pub kind: String,
    pub label: Both,
    /// Names and labels, in their order; for kinds that have choices.
    pub choices: Vec<(String, Both)>,
    /// The record type referred to; for references.
    pub to: Option<String>,
    pub required: bool,
    pub section: Joins,
}

/// Why a text was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// It is not TOML.
    NotToml,
    /// It extends another record type (empty: none).
    Extends(String),
    /// Something else stands where a table would be made.
    InTheWay(String),
}

/// The text with the change made. An empty text becomes an overlay over the record type `extend`.
///
/// # Errors
/// [`Hindrance`].
pub fn apply(text: &str, extend: &str, edit: &Edit) -> Result<String, Hindrance> {
    let mut overlay = Overlay::read(text, extend)?;
    match edit {
        Edit::Field(field) => overlay.field(field)?,
        Edit::Choice { field, choice, label } => overlay.choice(field, choice, label)?,
        Edit::Label { kind, name, key, label } => {
            overlay.part(kind, name)?.insert(key, inline(label).into());
        }
        Edit::List { name, label, columns, filter, sort } => {
            let list = overlay.new_part("list", name)?;
            list.insert("label", inline(label).into());
            list.insert("columns", names(columns).into());
            for (key, text) in [("where", filter), ("sort", sort)] {
                if !text.is_empty() {
                    list.insert(key, text.as_str().into());
                }
            }
        }
        Edit::Rule { name, holds, message, always, transitions } => {
            let rule = overlay.new_part("rule", name)?;
            rule.insert("holds", holds.as_str().into());
            rule.insert("message", inline(message).into());
            if *always {
                rule.insert("always", true.into());
            }
            for joined in transitions {
                overlay.join("transition", "rules", joined, name)?;
            }
        }
    }
    let text = overlay.0.to_string();
    match text.parse::<DocumentMut>() {
        Ok(_) => Ok(text),
        Err(_) => Err(Hindrance::InTheWay(String::new())),
    }
}

struct Overlay(DocumentMut);

impl Overlay {
    fn read(text: &str, extend: &str) -> Result<Overlay, Hindrance> {
        let begun = format!("extend = {}\n", Value::from(extend));
        let text = if text.trim().is_empty() { &begun } else { text };
        let document: DocumentMut = text.parse().map_err(|_| Hindrance::NotToml)?;
        let extends = document.get("extend").and_then(Item::as_str).unwrap_or_default();
        match extends == extend {
            true => Ok(Overlay(document)),
            false => Err(Hindrance::Extends(extends.to_string())),
        }
    }

    /// The table of this path, made where there is none; all but the last have no head of their
    /// own.
    fn slot(&mut self, path: &[&str]) -> Result<&mut Table, Hindrance> {
        let mut at = self.0.as_table_mut();
        for (step, key) in path.iter().enumerate() {
            let mut new = Table::new();
            new.set_implicit(step + 1 < path.len());
            let item = at.entry(key).or_insert(Item::Table(new));
            if item.is_inline_table() {
                let taken = std::mem::take(item);
                *item = taken.into_table().map_or_else(|left| left, Item::Table);
            }
            at = item.as_table_mut().ok_or_else(|| Hindrance::InTheWay((*key).to_string()))?;
        }
        Ok(at)
    }

    fn adds(&self, kind: &str, name: &str) -> bool {
        let add = self.0.get("add").and_then(|add| add.get(kind));
        add.is_some_and(|kinds| kinds.get(name).is_some())
    }

    /// Where this overlay says something of a part: where it adds it, else where it sets it.
    fn part(&mut self, kind: &str, name: &str) -> Result<&mut Table, Hindrance> {
        match (name.is_empty(), self.adds(kind, name)) {
            (true, _) => self.slot(&["set", kind]),
            (false, true) => self.slot(&["add", kind, name]),
            (false, false) => self.slot(&["set", kind, name]),
        }
    }

    /// The table of a part that is added. What an overlay adds already is not written over: what
    /// the form does not name would stay as it was.
    fn new_part(&mut self, kind: &str, name: &str) -> Result<&mut Table, Hindrance> {
        if self.adds(kind, name) {
            return Err(Hindrance::InTheWay(name.to_string()));
        }
        self.slot(&["add", kind, name])
    }

    fn field(&mut self, field: &NewField) -> Result<(), Hindrance> {
        let table = self.new_part("field", &field.name)?;
        table.insert("type", field.kind.as_str().into());
        table.insert("label", inline(&field.label).into());
        if let Some(to) = &field.to {
            table.insert("to", to.as_str().into());
        }
        if !field.choices.is_empty() {
            let mut choices = InlineTable::new();
            for (name, label) in &field.choices {
                choices.insert(name, inline(label));
            }
            table.insert("choices", Value::InlineTable(choices).into());
        }
        if field.required {
            table.insert("required", true.into());
        }
        self.join("section", "fields", &field.section, &field.name)
    }

    fn choice(&mut self, field: &str, choice: &str, label: &Both) -> Result<(), Hindrance> {
        let field = self.part("field", field)?;
        let choices = field.entry("choices").or_insert_with(|| Item::Table(Table::new()));
        let choices: &mut dyn TableLike = choices
            .as_table_like_mut()
            .ok_or_else(|| Hindrance::InTheWay("choices".to_string()))?;
        choices.insert(choice, inline(label).into());
        Ok(())
    }

    /// Adds a name to a list of a part; the whole list is written where this overlay does not say
    /// it yet.
    fn join(&mut self, kind: &str, key: &str, list: &Joins, name: &str) -> Result<(), Hindrance> {
        let part = self.part(kind, &list.name)?;
        let whole = part.entry(key).or_insert_with(|| names(&list.in_force).into());
        let whole = whole.as_array_mut().ok_or_else(|| Hindrance::InTheWay(key.to_string()))?;
        if !whole.iter().any(|item| item.as_str() == Some(name)) {
            push(whole, name);
        }
        Ok(())
    }
}

/// Adds a name at the end: on a line of its own where the others stand so, after what is said of
/// the last one.
fn push(list: &mut Array, name: &str) {
    let rest = list.trailing().as_str().unwrap_or_default().to_string();
    if !rest.contains('\n') {
        list.push(name);
        return;
    }
    let last = list.iter().last().and_then(|value| value.decor().prefix()?.as_str());
    let indent = last.and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let value = Value::from(name).decorated(format!("{}{indent}", rest.trim_end_matches(' ')), "");
    list.push_formatted(value);
    list.set_trailing("\n");
    list.set_trailing_comma(true);
}

fn inline(label: &Both) -> Value {
    let mut table = InlineTable::new();
    table.insert("en", label.en.as_str().into());
    table.insert("zh", label.zh.as_str().into());
    Value::InlineTable(table)
}

fn names(all: &[String]) -> Value {
    Value::Array(all.iter().map(String::as_str).collect::<Array>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(en: &str, zh: &str) -> Both {
        Both { en: en.into(), zh: zh.into() }
    }

    fn branch() -> Edit {
        Edit::Field(NewField {
            name: "branch".into(),
            kind: "text".into(),
            label: both("Branch", "网点"),
            choices: Vec::new(),
            to: None,
            required: true,
            section: Joins { name: "origin".into(), in_force: vec!["source".into()] },
        })
    }

    #[test]
    fn an_empty_text_becomes_an_overlay() {
        let text = apply("", "incident", &branch()).unwrap();
        assert_eq!(
            text,
            "extend = \"incident\"\n\n[add.field.branch]\ntype = \"text\"\n\
             label = { en = \"Branch\", zh = \"网点\" }\nrequired = true\n\n\
             [set.section.origin]\nfields = [\"source\", \"branch\"]\n"
        );
    }

    #[test]
    fn what_is_added_already_is_not_written_over() {
        let before = "extend = \"incident\"\n\n[add.field.branch]\ntype = \"text\"\nmax = 20\n";
        let refused = apply(before, "incident", &branch());
        assert_eq!(refused, Err(Hindrance::InTheWay("branch".into())));
    }

    #[test]
    fn comments_and_what_is_there_stay() {
        let before = "# ours\nextend = \"incident\"\n\n# why\n[set.section.origin] # here\n\
                      fields = [\n  \"source\", # first\n]\n";
        let text = apply(before, "incident", &branch()).unwrap();
        for kept in ["# ours\n", "# why\n[set.section.origin] # here\n", "\"source\", # first\n"] {
            assert!(text.contains(kept), "{kept:?} in\n{text}");
        }
        assert!(text.contains("\"branch\"") && text.contains("[add.field.branch]"), "{text}");
    }

    #[test]
    fn a_choice_joins_the_field_where_the_overlay_adds_it() {
        let before =
            "extend = \"a\"\n[add.field.f]\nchoices = { x = { en = \"X\", zh = \"甲\" } }\n";
        let edit = |field: &str| Edit::Choice {
            field: field.into(),
            choice: "y".into(),
            label: both("Y", "乙"),
        };
        let own = apply(before, "a", &edit("f")).unwrap();
        assert!(own.contains("y = { en = \"Y\", zh = \"乙\" }"), "{own}");
        assert!(!own.contains("[set"), "{own}");
        let other = apply(before, "a", &edit("g")).unwrap();
        assert!(other.contains("[set.field.g.choices]\ny = { en"), "{other}");
    }

    #[test]
    fn rules_and_labels_and_lists_are_written_once() {
        let rule = Edit::Rule {
            name: "r".into(),
            holds: "kind == 'x'".into(),
            message: both("No", "否"),
            always: true,
            transitions: vec![Joins { name: "go".into(), in_force: vec!["old".into()] }],
        };
        let text = apply("", "a", &rule).unwrap();
        assert!(text.contains("holds = \"kind == 'x'\"\n"), "{text}");
        assert!(text.contains("[set.transition.go]\nrules = [\"old\", \"r\"]"), "{text}");
        let label = |en: &str| Edit::Label {
            kind: "record".into(),
            name: String::new(),
            key: "plural".into(),
            label: both(en, "多"),
        };
        let once = apply(&text, "a", &label("Many")).unwrap();
        let twice = apply(&once, "a", &label("More")).unwrap();
        assert_eq!(twice.matches("[set.record]").count(), 1, "{twice}");
        assert!(twice.contains("\"More\"") && !twice.contains("\"Many\""), "{twice}");
    }

    #[test]
    fn what_cannot_be_changed_says_why() {
        for (text, hindrance) in [
            ("extend = ", Hindrance::NotToml),
            ("extend = \"b\"\n", Hindrance::Extends("b".into())),
            ("extend = \"a\"\nadd = 3\n", Hindrance::InTheWay("add".into())),
        ] {
            assert_eq!(apply(text, "a", &branch()), Err(hindrance), "{text}");
        }
    }
}
