//! What somebody changed last, on their first page.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::json;
use visitor::Browser;
use world::World;

const HEAD: &str = "Recently changed by me";

#[tokio::test]
async fn what_i_changed_last_stands_first_and_only_while_i_may_read_it() {
    let world = World::new();
    for summary in ["Paper", "Ink", "Chairs"] {
        world.purchase(summary).await;
    }
    let anna = Browser::of(&world, "anna").await;
    anna.post("/purchase/PUR-000001/note", &[("text", "Hello")]).await;
    let page = anna.get("/").await.text();
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text} in {page}"));
    let order = [HEAD, ">Paper<", ">Chairs<", ">Ink<"].map(place);
    assert!(order.is_sorted(), "{order:?}");
    assert_eq!(page.matches(">Paper<").count(), 1, "a record stands once");
    let carl = Browser::of(&world, "carl").await;
    assert!(!carl.get("/").await.text().contains(HEAD), "what others changed is not mine");
    let away = json!({ "owner": "Carl" });
    let path = "/api/v1/purchase/PUR-000002";
    let given = world.call(&world.anna, "PATCH", path, away).await;
    assert!(given.status.is_success(), "{}", given.text());
    let page = anna.get("/").await.text();
    assert!(page.contains(">Paper<") && !page.contains(">Ink<"), "{page}");
}
