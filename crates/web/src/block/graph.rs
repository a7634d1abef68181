//! Records and the links between them, from one record or from a filter.

use super::Desk;
use crate::picture::{self, Edge, Node};
use crate::problem::Result;
use engine::{Origin, Stop, Walk, Walked};
use maud::{Markup, html};
use model::definition::RecordType;
use model::definition::page::Graph;
use serde_json::Value as Json;

pub fn draw(desk: &Desk, graph: &Graph) -> Result<Markup> {
    let definition = desk.definition(&graph.record)?;
    let named = graph.start.as_ref().and_then(|start| desk.asked.text(start));
    let from = match named {
        Some(name) => Origin::Record(name.to_string()),
        None => Origin::Where(desk.filled(graph.filter.as_ref())),
    };
    let walk = Walk {
        record_type: graph.record.to_string(),
        from,
        links: graph.links.clone(),
        direction: graph.direction,
        steps: graph.steps,
        most: graph.limit,
    };
    let form = form(desk, graph, &definition);
    let walked = match desk.session.walk(&walk) {
        Ok(walked) => walked,
        // A name that fits no record is mended in the form, not on another page.
        Err(engine::Error::Refused(refusal)) if named.is_some() => {
            let problem = crate::refused::problem(&refusal);
            return Ok(html! {
                (form)
                p.error { (problem.said.text(desk.watch.language)) }
            });
        }
        Err(error) => return Err(error.into()),
    };
    if walked.stops.is_empty() {
        let nothing = desk.t("There is nothing here now.", "目前没有记录。");
        return Ok(html! { (form) p.help { (nothing) } });
    }
    let shown = Shown { desk, definition: &definition, walked: &walked, is_named: named.is_some() };
    Ok(html! { (form) (shown.picture()) (shown.cut()) (shown.table()) })
}

/// Where the record to start from is named; nothing where the page has no parameter for it.
fn form(desk: &Desk, graph: &Graph, definition: &RecordType) -> Markup {
    let Some(start) = &graph.start else { return html! {} };
    let parameter = desk.page.parameters.get(start);
    let label = parameter.and_then(|parameter| parameter.label.as_ref());
    let label = label.map_or_else(|| desk.label(&definition.label), |label| desk.label(label));
    let others = desk.page.parameters.keys().filter(|name| *name != start);
    html! {
        form.ask-line method="get" action=(format!("{}{}", desk.prefix, desk.page.path)) {
            label {
                (label)
                input.input name=(start) value=(desk.asked.written(start)) maxlength="200"
                    placeholder=(desk.t("Number or name", "编号或名称"));
            }
            @for name in others {
                @let value = desk.asked.written(name);
                @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
            }
            button.btn type="submit" { (desk.t("Show", "查看")) }
        }
    }
}

struct Shown<'s> {
    desk: &'s Desk<'s>,
    definition: &'s RecordType,
    walked: &'s Walked,
    is_named: bool,
}

impl Shown<'_> {
    fn picture(&self) -> Markup {
        let least = self.walked.stops.iter().map(|stop| stop.step).min().unwrap_or(0);
        let node = |stop: &Stop| Node {
            label: title(stop),
            detail: self.kind(stop),
            href: self.desk.out().address(&stop.card),
            is_root: self.is_named && stop.step == 0,
            layer: self.is_named.then(|| usize::try_from(stop.step - least).unwrap_or(0)),
        };
        let edges = self.walked.ways.iter().map(|way| Edge {
            from: way.from,
            to: way.to,
            label: self.link(&way.link),
        });
        let drawn = picture::Graph {
            name: self.sentence(),
            nodes: self.walked.stops.iter().map(node).collect(),
            edges: edges.collect(),
        };
        html! { p { (self.sentence()) } (picture::graph(&drawn)) }
    }

    fn sentence(&self) -> String {
        let (all, ways) = (self.walked.stops.len(), self.walked.ways.len());
        let first = self.walked.stops.first().map(title).unwrap_or_default();
        match (self.is_named, self.desk.zh()) {
            (true, false) => {
                format!("{first}: {}, {}.", counted(all - 1, "record"), counted(ways, "link"))
            }
            (true, true) => format!("{first}：关联 {} 条记录，{ways} 个关系。", all - 1),
            (false, false) => format!("{}, {}.", counted(all, "record"), counted(ways, "link")),
            (false, true) => format!("{all} 条记录，{ways} 个关系。"),
        }
    }

    fn link(&self, name: &str) -> String {
        let link = self.definition.links.get(name);
        link.map_or(String::new(), |link| self.desk.label(&link.label).to_string())
    }

    /// What kind of record it is.
    fn kind(&self, stop: &Stop) -> String {
        let name = stop.card.get("type").and_then(Json::as_str).unwrap_or("");
        let found = self.desk.catalogue.record_type(name);
        found.map_or(String::new(), |found| self.desk.label(&found.label).to_string())
    }

    fn cut(&self) -> Markup {
        html! {
            @if self.walked.is_cut {
                p.help {
                    @if self.desk.zh() {
                        "仅显示前 " (self.walked.stops.len()) " 条；还有更多。"
                    } @else {
                        "The first " (self.walked.stops.len()) " are shown; there are more."
                    }
                }
            }
        }
    }

    /// The same as a table: each record with the records through which it is met.
    fn table(&self) -> Markup {
        let desk = self.desk;
        html! {
            details.fold-sec.below-s {
                summary {
                    (desk.t("The same as a table", "表格形式"))
                    span.count { (self.walked.stops.len()) }
                }
                table.table {
                    thead { tr {
                        th scope="col" { (desk.t("Name", "名称")) }
                        th scope="col" { (desk.t("Kind", "类型")) }
                        @if self.is_named { th.num scope="col" { (desk.t("Steps", "步数")) } }
                        th scope="col" { (desk.t("Linked with", "关联")) }
                    } }
                    tbody {
                        @for (place, stop) in self.walked.stops.iter().enumerate() {
                            tr {
                                th scope="row" { (desk.out().card(&stop.card)) }
                                td.second { (self.kind(stop)) }
                                @if self.is_named { td.num { (stop.step.abs()) } }
                                td.second.wrap { (self.joined(place)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn joined(&self, place: usize) -> String {
        let ways = self.walked.ways.iter();
        let words: Vec<String> = ways
            .filter_map(|way| {
                let declared = self.definition.links.get(&way.link)?;
                let (label, far) = match place {
                    _ if way.from == place => (self.desk.label(&declared.label), way.to),
                    _ if way.to == place => (self.desk.label(&declared.inverse), way.from),
                    _ => return None,
                };
                Some(format!("{label} {}", title(self.walked.stops.get(far)?)))
            })
            .collect();
        words.join(self.desk.t("; ", "；"))
    }
}

/// `1 link`, `2 links`.
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn title(stop: &Stop) -> String {
    let text = |name: &str| stop.card.get(name).and_then(Json::as_str).unwrap_or("");
    let title = if text("title").is_empty() { text("number") } else { text("title") };
    title.to_string()
}
