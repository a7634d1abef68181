//! Each picture of fixed data as reviewed files in `tests/output/pages/picture`; `UPDATE=1` writes
//! them anew. They open in a browser, so that a change is also seen.

#![allow(clippy::disallowed_methods)] // a test reads and writes its own files

use super::*;
use std::path::Path;

fn compare(name: &str, picture: Markup) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/output/pages/picture");
    let path = folder.join(format!("{name}.html"));
    let wanted = broken_into_lines(&picture.into_string());
    assert!(!wanted.contains("style="), "{name}: no style stands in a line");
    assert!(!wanted.contains("NaN") && !wanted.contains("inf\""), "{name}: a place is no number");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{name}.html is not what it must be (UPDATE=1 rewrites it)");
}

/// One element a line, so that a difference is read.
fn broken_into_lines(html: &str) -> String {
    html.replace("><", ">\n<") + "\n"
}

fn series(name: &str, values: &[f64]) -> Series {
    let point = |value: &f64| Point {
        value: (*value >= 0.0).then_some(*value),
        text: format!("{value} h"),
        href: Some(format!("/incident?where=priority%20%3D%3D%20'{name}'")),
    };
    Series { name: name.into(), points: values.iter().map(point).collect() }
}

fn chart() -> Chart {
    let months = ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"];
    Chart {
        name: "Time to resolve by month, June to November".into(),
        unit: "hours".into(),
        period: "Month".into(),
        periods: months.iter().map(|label| Period { label: label.to_string() }).collect(),
        series: vec![
            series("high", &[9.6, 6.1, 5.0, 4.4, -1.0, 4.9]),
            series("low", &[12.0, 11.5, 9.0, 9.5, 10.0, 8.0]),
        ],
        target: Some(Target { value: 6.0, label: "target 6".into() }),
        total: String::new(),
    }
}

#[test]
fn charts_are_drawn_as_reviewed() {
    let found = chart();
    compare("line", html! { (line(&found)) (table(&found, "Table")) });
    compare("bar", bar(&found));
    let total = Chart { total: "Total".into(), ..chart() };
    compare("stacked", html! { (stacked(&total)) (table(&total, "Table")) });
    compare("multiples", multiples(&found));
    compare("heat", heat(&found));
}

#[test]
fn a_chart_of_nothing_is_drawn() {
    let nothing = Chart::default();
    for draw in [line, bar, stacked, multiples, heat] {
        assert!(!draw(&nothing).into_string().contains("NaN"));
    }
    assert!(!distribution(&Distribution::default()).into_string().contains("NaN"));
    assert!(!plan(&Plan::default()).into_string().contains("NaN"));
    assert!(!graph(&Graph::default()).into_string().contains("NaN"));
}

#[test]
fn a_distribution_is_drawn_as_reviewed() {
    let bin = |from: i64, count| Bin {
        from: format!("{from} h"),
        range: format!("{from} to {} h", from + 2),
        count,
        href: (count > 0).then(|| format!("/incident?where=x%20%3E%3D%20{from}h")),
    };
    compare(
        "distribution",
        distribution(&Distribution {
            name: "Time to resolve, 40 incidents, median 3 h".into(),
            unit: "incidents".into(),
            heads: ["Length".into(), "Incidents".into(), "Share, %".into()],
            bins: vec![bin(0, 12), bin(2, 20), bin(4, 6), bin(6, 0), bin(8, 2)],
            percentiles: vec![
                Percentile { label: "median 3 h".into(), place: 1.5 },
                Percentile { label: "90 % 5 h".into(), place: 2.5 },
            ],
        }),
    );
}

#[test]
fn a_plan_is_drawn_as_reviewed() {
    let day = |n: usize| Day {
        label: format!("Mon {}", n + 1),
        from: n as f64 / 14.0,
        to: (n + 1) as f64 / 14.0,
        is_today: n == 0,
        is_weekend: n % 7 >= 5,
    };
    let bar = |from: f64, to: f64, label: &str| Bar {
        from: from / 14.0,
        to: to / 14.0,
        label: label.into(),
        detail: "21:00".into(),
        href: Some(format!("/bar/{label}")),
        ..Bar::default()
    };
    let clash = |bar: Bar| Bar { is_clashing: true, ..bar };
    let ask = |bar: Bar| Bar { is_tentative: true, ..bar };
    let out = |bar: Bar| Bar { is_strong: true, ..bar };
    let row = |label: &str, bars: Vec<Bar>| Row { label: label.into(), bars };
    compare(
        "plan",
        plan(&Plan {
            name: "Change calendar, two weeks".into(),
            days: (0..14).map(day).collect(),
            rows: vec![
                row(
                    "Card payments",
                    vec![
                        clash(bar(0.9, 1.1, "CHG-001839 Firewall rules")),
                        clash(bar(0.95, 1.2, "CHG-001842 Certificates")),
                    ],
                ),
                row(
                    "核心账务系统",
                    vec![out(bar(13.0, 14.5, "CHG-001851 核心版本")), ask(bar(4.0, 4.1, "x"))],
                ),
            ],
            grounds: vec![Ground { from: 4.75 / 14.0, to: 9.25 / 14.0, label: "Month end".into() }],
            now: Some(0.03),
        }),
    );
}

#[test]
fn a_graph_is_drawn_as_reviewed() {
    let node = |label: &str, is_root| Node {
        label: label.into(),
        detail: "Server".into(),
        href: Some(format!("/node/{label}")),
        is_root,
        layer: None,
    };
    let edge = |from, to| Edge { from, to, label: "depends on".into() };
    compare(
        "graph",
        graph(&Graph {
            name: "What pgw-db-01 carries: 4 records".into(),
            nodes: vec![
                node("pgw-db-01", true),
                node("pgw-core", false),
                node("支付网关", false),
                node("Card switch", false),
            ],
            edges: vec![edge(0, 1), edge(1, 2), edge(1, 3), edge(3, 2), edge(2, 0)],
        }),
    );
}
