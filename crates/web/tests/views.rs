//! Views: lists that people keep under a name, through pages and through the interface.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::{Value as Json, json};
use visitor::{Browser, between};
use world::World;

/// The names of the views that somebody finds.
async fn names(world: &World, token: &str) -> Vec<String> {
    let answer = world.call(token, "GET", "/api/v1/purchase/views", Json::Null).await;
    let views = answer.json()["views"].as_array().unwrap().clone();
    views.iter().map(|view| view["name"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn a_list_is_kept_under_a_name_and_opened_again() {
    let world = World::new();
    world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    let address = "/purchase/views?where=kind%20%3D%3D%20%27goods%27&sort=-number";
    let form = anna.get(address).await.text();
    assert!(form.contains("Kind is Goods") && form.contains("Number ↓"), "{form}");
    let fields = [("where", "kind == 'goods'"), ("sort", "-number"), ("name", "  All goods ")];
    let kept = anna.post("/purchase/views", &fields).await;
    let list = anna.follow(&kept).await.text();
    assert!(list.contains("<h1 class=\"vh\">Purchases: All goods</h1>"), "{list}");
    assert!(list.contains("Kind is Goods") && list.contains("Paper"));
    // The side names it, and counts it when it is asked to.
    let id = between(&list, "view=", "&").to_string();
    let counted = anna.get(&format!("/purchase/counts?view={id}")).await.text();
    let line = between(&counted, &format!("view={id}"), "</a>");
    assert!(
        line.contains("All goods") && line.contains("<span class=\"count\">1</span>"),
        "{line}"
    );

    // The same name again is refused, and what was typed is still there.
    let twice = anna.post("/purchase/views", &fields).await;
    assert_eq!(twice.status, 422);
    assert!(twice.text().contains("A view of yours has this name."));
    assert!(twice.text().contains("value=\"kind == 'goods'\""), "{}", twice.text());

    let renamed = [("name", "Goods"), ("for", "owner")];
    anna.post(&format!("/purchase/views/{id}"), &renamed).await;
    assert_eq!(names(&world, &world.anna).await, ["Goods"]);
    anna.post(&format!("/purchase/views/{id}/end"), &[]).await;
    assert!(names(&world, &world.anna).await.is_empty());
    assert_eq!(anna.get(&format!("/purchase?view={id}")).await.status, 200, "the list is there");
}

#[tokio::test]
async fn a_view_is_for_its_owner_or_for_everybody() {
    let world = World::new();
    let (path, shown) = ("/api/v1/purchase/views", json!({ "where": "urgent" }));
    let own = json!({ "name": "Mine", "shown": shown });
    let made = world.call(&world.anna, "POST", path, own).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["shown"], json!({ "where": "urgent" }));
    assert!(names(&world, &world.carl).await.is_empty(), "nobody else's");

    let public = json!({ "name": "Everybody's", "audience": "everybody" });
    let refused = world.call(&world.anna, "POST", path, public.clone()).await;
    assert_eq!(refused.status, 403, "only who administers");
    let dora = Browser::of(&world, "dora").await;
    let fields = [("name", "Everybody's"), ("for", "everybody")];
    assert_eq!(dora.post("/purchase/views", &fields).await.status, 303);
    assert_eq!(names(&world, &world.carl).await, ["Everybody's"]);

    // What others share is theirs.
    let found = world.call(&world.carl, "GET", path, Json::Null).await.json();
    let id = found["views"][0]["id"].as_str().unwrap().to_string();
    assert_eq!(found["views"][0]["mine"], false);
    let one = format!("{path}/{id}");
    assert_eq!(world.call(&world.carl, "DELETE", &one, Json::Null).await.status, 403);
    let mine = made.json()["id"].as_str().unwrap().to_string();
    let hidden = world.call(&world.carl, "DELETE", &format!("{path}/{mine}"), Json::Null).await;
    assert_eq!(hidden.status, 404, "what one does not find is not there");
}

#[tokio::test]
async fn what_cannot_be_shown_is_not_kept() {
    let world = World::new();
    let path = "/api/v1/purchase/views";
    for (body, status) in [
        (json!({ "name": "", "shown": {} }), 422),
        (json!({ "name": "x", "shown": { "where": "nothing == 1" } }), 400),
        (json!({ "name": "x", "shown": { "sort": "-nothing" } }), 400),
        (json!({ "name": "x", "shown": { "list": "nothing" } }), 404),
        (json!({ "name": "x", "audience": "team", "team": "nobody's" }), 422),
        (json!({ "name": "x", "audience": "all" }), 422),
    ] {
        let answer = world.call(&world.anna, "POST", path, body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
    }
    assert_eq!(names(&world, &world.anna).await.len(), 0);
}

#[tokio::test]
async fn columns_are_chosen_and_ordered() {
    let world = World::new();
    world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    let page = anna.get("/purchase/columns?columns=number,summary,kind").await.text();
    assert!(page.contains("columns=number%2Ckind%2Csummary"), "one place earlier: {page}");
    assert!(!page.contains("Margin"), "what she may not see is not offered");
    let fields = [("column", "kind"), ("column", "summary"), ("column", "margin"), ("q", "paper")];
    let chosen = anna.post("/purchase/columns", &fields).await;
    assert_eq!(chosen.header("location"), "/purchase?q=paper&columns=kind%2Csummary");
}
