//! The stream of events: what it tells to whom, where it goes on, when it ends.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use futures_util::StreamExt;
use serde_json::{Value as Json, json};
use std::time::Duration;
use tower::ServiceExt;
use visitor::Browser;
use world::{World, unlimited};

/// The stream of one browser.
struct Listener {
    body: BodyDataStream,
    text: String,
}

impl Listener {
    async fn open(world: &World, session: &str, query: &str, last: Option<i64>) -> Listener {
        let response = ask(world, session, query, last).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Listener { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// Reads on until the text holds a mark; what was read so far.
    async fn until(&mut self, mark: &str) -> &str {
        let read = async {
            while !self.text.contains(mark) {
                let piece = self.body.next().await.expect("the stream goes on").unwrap();
                self.text.push_str(&String::from_utf8_lossy(&piece));
            }
        };
        let done = tokio::time::timeout(Duration::from_secs(20), read).await;
        assert!(done.is_ok(), "no {mark:?} in {:?}", self.text);
        &self.text
    }

    /// Whether it ends within the time that a session is looked after.
    async fn ends(&mut self) -> bool {
        let rest = async { while self.body.next().await.is_some() {} };
        tokio::time::timeout(Duration::from_secs(20), rest).await.is_ok()
    }
}

async fn ask(
    world: &World,
    session: &str,
    query: &str,
    last: Option<i64>,
) -> axum::response::Response {
    let mut request = Request::get(format!("/live{query}"));
    if !session.is_empty() {
        request = request.header("cookie", format!("evenkeel={session}"));
    }
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn id_of(world: &World, number: &str) -> String {
    let read = world.get(&world.anna, &format!("/api/v1/purchase/{number}")).await;
    read.json()["id"].as_str().unwrap().to_string()
}

#[tokio::test]
async fn a_hidden_record_never_comes_by_the_stream() {
    let world = World::new();
    let [anna, carl] = [Browser::of(&world, "anna").await, Browser::of(&world, "carl").await];
    world.seal();
    let from = format!("?from={}", world.engine.feed_end().unwrap());
    let hers = world.purchase("Paper").await;
    let body = json!({ "summary": "Ink" });
    let his = world.call(&world.carl, "POST", "/api/v1/purchase", body).await.json();
    let his = his["id"].as_str().unwrap();
    world.seal();
    let hers = id_of(&world, &hers).await;
    let mut told = Listener::open(&world, &anna.session().unwrap(), &from, None).await;
    let told = told.until("event: changes").await.to_string();
    assert!(told.contains(&hers) && !told.contains(his), "{told}");
    let mut told = Listener::open(&world, &carl.session().unwrap(), &from, None).await;
    let told = told.until("event: changes").await;
    assert!(told.contains(his) && !told.contains(&hers), "{told}");
    let data = told.split("data: ").nth(1).unwrap().lines().next().unwrap();
    let data: Json = serde_json::from_str(data).unwrap();
    let members: Vec<&String> = data["changes"][0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["type", "id", "position"], "ids and no more");
}

#[tokio::test]
async fn an_internal_note_is_no_event_for_those_who_do_not_read_it() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    world.seal();
    let from = format!("?from={}", world.engine.feed_end().unwrap());
    let body = json!({ "text": "Too dear", "internal": true });
    let path = format!("/api/v1/purchase/{number}/comments");
    assert_eq!(world.call(&world.bo, "POST", &path, body).await.status, 201);
    world.seal();
    let mut told = Listener::open(&world, &anna.session().unwrap(), &from, None).await;
    let end = world.engine.feed_end().unwrap();
    let told = told.until(&format!("id: {end}\n")).await;
    assert!(!told.contains("event: changes"), "{told}");
}

#[tokio::test]
async fn the_stream_goes_on_where_it_was_and_wakes_when_something_happens() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let session = anna.session().unwrap();
    world.seal();
    let end = world.engine.feed_end().unwrap();
    let mut first = Listener::open(&world, &session, &format!("?from={end}"), None).await;
    first.until("retry").await;
    let one = world.purchase("Paper").await;
    world.seal();
    let one = id_of(&world, &one).await;
    let text = first.until(&one).await;
    let at: i64 = text.rsplit("id: ").next().unwrap().lines().next().unwrap().parse().unwrap();
    drop(first);
    let two = world.purchase("Ink").await;
    world.seal();
    let two = id_of(&world, &two).await;
    // What the browser says it has read counts before what the page said.
    let mut resumed = Listener::open(&world, &session, "?from=0", Some(at)).await;
    let text = resumed.until(&two).await;
    assert!(!text.contains(&one), "{text}");
    let mut other = Listener::open(&world, &session, "?from=999999", None).await;
    other.until("event: lost").await;
}

#[tokio::test]
async fn a_page_says_where_the_feed_ended_before_it_was_drawn() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    world.seal();
    let end = world.engine.feed_end().unwrap();
    let id = id_of(&world, &number).await;
    let page = anna.get(&format!("/purchase/{number}")).await;
    assert!(page.header("content-security-policy").contains("worker-src 'self'"));
    let page = page.text();
    assert!(page.contains(&format!("data-from=\"{end}\" data-records=\"{id}\"")), "{page}");
    let list = anna.get("/purchase").await.text();
    assert!(list.contains(&format!("data-from=\"{end}\" data-types=\"purchase\"")), "{list}");
    let past = anna.get(&format!("/purchase/{number}?as_of=2026-03-01T12:00:00Z")).await;
    assert!(!past.text().contains("data-from"), "the past does not change");
    let worker = visitor::between(&page, "data-worker=\"", "\"");
    let worker = anna.get(worker).await;
    assert!(worker.header("content-security-policy").contains("connect-src 'self'"));
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_there_are_not_too_many() {
    let mut settings = unlimited();
    settings.limits.account_streams = 2;
    let world = World::with(settings);
    let anna = Browser::of(&world, "anna").await;
    let session = anna.session().unwrap();
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut one = Listener::open(&world, &session, "", None).await;
        one.until("id: ").await;
        kept.push(one);
    }
    assert_eq!(ask(&world, &session, "", None).await.status(), 503);
    let metrics = world.get(&world.dora, "/metrics").await;
    assert!(metrics.text().contains("evenkeel_live_streams 2") || metrics.status == 403);
    world.engine.close_session(&session).unwrap();
    world.pass(2);
    for mut one in kept {
        one.until("event: ended").await;
        assert!(one.ends().await);
    }
    assert_eq!(ask(&world, &session, "", None).await.status(), 401);
    assert_eq!(ask(&world, "", "", None).await.status(), 401);
}

#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_no_session_alive_and_says_nothing_away() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let mut anna = Browser::of(&world, "anna").await;
    let note = [("text", "Hello"), ("internal", "false")];
    anna.post(&format!("/purchase/{number}/note"), &note).await;
    anna.more.push(("x-unattended", "1"));
    let path = format!("/purchase/{number}");
    let again = anna.get(&path).await;
    assert!(!again.text().contains("Added"), "it is said to the one who did it");
    for _ in 0..5 {
        world.pass(1700);
        anna.get(&path).await;
    }
    assert_eq!(anna.get(&path).await.status, 303, "two hours without use");
}

#[tokio::test]
async fn who_has_a_record_open_is_seen_by_those_who_read_it_and_by_nobody_else() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let [anna, bo] = [Browser::of(&world, "anna").await, Browser::of(&world, "bo").await];
    let carl = Browser::of(&world, "carl").await;
    let path = format!("/purchase/{number}/here");
    let id = id_of(&world, &number).await;
    assert!(!anna.post(&path, &[]).await.text().contains("Bo"));
    let mut told = Listener::open(&world, &anna.session().unwrap(), "", None).await;
    let mut others = Listener::open(&world, &carl.session().unwrap(), "", None).await;
    told.until("unread").await;
    others.until("unread").await;
    let page = bo.post(&path, &[("doing", "typing")]).await.text();
    assert!(page.contains("aria-label=\"Anna\""), "{page}");
    told.until(&format!("event: here\ndata: {{\"here\":[\"{id}\"]}}")).await;
    let page = anna.post(&path, &[]).await.text();
    assert!(page.contains("Bo is typing"), "{page}");
    assert_eq!(carl.post(&path, &[]).await.status, 404, "it is hidden from him");
    assert!(!others.text.contains("here"), "{}", others.text);
    bo.post(&path, &[("doing", "leaving")]).await;
    assert!(!anna.post(&path, &[]).await.text().contains("Bo"));
    bo.post(&path, &[]).await;
    world.pass(60);
    assert!(!anna.post(&path, &[]).await.text().contains("Bo"), "a lease runs out");
    let history = world.get(&world.bo, &format!("/api/v1/purchase/{number}/history")).await;
    assert_eq!(history.json()["entries"].as_array().unwrap().len(), 1, "no part of history");
}
