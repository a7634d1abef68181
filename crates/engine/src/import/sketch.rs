//! A mapping as a form shows it: one line a column of the file. It is written as the mapping file
//! that the command line takes, and read back from it where the file says nothing that a form
//! cannot show.

use std::fmt::Write;
use toml::{Table, Value};

/// What a form says of the whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    pub record: String,
    /// The fields that say which record a row is about.
    pub key: Vec<String>,
    /// Texts that stand for nothing.
    pub missing: Vec<String>,
    /// `utf-8` where empty.
    pub charset: String,
    pub sheet: String,
    /// How dates are written, and the zone they are meant in.
    pub format: String,
    pub zone: String,
    /// The columns that are taken.
    pub columns: Vec<ColumnPlan>,
}

/// What becomes of one column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnPlan {
    pub column: String,
    /// A field, or `link.NAME`.
    pub field: String,
    /// How its dates are written, where not as in the whole file.
    pub format: String,
    /// Of a reference or link: the field of the other record that holds the text; its title where
    /// empty.
    pub matches: String,
    /// Whether a record that is not there is created.
    pub create: bool,
    /// Which text stands for which choice; nothing where nobody has said it.
    pub choices: Vec<(String, String)>,
    /// What every other text stands for; refused where empty.
    pub default: String,
}

impl Sketch {
    /// What is said of a column.
    pub fn column(&self, name: &str) -> Option<&ColumnPlan> {
        self.columns.iter().find(|plan| plan.column == name)
    }

    /// The mapping file.
    pub fn to_toml(&self) -> String {
        let mut out = String::from("[import]\n");
        say(&mut out, "record", &self.record);
        let _ = writeln!(out, "key = {}", list(&self.key));
        if !self.missing.is_empty() {
            let _ = writeln!(out, "missing = {}", list(&self.missing));
        }
        for (name, text) in [
            ("charset", &self.charset),
            ("sheet", &self.sheet),
            ("format", &self.format),
            ("zone", &self.zone),
        ] {
            if !text.is_empty() {
                say(&mut out, name, text);
            }
        }
        self.columns.iter().for_each(|plan| plan.write(&mut out));
        out
    }

    /// Reads a mapping file; none where it is none, or says more than a form shows.
    pub fn of_toml(text: &str) -> Option<Sketch> {
        let root: Table = text.parse().ok()?;
        let mut sketch = Sketch::default();
        for (name, value) in &root {
            match (name.as_str(), value) {
                ("import", Value::Table(head)) => sketch.head(head)?,
                ("field", Value::Table(fields)) => sketch.taken("", fields)?,
                ("link", Value::Table(links)) => sketch.taken("link.", links)?,
                _ => return None,
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        sketch.columns.iter().all(|plan| seen.insert(plan.column.as_str())).then_some(())?;
        Some(sketch)
    }

    fn head(&mut self, head: &Table) -> Option<()> {
        for (name, value) in head {
            match name.as_str() {
                "record" => self.record = text(value)?,
                "key" => self.key = texts(value)?,
                "missing" => self.missing = texts(value)?,
                "charset" => self.charset = text(value)?,
                "sheet" => self.sheet = text(value)?,
                "format" => self.format = text(value)?,
                "zone" => self.zone = text(value)?,
                _ => return None,
            }
        }
        Some(())
    }

    fn taken(&mut self, before: &str, all: &Table) -> Option<()> {
        for (name, source) in all {
            let field = format!("{before}{name}");
            let mut plan = ColumnPlan { field, ..ColumnPlan::default() };
            for (name, value) in source.as_table()? {
                match (name.as_str(), value) {
                    ("column", _) => plan.column = text(value)?,
                    ("format", _) => plan.format = text(value)?,
                    ("match", _) => plan.matches = text(value)?,
                    ("default", _) => plan.default = text(value)?,
                    ("create", Value::Boolean(yes)) => plan.create = *yes,
                    ("choices", Value::Table(choices)) => {
                        let pair = |(from, to): (&String, &Value)| Some((from.clone(), text(to)?));
                        plan.choices = choices.iter().map(pair).collect::<Option<_>>()?;
                    }
                    _ => return None,
                }
            }
            (!plan.column.is_empty()).then_some(())?;
            self.columns.push(plan);
        }
        Some(())
    }
}

impl ColumnPlan {
    fn write(&self, out: &mut String) {
        let head = match self.field.strip_prefix("link.") {
            Some(link) => format!("link.{}", name(link)),
            None => format!("field.{}", name(&self.field)),
        };
        let _ = writeln!(out, "\n[{head}]");
        say(out, "column", &self.column);
        for (key, text) in
            [("format", &self.format), ("match", &self.matches), ("default", &self.default)]
        {
            if !text.is_empty() {
                say(out, key, text);
            }
        }
        if self.create {
            out.push_str("create = true\n");
        }
        // A text of which nobody has said what it stands for is none that is translated.
        let said = self.choices.iter().filter(|(_, to)| !to.is_empty());
        let pairs: Vec<String> =
            said.map(|(from, to)| format!("{} = {}", quoted(from), quoted(to))).collect();
        if !pairs.is_empty() {
            let _ = writeln!(out, "choices = {{ {} }}", pairs.join(", "));
        }
    }
}

fn say(out: &mut String, key: &str, text: &str) {
    let _ = writeln!(out, "{key} = {}", quoted(text));
}

fn list(texts: &[String]) -> String {
    let all: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", all.join(", "))
}

/// A key as it is; quoted where it is no plain name.
fn name(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !text.is_empty() && text.chars().all(is_plain) { text.into() } else { quoted(text) }
}

/// A text on one line, whatever is in it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_string)
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(all) => all.iter().map(text).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch() -> Sketch {
        let plan = |column: &str, field: &str| ColumnPlan {
            column: column.into(),
            field: field.into(),
            ..ColumnPlan::default()
        };
        Sketch {
            record: "thing".into(),
            key: vec!["code".into()],
            missing: vec!["n/a".into()],
            zone: "Asia/Shanghai".into(),
            columns: vec![
                plan("Site \"A\"\n\\", "code"),
                ColumnPlan {
                    choices: vec![("甲".into(), "a".into()), ("x = y".into(), "b".into())],
                    default: "a".into(),
                    ..plan("种类", "kind")
                },
                ColumnPlan { create: true, matches: "name".into(), ..plan("City", "link.part_of") },
            ],
            ..Sketch::default()
        }
    }

    #[test]
    fn what_a_form_says_is_read_back_from_the_file() {
        let text = sketch().to_toml();
        let mut back = Sketch::of_toml(&text).unwrap_or_else(|| panic!("{text}"));
        back.columns.sort_by(|a, b| a.field.cmp(&b.field));
        back.columns.iter_mut().for_each(|plan| plan.choices.sort());
        let mut wanted = sketch();
        wanted.columns.iter_mut().for_each(|plan| plan.choices.sort());
        assert_eq!(back, wanted, "{text}");
    }

    #[test]
    fn a_file_that_says_more_is_no_form() {
        let head = "[import]\nrecord = \"thing\"\nkey = [\"code\"]\n";
        for more in [
            "[replay]\nat = { column = \"At\" }",
            "[field.code]\ncolumns = [\"A\", \"B\"]",
            "[field.code]\nconstant = \"x\"",
            "[field.code]\ncolumn = \"A\"\n[field.name]\ncolumn = \"A\"",
            "not toml",
        ] {
            assert_eq!(Sketch::of_toml(&format!("{head}{more}")), None, "{more}");
        }
    }
}
