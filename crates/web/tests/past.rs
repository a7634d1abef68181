//! What stood and what stands: a record as of a day with what differs now, the activity page by
//! page, an edit that others overtook.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::json;
use visitor::{Browser, encoded};
use world::World;

/// An instant of the world as an address holds it.
fn written(at: i64) -> String {
    encoded(&jiff::Timestamp::from_microsecond(at).unwrap().to_string())
}

#[tokio::test]
async fn a_record_as_it_stood_says_what_differs_now() {
    let world = World::new();
    let (number, other) = (world.purchase("Paper").await, world.purchase("Ink").await);
    let path = format!("/api/v1/purchase/{number}");
    let to = json!({ "to": other });
    world.call(&world.anna, "POST", &format!("{path}/link/replaces"), to).await;
    world.call(&world.anna, "PATCH", &path, json!({ "pieces": 3 })).await;
    let anna = Browser::of(&world, "anna").await;
    let then = written(world.now());
    world.pass(60);
    let note = [("text", "After that day"), ("internal", "false")];
    anna.post(&format!("/purchase/{number}/note"), &note).await;
    world.call(&world.anna, "PATCH", &path, json!({ "pieces": 4, "summary": "Card" })).await;
    let unlink = [("link", "replaces"), ("to", &*other)];
    let ended = anna.post(&format!("/purchase/{number}/unlink"), &unlink).await;
    assert_eq!(ended.status, 303, "{}", ended.text());

    let page = anna.get(&format!("/purchase/{number}?as_of={then}")).await.text();
    let differs = |field: &str, now: &str| {
        let rest = page.split_once(&format!("id=\"v-{field}\"")).unwrap().1;
        let cell = rest.split_once("</dd>").unwrap().0;
        assert!(cell.contains("class=\"since\"") && cell.contains(now), "{field}: {cell}");
    };
    differs("summary", "Card");
    differs("pieces", "4");
    assert_eq!(page.matches("class=\"since\"").count(), 3, "these, and the total that follows");
    assert!(page.contains("ended since"), "{page}");
    assert!(!page.contains("After that day"), "what happened later is not told");
    assert!(!page.contains("name=\"text\""), "and nothing is written");
    let now = anna.get(&format!("/purchase/{number}")).await.text();
    assert!(now.contains("After that day") && !now.contains("class=\"since\""));
}

#[tokio::test]
async fn activity_is_read_page_by_page_and_by_kind() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let path = format!("/api/v1/purchase/{number}");
    for round in 0..60 {
        let note = json!({ "text": format!("note {round:02}"), "internal": false });
        world.call(&world.anna, "POST", &format!("{path}/comments"), note).await;
        world.call(&world.anna, "PATCH", &path, json!({ "pieces": round })).await;
    }
    let anna = Browser::of(&world, "anna").await;
    let first = anna.get(&format!("/purchase/{number}?show=notes")).await.text();
    assert!(first.contains("note 59") && first.contains("note 10") && !first.contains("note 09"));
    let older = visitor::between(&first, "amp;older=", "#").to_string();
    let rest = anna.get(&format!("/purchase/{number}?show=notes&older={older}")).await.text();
    assert!(rest.contains("note 09") && rest.contains("note 00") && !rest.contains("note 10"));
    assert!(!rest.contains(">Older</a>"), "there is nothing older");
    let wrong = anna.get(&format!("/purchase/{number}?older=nonsense")).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn an_edit_that_others_overtook_shows_both_values_to_choose_from() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let path = format!("/api/v1/purchase/{number}");
    let anna = Browser::of(&world, "anna").await;
    world.call(&world.bo, "PATCH", &path, json!({ "pieces": 8, "code": "A-1" })).await;
    let mine = [
        ("section", "request"),
        ("base", "1"),
        ("was.pieces", ""),
        ("pieces", "30"),
        ("was.code", ""),
        ("code", "B-2"),
    ];
    let stale = anna.post(&format!("/purchase/{number}/edit"), &mine).await;
    assert_eq!(stale.status, 412);
    let page = stale.text();
    let both = page.split_once("name=\"take.pieces\"").unwrap().1;
    let both = both.split_once("</fieldset>").unwrap().0;
    assert!(both.contains("30") && both.contains('8'), "{both}");

    // Mine of one, theirs of the other.
    let base = visitor::between(&page, "name=\"base\" value=\"", "\"").to_string();
    let chosen = [
        ("section", "request"),
        ("base", &*base),
        ("take.pieces", "mine"),
        ("was.pieces", ""),
        ("pieces", "30"),
        ("take.code", "theirs"),
        ("was.code", ""),
        ("code", "B-2"),
    ];
    let saved = anna.post(&format!("/purchase/{number}/edit"), &chosen).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let read = world.get(&world.anna, &path).await.json();
    assert_eq!((&read["pieces"], &read["code"]), (&json!(30), &json!("A-1")));
}
