//! What people are told of, and what they are not: by pages, by the interface, and by the stream.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::{Value as Json, json};
use visitor::{Browser, between};
use world::World;

async fn told(world: &World, token: &str) -> Vec<Json> {
    let answer = world.get(token, "/api/v1/notifications").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["notifications"].as_array().unwrap().clone()
}

fn kinds(notices: &[Json]) -> Vec<&str> {
    notices.iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

async fn say(world: &World, token: &str, number: &str, text: &str, internal: bool) {
    let path = format!("/api/v1/purchase/{number}/comments");
    let body = json!({ "text": text, "internal": internal });
    let answer = world.call(token, "POST", &path, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

#[tokio::test]
async fn who_is_named_or_mentioned_or_watches_is_told_and_nobody_of_themselves() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    say(&world, &world.bo, &number, "Look at this, @anna and @bo.", false).await;
    let notices = told(&world, &world.anna).await;
    assert_eq!(kinds(&notices), ["mentioned"]);
    assert_eq!(notices[0]["text"], "Bo mentioned you");
    assert_eq!(notices[0]["record"]["number"], number);
    assert!(told(&world, &world.bo).await.is_empty(), "nobody is told of what they do");
    let path = format!("/api/v1/purchase/{number}/watch");
    assert_eq!(world.call(&world.bo, "POST", &path, Json::Null).await.status, 200);
    say(&world, &world.anna, &number, "Done", false).await;
    let notices = told(&world, &world.bo).await;
    assert_eq!(kinds(&notices), ["watched"]);
    assert_eq!(notices[0]["text"], "Anna 写了备注", "in the language of the reader");
    let carl = world.get(&world.carl, "/api/v1/me").await.json()["person"].clone();
    let path = format!("/api/v1/purchase/{number}");
    let edited = world.call(&world.bo, "PATCH", &path, json!({ "owner": carl })).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    let notices = told(&world, &world.carl).await;
    assert_eq!(kinds(&notices), ["named"]);
    assert_eq!(notices[0]["text"], "Bo put you down as Owner");
}

#[tokio::test]
async fn who_may_not_read_is_not_told_and_the_writer_learns_it() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let bo = Browser::of(&world, "bo").await;
    let path = format!("/purchase/{number}/note");
    let note = [("text", "Too dear, @anna @carl"), ("internal", "true")];
    let page = bo.follow(&bo.post(&path, &note).await).await.text();
    assert!(page.contains("@anna、@carl 无权查看内部备注"), "{page}");
    assert!(told(&world, &world.anna).await.is_empty(), "an internal note");
    let note = [("text", "Dear @carl"), ("internal", "false")];
    let page = bo.follow(&bo.post(&path, &note).await).await.text();
    assert!(page.contains("@carl 无权查看此记录"), "{page}");
    assert!(told(&world, &world.carl).await.is_empty(), "a hidden record");
}

#[tokio::test]
async fn a_right_that_is_lost_takes_what_was_told_along() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    say(&world, &world.bo, &number, "For @anna", false).await;
    let path = format!("/api/v1/purchase/{number}/watch");
    assert_eq!(world.call(&world.anna, "POST", &path, Json::Null).await.status, 200);
    assert_eq!(told(&world, &world.anna).await.len(), 1);
    say(&world, &world.bo, &number, "Between us", true).await;
    assert_eq!(told(&world, &world.anna).await.len(), 1, "an internal note that she may not read");
    let carl = world.get(&world.carl, "/api/v1/me").await.json()["person"].clone();
    let path = format!("/api/v1/purchase/{number}");
    world.call(&world.bo, "PATCH", &path, json!({ "owner": carl })).await;
    assert!(told(&world, &world.anna).await.is_empty(), "it is Carl's now");
    let anna = Browser::of(&world, "anna").await;
    let page = anna.get("/notifications").await.text();
    assert!(!page.contains(&number) && page.contains("Nothing new"), "{page}");
    assert!(page.contains("id=\"bell-count\" hidden"), "nor is it counted");
}

#[tokio::test]
async fn what_was_read_is_counted_no_more() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    for text in ["One, @anna", "Two, @anna"] {
        say(&world, &world.bo, &number, text, false).await;
    }
    let anna = Browser::of(&world, "anna").await;
    let page = anna.get("/notifications").await.text();
    assert_eq!(page.matches("Bo mentioned you").count(), 2);
    assert!(between(&page, "id=\"bell-count\"", "</b>").contains(">2<"), "{page}");
    let entry = told(&world, &world.anna).await[0]["entry"].as_str().unwrap().to_string();
    let fields = [("entry", entry.as_str()), ("show", "unread")];
    let back = anna.post("/notifications/read", &fields).await;
    assert_eq!(back.header("location"), "/notifications?show=unread");
    let unread = world.get(&world.anna, "/api/v1/notifications?unread=true").await.json();
    assert_eq!(unread["notifications"].as_array().unwrap().len(), 1);
    let path = "/api/v1/notifications/read";
    let unclear = world.call(&world.anna, "POST", path, json!({ "entries": null })).await;
    assert_eq!(unclear.status, 422, "nothing is not all: {}", unclear.text());
    let wrong = world.call(&world.anna, "POST", path, json!({ "entries": ["x"] })).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(world.call(&world.anna, "POST", path, Json::Null).await.status, 204);
    let unread = world.get(&world.anna, "/api/v1/notifications?unread=true").await.json();
    assert_eq!(unread["notifications"], json!([]));
    assert_eq!(told(&world, &world.anna).await.len(), 2);
    let page = world.get(&world.anna, "/api/v1/notifications?limit=1").await.json();
    let next = page["next"].as_str().unwrap();
    let page = world.get(&world.anna, &format!("/api/v1/notifications?cursor={next}")).await;
    assert_eq!(page.json()["notifications"].as_array().unwrap().len(), 1);
    // What came after the page was drawn is not read with it.
    say(&world, &world.bo, &number, "Three, @anna", false).await;
    let page = anna.get("/notifications").await.text();
    let newest = between(&page, "name=\"newest\" value=\"", "\"").to_string();
    say(&world, &world.bo, &number, "Four, @anna", false).await;
    anna.post("/notifications/read", &[("newest", &*newest)]).await;
    let unread = world.get(&world.anna, "/api/v1/notifications?unread=true").await.json();
    assert_eq!(unread["notifications"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_may_approve_is_asked() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let path = format!("/api/v1/purchase/{number}/transition/ask");
    let asked = world.call(&world.anna, "POST", &path, json!({ "pieces": 3 })).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    engine::jobs::run_due(&world.engine, "test", world.now() + 1_000_000).unwrap();
    let notices = told(&world, &world.bo).await;
    assert_eq!(kinds(&notices), ["approval_wanted"]);
    assert_eq!(notices[0]["text"], "等待您审批");
    for token in [&world.anna, &world.carl, &world.dora] {
        assert!(told(&world, token).await.is_empty(), "they may not");
    }
}

#[tokio::test]
async fn people_are_offered_and_linked_as_far_as_they_may_be_seen() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    say(&world, &world.anna, &number, "Ask @bo and @zoe", false).await;
    let anna = Browser::of(&world, "anna").await;
    let offered = anna.get(&format!("/purchase/{number}/mentions?q=bo")).await.text();
    assert!(offered.contains("data-login=\"bo\"") && offered.contains("Bo"), "{offered}");
    let page = anna.get(&format!("/purchase/{number}")).await.text();
    let note = visitor::between(&page, "<div class=\"note\">", "</div>");
    assert!(note.contains("<a href=\"/person/PER-0002\">@bo</a> and @zoe"), "{note}");
    let carl = Browser::of(&world, "carl").await;
    assert_eq!(carl.get(&format!("/purchase/{number}/mentions?q=bo")).await.status, 404);
}
