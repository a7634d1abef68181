//! A record that is made from the page of another one and linked to it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use visitor::Browser;
use world::World;

const FOR: &str = "purchase/replaces/PUR-000001";

#[tokio::test]
async fn a_record_is_made_for_another_and_linked_to_it() {
    let world = World::new();
    world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    let way = "/purchase/new?for=purchase%2Freplaces%2FPUR-000001";
    assert!(anna.get("/purchase/PUR-000001").await.text().contains(way));
    let form = anna.get(way).await;
    assert!(form.text().contains("It will be linked to"), "{}", form.text());
    let drawn = anna.post("/purchase/new/draw", &[("made.for", FOR), ("summary", "Ink")]).await;
    let wrong = anna.post("/purchase/new", &[("made.for", FOR), ("summary", "")]).await;
    for again in [&form, &drawn, &wrong] {
        let kept = format!("name=\"made.for\" value=\"{FOR}\"");
        assert!(again.text().contains(&kept), "{}", again.text());
    }
    let made = anna.post("/purchase/new", &[("made.for", FOR), ("summary", "Ink")]).await;
    assert_eq!(made.header("location"), "/purchase/PUR-000002");
    let page = anna.follow(&made).await.text();
    assert!(page.contains("PUR-000002 is created and linked to PUR-000001 (Replaces)"), "{page}");
    assert!(anna.get("/purchase/PUR-000001").await.text().contains("/purchase/PUR-000002"));
}

#[tokio::test]
async fn a_refused_link_is_told_on_the_page_of_the_new_record() {
    let world = World::new();
    world.purchase("Paper").await;
    world::account(&world.engine, "Eve", "en", "buyer");
    // A buyer reads it and makes others, but does not write it.
    let eve = Browser::of(&world, "eve").await;
    let made = eve.post("/purchase/new", &[("made.for", FOR), ("summary", "Ink")]).await;
    let page = eve.follow(&made).await.text();
    assert!(page.contains("PUR-000002 is created, but not linked to PUR-000001"), "{page}");
    assert!(page.contains("link it on the page of PUR-000001"), "{page}");
    let page = eve.get("/purchase/PUR-000001").await.text();
    assert!(!page.contains("/purchase/PUR-000002"), "{page}");
}

#[tokio::test]
async fn nothing_is_made_for_a_record_that_is_hidden_or_has_no_such_link() {
    let world = World::new();
    world.purchase("Paper").await;
    let carl = Browser::of(&world, "carl").await;
    let anna = Browser::of(&world, "anna").await;
    for (who, given) in [
        (&carl, FOR),
        (&anna, "purchase/replaces/PUR-000099"),
        (&anna, "purchase/nothing/PUR-000001"),
        (&anna, "purchase"),
    ] {
        let form = [("made.for", given), ("summary", "Ink")];
        assert_eq!(who.post("/purchase/new", &form).await.status, 404, "{given}");
        let path = format!("/purchase/new?for={}", given.replace('/', "%2F"));
        assert_eq!(who.get(&path).await.status, 404, "{given}");
    }
    assert_eq!(anna.get("/purchase/PUR-000002").await.status, 404, "nothing was made");
}
