//! A graph of records and links, in layers from left to right.

use super::layout::{layers, order};
use super::{at, cut};
use maud::{Markup, html};

/// Nodes and edges; edges name nodes by their places.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// A sentence.
    pub name: String,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

#[derive(Debug, Clone, Default)]
pub struct Node {
    pub label: String,
    /// What it is.
    pub detail: String,
    pub href: Option<String>,
    /// What the graph was drawn for.
    pub is_root: bool,
    /// How far from the roots, where that is known of all; else layers follow the edges.
    pub layer: Option<usize>,
}

/// The words of an edge are read at its middle.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub label: String,
}

const BOX: (f64, f64) = (172.0, 44.0);
const COLUMN: f64 = 228.0;
const LINE: f64 = 60.0;
const MARGIN: f64 = 2.0;

/// The graph as a picture that scrolls sideways where it does not fit.
pub fn graph(found: &Graph) -> Markup {
    let pairs: Vec<(usize, usize)> = found.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let known: Option<Vec<usize>> = found.nodes.iter().map(|node| node.layer).collect();
    let layer = known.unwrap_or_else(|| layers(found.nodes.len(), &pairs));
    let columns = order(&layer, &pairs);
    let tallest = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let high = LINE * tallest as f64 + MARGIN * 2.0;
    let wide = (COLUMN * columns.len().max(1) as f64 - COLUMN + BOX.0 + MARGIN * 2.0).max(900.0);
    let places = places(&columns, found.nodes.len(), high);
    html! {
        div.scroll-x.below-s tabindex="0" role="region" aria-label=(found.name) {
            svg.graph viewBox=(format!("0 0 {} {}", at(wide), at(high))) role="group"
                aria-label=(found.name) {
                @for edge in &found.edges { (curve(edge, &places)) }
                @for (node, place) in found.nodes.iter().zip(&places) { (boxed(node, *place)) }
            }
        }
    }
}

/// The upper left corner of each node.
fn places(columns: &[Vec<usize>], count: usize, high: f64) -> Vec<(f64, f64)> {
    let mut places = vec![(0.0, 0.0); count];
    for (column, nodes) in columns.iter().enumerate() {
        let top = (high - LINE * nodes.len() as f64 + LINE - BOX.1) / 2.0;
        for (line, node) in nodes.iter().enumerate() {
            places[*node] = (MARGIN + COLUMN * column as f64, top + LINE * line as f64);
        }
    }
    places
}

fn curve(edge: &Edge, places: &[(f64, f64)]) -> Markup {
    let (Some(from), Some(to)) = (places.get(edge.from), places.get(edge.to)) else {
        return html! {};
    };
    let middle = BOX.1 / 2.0;
    // Within a column, and back, an edge leaves and comes in at the right.
    let is_back = to.0 <= from.0;
    let start = (from.0 + BOX.0, from.1 + middle);
    let end = (if is_back { to.0 + BOX.0 } else { to.0 }, to.1 + middle);
    let bend = if is_back { 36.0 } else { (end.0 - start.0) / 2.0 };
    let second = if is_back { end.0 + bend } else { end.0 - bend };
    let path = format!(
        "M{} {}C{} {} {} {} {} {}",
        at(start.0),
        at(start.1),
        at(start.0 + bend),
        at(start.1),
        at(second),
        at(end.1),
        at(end.0),
        at(end.1)
    );
    html! { path.edge d=(path) { @if !edge.label.is_empty() { title { (edge.label) } } } }
}

fn boxed(node: &Node, (x, y): (f64, f64)) -> Markup {
    let says = match node.detail.is_empty() {
        true => node.label.clone(),
        false => format!("{}, {}", node.label, node.detail),
    };
    let mark = html! {
        title { (says) }
        rect class=(if node.is_root { "box root" } else { "box" }) x=(at(x)) y=(at(y))
            width=(at(BOX.0)) height=(at(BOX.1)) rx="4" {}
        text class=(if node.is_root { "nm s" } else { "nm" }) x=(at(x + 10.0)) y=(at(y + 18.0)) {
            (cut(&node.label, 24))
        }
        text x=(at(x + 10.0)) y=(at(y + 34.0)) { (cut(&node.detail, 26)) }
    };
    html! {
        @match &node.href {
            Some(href) => a href=(href) { (mark) },
            None => g { (mark) },
        }
    }
}
