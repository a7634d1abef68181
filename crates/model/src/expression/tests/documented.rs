//! That `docs/expressions.md` is true: each line of its fenced blocks and each cell of its truth
//! tables is run.
//!
//! | block | stands in |
//! | --- | --- |
//! | `expression rule`, `right`, `filter`, `value` | that place |
//!
//! A line is `EXPRESSION`, `EXPRESSION → RESULT` or `EXPRESSION → refused ID`.

use super::super::example::{record, shared};
use super::super::{Kind, Place, check};
use crate::value::Value;

const TEXT: &str = include_str!("../../../../../docs/expressions.md");

/// The lines of all blocks with their place.
fn lines() -> Vec<(Place, &'static str)> {
    let mut place = None;
    let mut found = Vec::new();
    for line in TEXT.lines() {
        match line.strip_prefix("```") {
            Some("expression rule") => place = Some(Place::Condition),
            Some("expression right") => place = Some(Place::Right),
            Some("expression filter") => place = Some(Place::Filter),
            Some("expression value") => place = Some(Place::Value),
            Some("") => place = None,
            Some(other) => panic!("unknown kind of block: {other}"),
            None => found.extend(place.filter(|_| !line.is_empty()).map(|place| (place, line))),
        }
    }
    found
}

#[test]
fn every_example_is_accepted_and_yields_what_is_said() {
    let mut count = 0;
    for (place, line) in lines() {
        count += 1;
        let (text, result) = line.split_once('→').unwrap_or((line, ""));
        match result.trim().strip_prefix("refused ") {
            Some(id) => refused(text.trim(), place, id.trim()),
            None => yields(text.trim(), place, result.trim()),
        }
    }
    assert!(count > 60, "only {count} examples were found");
}

fn refused(text: &str, place: Place, id: &str) {
    let Err(slips) = check(text, "change", place, None, shared()) else {
        panic!("{text}: accepted");
    };
    assert_eq!(slips.iter().map(|slip| slip.id).collect::<Vec<_>>(), [id], "{text}");
}

fn yields(text: &str, place: Place, result: &str) {
    let expression = match check(text, "change", place, None, shared()) {
        Ok(expression) => expression,
        Err(slips) => panic!("{text}: {slips:?}"),
    };
    if result.is_empty() {
        return;
    }
    let expected = value(result, Some(&expression.kind));
    assert_eq!(expression.evaluate(&record()), expected, "{text}");
}

fn value(text: &str, kind: Option<&Kind>) -> Value {
    match check(text, "change", Place::Value, kind, shared()) {
        Ok(expression) => expression.evaluate(&record()),
        Err(slips) => panic!("the result {text}: {slips:?}"),
    }
}

/// The cells of each row of the table that begins with this header cell.
fn tables(first: &str) -> Vec<Vec<String>> {
    let start = format!("| {first} |");
    let mut found = Vec::new();
    let mut inside = false;
    for line in TEXT.lines() {
        inside = line.starts_with(&start) || inside && line.starts_with('|');
        if inside && !line.contains("---") {
            let cells = line.trim_matches('|').split('|');
            found.push(cells.map(|cell| cell.trim().trim_matches('`').to_string()).collect());
        }
    }
    found
}

/// Runs a truth table: its first two columns are given to two fields, the others computed.
fn run(table: &[Vec<String>], names: [&str; 2], fields: [&'static str; 2]) {
    let [header, rows @ ..] = table else { panic!("no table with {names:?}") };
    assert!(rows.len() >= 4 && header.len() > 3, "{table:?}");
    assert_eq!(header[..2], names);
    for row in rows {
        let mut facts = record();
        facts.with = vec![(fields[0], value(&row[0], None)), (fields[1], value(&row[1], None))];
        for (text, expected) in header[2..].iter().zip(&row[2..]) {
            let text = with_fields(text, names, fields);
            let expression = match check(&text, "change", Place::Condition, None, shared()) {
                Ok(expression) => expression,
                Err(slips) => panic!("{text}: {slips:?}"),
            };
            let expected = value(expected, Some(&expression.kind));
            assert_eq!(expression.evaluate(&facts), expected, "{text} of {row:?}");
        }
    }
}

fn with_fields(text: &str, names: [&str; 2], fields: [&str; 2]) -> String {
    let word = |word: &str| match word.trim_matches(['(', ')', '[', ']', ',']) {
        name if name == names[0] => word.replacen(name, fields[0], 1),
        name if name == names[1] => word.replacen(name, fields[1], 1),
        _ => word.to_string(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_truth_tables_hold() {
    run(&tables("`a`"), ["a", "b"], ["outage", "backout_tested"]);
    run(&tables("`x`"), ["x", "y"], ["effort", "number"]);
    run(&tables("`p`"), ["p", "q"], ["impact", "likelihood"]);
}

/// The rows of the table of the record: `field == value` holds.
#[test]
fn the_record_is_the_one_described() {
    let rows = tables("field of the example");
    assert!(rows.len() > 20, "{rows:?}");
    for row in &rows[1..] {
        let text = format!("{} == {}", row[0], row[1]);
        yields(&text, Place::Filter, "true");
    }
}
