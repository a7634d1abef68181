//! Every address that the server answers with GET, filled with what is planted.

use super::plant::{Planted, Plants, word};
use crate::world::{MODEL, encoded};
use model::definition::RecordType;
use std::sync::Arc;

/// One address, and the route that it is of.
pub struct Asked {
    pub route: String,
    pub address: String,
}

/// The paths of all routes with GET.
pub fn get() -> impl Iterator<Item = String> {
    let lines: Vec<String> = web::endpoints().lines().map(str::to_string).collect();
    lines.into_iter().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("GET")).then(|| words.next().map(str::to_string)).flatten()
    })
}

/// All addresses; words are searched for only where they must not be found.
pub fn all(plants: &Plants, may_know: &dyn Fn(&Planted) -> bool) -> Vec<Asked> {
    let mut all = Vec::new();
    for route in get() {
        let mut add = |address: String| all.push(Asked { route: route.clone(), address });
        match &*route {
            // The page repeats what was typed: only the quick search is asked for what is hidden.
            "/search" => add(format!("{route}?q=canary")),
            "/api/v1/search" | "/search/quick" => {
                let tokens = plants.tokens.iter().enumerate();
                let hidden = tokens.filter(|(_, planted)| !may_know(planted)).step_by(3);
                hidden.for_each(|(number, _)| add(format!("{route}?q={}", word(number))));
                add(format!("{route}?q=canary"));
            }
            "/api/v1/changes" => add(format!("{route}?limit=1000")),
            "/api/v1/record_types/{name}" => {
                let names = MODEL.record_types.keys();
                names.for_each(|name| add(route.replace("{name}", name)));
            }
            of if of.contains("{record}") => of_records(of, plants, &mut add),
            of if of.contains("{record_type}") => {
                let each = if of.starts_with("/api/") { of_type } else { page_of_type };
                for definition in types(plants) {
                    each(of, definition, plants, &mut add);
                }
            }
            plain => add(plain.to_string()),
        }
    }
    all
}

/// The types of what is planted, and those that they extend.
fn types(plants: &Plants) -> impl Iterator<Item = &'static Arc<RecordType>> {
    let holds =
        |t: &&Arc<RecordType>| plants.records.iter().any(|k| t.family.contains(&k.record_type));
    MODEL.record_types.values().filter(holds)
}

fn of_records(route: &str, plants: &Plants, add: &mut dyn FnMut(String)) {
    for known in &plants.records {
        let address = route.replace("{record_type}", &known.record_type);
        let address = address.replace("{record}", &known.id.to_string());
        if route.ends_with("/link/offer") {
            let links = MODEL.record_types[&known.record_type].links.keys();
            links.for_each(|link| add(format!("{address}?link={link}&to=canary")));
        } else if route.contains("{field}") {
            let title = &MODEL.record_types[&known.record_type].title;
            add(address.replace("{field}", title));
        } else if route.contains("{sha256}") {
            let files = plants.tokens.iter().filter(|planted| planted.key == known.key);
            let files = files.filter_map(|planted| planted.file.as_ref());
            files.for_each(|file| add(address.replace("{sha256}", file)));
        } else {
            if route.ends_with("{record}") {
                add(format!("{address}?as_of={}", instant(plants.before_hiding)));
            }
            add(address);
        }
    }
}

fn of_type(route: &str, definition: &RecordType, plants: &Plants, add: &mut dyn FnMut(String)) {
    let address = route.replace("{record_type}", &definition.name);
    if route.contains("{claim}") {
        let claims = definition.evidence.keys();
        claims.for_each(|claim| add(address.replace("{claim}", claim)));
    } else if route.contains("{measure}") {
        let measures = definition.measures.keys();
        measures.for_each(|measure| add(address.replace("{measure}", measure)));
    } else if route.ends_with("/views") || route.ends_with("/templates") {
        add(address);
    } else if route.ends_with("/export") {
        ["csv", "jsonl"].iter().for_each(|format| add(format!("{address}?format={format}")));
    } else {
        add(format!("{address}?limit=1000&count=true"));
        add(format!("{address}?limit=1000&as_of={}", instant(plants.before_hiding)));
        definition.lists.values().for_each(|list| add(format!("{address}?{}", view(list))));
    }
}

/// The pages of a type: its list in each view, what is offered of it, a step for all planted.
fn page_of_type(
    route: &str,
    definition: &RecordType,
    plants: &Plants,
    add: &mut dyn FnMut(String),
) {
    let address = route.replace("{record_type}", &definition.name);
    if route.ends_with("/offer") {
        add(format!("{address}?q=canary"));
    } else if route.ends_with("/bulk") {
        let planted = plants.records.iter().filter(|k| definition.family.contains(&k.record_type));
        let chosen: Vec<String> = planted.map(|known| known.id.to_string()).collect();
        let steps = definition.transitions.keys().take(2);
        steps.for_each(|step| add(format!("{address}?step={step}&chosen={}", chosen.join(","))));
    } else if route.ends_with("{record_type}") {
        add(address.clone());
        add(format!("{address}?as_of={}", instant(plants.before_hiding)));
        definition.lists.keys().for_each(|list| add(format!("{address}?list={list}")));
        definition.lists.values().for_each(|list| add(format!("{address}?{}", view(list))));
    } else {
        add(address);
    }
}

/// A list of the type as a browser asks for it.
fn view(list: &model::definition::List) -> String {
    let columns: Vec<&str> = list.columns.iter().map(model::Name::as_str).collect();
    let sort = list.sort.iter().map(|sort| {
        let descending = if sort.descending { "-" } else { "" };
        format!("{descending}{}", sort.field)
    });
    let mut query = format!("columns={}", columns.join(","));
    let sort: Vec<String> = sort.collect();
    if !sort.is_empty() {
        query.push_str(&format!("&sort={}", sort.join(",")));
    }
    if let Some(filter) = &list.filter {
        query.push_str(&format!("&where={}", encoded(&filter.source)));
    }
    query
}

fn instant(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).unwrap().to_string()
}
