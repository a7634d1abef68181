//! Taking back what was just done: offered once, refused where somebody wrote in between.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::{Value as Json, json};
use visitor::{Browser, between};
use world::World;

/// The form in what a page says: where it goes, and its fields.
fn offered(page: &str) -> (String, Vec<(String, String)>) {
    let toast = between(page, "<div class=\"over toast\">", "</form>");
    let action = between(toast, "action=\"", "\"").to_string();
    let fields = toast.split("<input type=\"hidden\" ").skip(1).map(|input| {
        let value = |name: &str| between(input, &format!("{name}=\""), "\"").to_string();
        (value("name"), value("value"))
    });
    (action, fields.filter(|(name, _)| name != "csrf").collect())
}

async fn send(browser: &Browser<'_>, form: &(String, Vec<(String, String)>)) -> world::Answer {
    let fields: Vec<(&str, &str)> = form.1.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(&form.0, &fields).await
}

async fn summary(world: &World, number: &str) -> Json {
    world.get(&world.anna, &format!("/api/v1/purchase/{number}")).await.json()["summary"].clone()
}

async fn edit(browser: &Browser<'_>, number: &str, summary: &str) -> String {
    let path = format!("/purchase/{number}");
    let form = browser.get(&format!("{path}?edit=request")).await.text();
    let base = between(&form, "name=\"base\" value=\"", "\"").to_string();
    let was = between(&form, "name=\"was.summary\" value=\"", "\"").to_string();
    let fields = [
        ("section", "request"),
        ("base", base.as_str()),
        ("was.summary", was.as_str()),
        ("summary", summary),
    ];
    let sent = browser.post(&format!("{path}/edit"), &fields).await;
    browser.follow(&sent).await.text()
}

#[tokio::test]
async fn an_edit_is_put_back_once() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    let page = edit(&anna, &number, "Ink").await;
    assert_eq!(summary(&world, &number).await, "Ink");
    let form = offered(&page);
    let again = anna.get(&format!("/purchase/{number}")).await.text();
    assert!(!again.contains("over toast"), "it is offered once");
    let back = send(&anna, &form).await;
    assert!(anna.follow(&back).await.text().contains("Undone"));
    assert_eq!(summary(&world, &number).await, "Paper");
    let bo = Browser::of(&world, "bo").await;
    assert_eq!(send(&bo, &form).await.status, 404, "an edit of somebody else");
}

#[tokio::test]
async fn an_edit_is_not_put_back_over_what_somebody_wrote_since() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    let form = offered(&edit(&anna, &number, "Ink").await);
    let path = format!("/api/v1/purchase/{number}");
    world.call(&world.bo, "PATCH", &path, json!({ "summary": "Glue" })).await;
    assert_eq!(send(&anna, &form).await.status, 412);
    assert_eq!(summary(&world, &number).await, "Glue");
}

#[tokio::test]
async fn links_and_watching_are_taken_back() {
    let world = World::new();
    let (number, other) = (world.purchase("Paper").await, world.purchase("Old paper").await);
    let anna = Browser::of(&world, "anna").await;
    let path = format!("/purchase/{number}");
    let fields = [("link", "replaces"), ("to", other.as_str())];
    let page = anna.follow(&anna.post(&format!("{path}/link"), &fields).await).await.text();
    let form = offered(&page);
    assert_eq!(form.0, format!("{path}/unlink"));
    let page = anna.follow(&send(&anna, &form).await).await.text();
    assert!(page.contains("Linked to nothing yet"), "{page}");
    let page = anna.follow(&send(&anna, &offered(&page)).await).await.text();
    assert!(page.contains("Old paper"), "and again");
    // By a title of two words, as somebody types it.
    send(&anna, &offered(&page)).await;
    let fields = [("link", "replaces"), ("to", "Old paper")];
    let page = anna.follow(&anna.post(&format!("{path}/link"), &fields).await).await.text();
    let page = anna.follow(&send(&anna, &offered(&page)).await).await.text();
    assert!(page.contains("Linked to nothing yet"), "{page}");
    let page = anna.follow(&anna.post(&format!("{path}/watch"), &[]).await).await.text();
    assert!(page.contains("aria-pressed=\"true\""), "{page}");
    let page = anna.follow(&send(&anna, &offered(&page)).await).await.text();
    assert!(page.contains("aria-pressed=\"false\""), "{page}");
}
