//! First mappings of files as people have them.

use super::*;

const DEFINITION: &str = r#"
[record]
name   = "thing"
label  = { en = "Thing", zh = "事物" }
plural = { en = "Things", zh = "事物" }
title  = "name"
[section.main]
label  = { en = "Main", zh = "主要" }
fields = ["name", "code", "level", "since", "mail", "size"]
[field.name]
type  = "text"
label = { en = "Name", zh = "名称" }
max   = 20
required = true
[field.code]
type  = "text"
label = { en = "Asset tag", zh = "资产编号" }
max   = 20
unique = true
[field.level]
type    = "choice"
label   = { en = "Urgency", zh = "紧急度" }
choices = { low = { en = "Low", zh = "低" }, high = { en = "High", zh = "高" } }
[field.since]
type  = "date"
label = { en = "In use since", zh = "启用日期" }
[field.mail]
type  = "email"
label = { en = "Contact", zh = "联系人" }
[field.size]
type  = "integer"
label = { en = "Size", zh = "大小" }
"#;

fn guessed(columns: &[(&str, &[&str])]) -> Sketch {
    let mut sources = model::Sources::new();
    sources.add("processes/thing/thing.toml", DEFINITION);
    let model = model::load(&sources, &model::Options::default()).unwrap_or_else(|p| panic!("{p}"));
    let seen = columns.iter().map(|(name, texts)| Seen {
        name: name.to_string(),
        texts: texts.iter().map(ToString::to_string).collect(),
    });
    let seen: Vec<Seen> = seen.collect();
    let thing = model.record_type("thing").expect("a thing");
    guess(&model, thing, &seen, "Asia/Shanghai", &|_| true)
}

fn pairs(sketch: &Sketch) -> Vec<(&str, &str)> {
    sketch.columns.iter().map(|plan| (plan.column.as_str(), plan.field.as_str())).collect()
}

#[test]
fn names_and_labels_in_both_languages_are_found() {
    let sketch = guessed(&[("资产编号", &["A1", "A2"]), ("NAME", &["x", "x"]), ("other", &["1"])]);
    assert_eq!(pairs(&sketch), [("资产编号", "code"), ("NAME", "name")]);
    assert_eq!(sketch.key, ["code"], "the unique field tells records apart");
}

#[test]
fn values_tell_what_names_do_not() {
    let sketch = guessed(&[("who", &["a@x.example", "b@x.example"]), ("prio", &["高", "低"])]);
    assert_eq!(pairs(&sketch), [("who", "mail"), ("prio", "level")]);
    assert!(sketch.columns[1].choices.is_empty(), "labels are read as they are");
}

#[test]
fn texts_beside_the_choices_are_translated() {
    let sketch = guessed(&[("Urgency", &["1 - High", "L", "odd", "n/a"])]);
    let choices: Vec<(&str, &str)> =
        sketch.columns[0].choices.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(choices, [("1 - High", "high"), ("L", "low"), ("odd", "")]);
    assert_eq!(sketch.missing, ["n/a"]);
}

#[test]
fn dates_are_recognized_by_all_their_texts() {
    for (texts, format) in [
        (&["2026-03-01"][..], ""),
        (&["01/03/2026", "31/12/2025"], "%d/%m/%Y"),
        (&["12/31/2025"], "%m/%d/%Y"),
        // A field reads these by itself.
        (&["2026年3月1日"], ""),
    ] {
        let sketch = guessed(&[("In use since", texts)]);
        assert_eq!(sketch.columns[0].format, format, "{texts:?}");
    }
}
