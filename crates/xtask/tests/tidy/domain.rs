//! What belongs to one place: SQL to the store, both languages to each text that a person sees.

use super::settings::Settings;
use super::tree::{File, Tree};
use toml::Value;

/// How SQL begins. In capitals, as the house writes it: prose is not meant.
const SQL: [&str; 10] = [
    "SELECT ",
    "INSERT INTO ",
    "DELETE FROM ",
    "UPDATE ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
];

pub fn sql(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    let others = tree.rust().filter(|file| file.crate_name() != Some("store"));
    for file in others.filter(|file| !settings.excepts("sql", &file.path, "")) {
        for quoted in &file.source().texts {
            if let Some(sql) = SQL.iter().find(|sql| quoted.text.trim_start().starts_with(**sql)) {
                let what = format!("SQL (`{}`): only the store speaks it", sql.trim());
                found.push(file.finding(quoted.line, &what));
            }
        }
    }
    found
}

/// Wherever a definition says something in one language, it says it in the other too.
pub fn languages(tree: &Tree, _: &Settings) -> Vec<String> {
    let definitions = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("processes/") && file.path.ends_with(".toml"));
    definitions.flat_map(untranslated).collect()
}

fn untranslated(file: &File) -> Vec<String> {
    let Ok(table) = file.text.parse::<toml::Table>() else {
        return vec![file.finding(1, "is not TOML")];
    };
    let mut paths = Vec::new();
    missing(&Value::Table(table), "", &mut paths);
    paths.iter().map(|path| file.finding(1, &format!("{path} has one language only"))).collect()
}

fn missing(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            let says = |language| {
                let text = table.get(language).and_then(Value::as_str);
                text.is_some_and(|text| !text.trim().is_empty())
            };
            if says("en") != says("zh") {
                found.push(path.to_string());
            }
            for (key, inner) in table {
                missing(inner, &format!("{path}.{key}"), found);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| missing(inner, path, found)),
        _ => {}
    }
}
