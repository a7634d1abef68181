//! Requests one by one: who asks, method, address, body; the status, and what the answer must and
//! must not contain. Each row has a world of its own in which `PUR-000001` is Anna's.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use super::world::World;
use serde_json::Value as Json;

pub struct Row {
    who: &'static str,
    request: &'static str,
    body: Json,
    status: u16,
    has: &'static str,
    lacks: &'static str,
}

pub fn row(
    who: &'static str,
    request: &'static str,
    body: Json,
    status: u16,
    has: &'static str,
    lacks: &'static str,
) -> Row {
    Row { who, request, body, status, has, lacks }
}

pub const NONE: Json = Json::Null;

pub async fn run(rows: Vec<Row>) {
    let mut wrong = String::new();
    for row in rows {
        let world = World::new();
        world.purchase("A pallet of paper").await;
        let token = match row.who {
            "anna" => world.anna.as_str(),
            "bo" => &world.bo,
            "carl" => &world.carl,
            "dora" => &world.dora,
            other => other,
        };
        let (method, path) = row.request.split_once(' ').unwrap();
        let answer = world.call(token, method, path, row.body).await;
        let text = answer.text();
        let fits = answer.status == row.status
            && text.contains(row.has)
            && (row.lacks.is_empty() || !text.contains(row.lacks));
        if !fits {
            wrong.push_str(&format!("{} {}\n  {} {text}\n", row.who, row.request, answer.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
