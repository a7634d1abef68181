//! Records as a table: a declared list or a query of the page.

use super::value::is_number;
use super::{Desk, Found, both};
use crate::problem::Result;
use engine::Question;
use maud::{Markup, html};
use model::Name;
use model::definition::page::ListBlock;
use model::definition::{BUILT_IN, List, RecordType, Sort};

pub fn draw(desk: &Desk, block: &ListBlock) -> Result<Markup> {
    let definition = desk.definition(&block.record)?;
    let declared = block.list.as_ref().and_then(|list| definition.lists.get(list));
    let columns = columns(&definition, block, declared);
    let own = declared.and_then(|list| list.filter.as_ref()).map(|filter| &*filter.source);
    let more = desk.filled(block.filter.as_ref());
    let filter = both(own, more.as_deref());
    let sort = block.sort.clone().or_else(|| declared.map(|list| written(&list.sort)));
    let question = Question {
        record_type: block.record.to_string(),
        filter: filter.clone(),
        sort: sort.filter(|sort| !sort.is_empty()),
        columns: Some(asked(&definition, &columns)),
        limit: Some(block.limit),
        ..Question::default()
    };
    let found = desk.find(&question)?;
    let all = desk.list_address(&block.record, filter.as_deref());
    Ok(html! { (table(desk, &definition, &columns, &found)) (desk.cut(&found, &all)) })
}

/// Links stand in declared lists too; what a list asks of the database are fields.
fn columns(definition: &RecordType, block: &ListBlock, declared: Option<&List>) -> Vec<Name> {
    let named = match (block.columns.is_empty(), declared) {
        (true, Some(list)) => list.columns.clone(),
        _ => block.columns.clone(),
    };
    let is_stored =
        |name: &Name| definition.fields.contains_key(name) || BUILT_IN.contains(&name.as_str());
    named.into_iter().filter(is_stored).collect()
}

/// The columns as a question takes them, with what names a record.
pub(super) fn asked(definition: &RecordType, columns: &[Name]) -> String {
    let number = definition.number.is_some().then_some("number");
    let needed = number.into_iter().chain([definition.title.as_str()]);
    let mut names: Vec<&str> = columns.iter().map(Name::as_str).collect();
    for name in needed {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(",")
}

fn written(sort: &[Sort]) -> String {
    let one = |sort: &Sort| format!("{}{}", if sort.descending { "-" } else { "" }, sort.field);
    sort.iter().map(one).collect::<Vec<_>>().join(",")
}

pub(super) fn table(
    desk: &Desk,
    definition: &RecordType,
    columns: &[Name],
    found: &Found,
) -> Markup {
    if found.records.is_empty() {
        return html! { p.help { (desk.t("There is nothing here now.", "目前没有记录。")) } };
    }
    // The way to a record is its title, else the first column.
    let link = columns.iter().find(|name| **name == definition.title).or(columns.first());
    html! {
        table.table.fold {
            thead { tr {
                @for name in columns {
                    th.num[is_number(definition, name)] scope="col" {
                        (desk.heading(definition, name))
                    }
                }
            } }
            tbody {
                @for record in &found.records {
                    tr {
                        @for (place, name) in columns.iter().enumerate() {
                            @let cell = desk.cell(definition, name, record);
                            td class=[class(definition, name, place)] {
                                @if Some(name) == link {
                                    a href=(desk.record_address(record)) { (cell) }
                                } @else {
                                    (cell)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn class(definition: &RecordType, name: &Name, place: usize) -> Option<&'static str> {
    match name.as_str() {
        "number" => Some("id"),
        title if title == definition.title.as_str() => Some("title"),
        number if is_number(definition, number) => Some("num"),
        "state" => None,
        _ if place > 3 => Some("second later"),
        _ => Some("second"),
    }
}
