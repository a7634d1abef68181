//! Pages without a browser: who comes in, what a page holds and hides, what a form does and what it
//! gives back when it is refused. What scripts add is tried in Chromium.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use visitor::{Browser, PASSWORD};
use world::{Answer, World};

fn has(answer: &Answer, text: &str) {
    assert!(answer.text().contains(text), "no {text:?} in\n{}", answer.text());
}

fn lacks(answer: &Answer, text: &str) {
    assert!(!answer.text().contains(text), "{text:?} in\n{}", answer.text());
}

#[tokio::test]
async fn who_is_not_in_is_led_to_the_door_and_on() {
    let world = World::new();
    world.purchase("Paper").await;
    let account = world.engine.account_of("anna").unwrap().unwrap();
    world.engine.set_password(account, "anna", PASSWORD).unwrap();
    let guest = Browser::new(&world);
    let away = guest.get("/purchase?list=default").await;
    assert_eq!(away.header("location"), "/login?to=%2Fpurchase%3Flist%3Ddefault");
    let door = guest.follow(&away).await;
    has(&door, "Sign in");
    let nobody = [("login", "nobody"), ("password", "not the right one")];
    for wrong in [nobody, [("login", "anna"), ("password", "not the right one")]] {
        let refused = guest.post("/login", &wrong).await;
        assert_eq!(refused.status, 422);
        has(&refused, "Name or password is wrong.");
    }
    let right = [("login", "anna"), ("password", PASSWORD), ("to", "/purchase?list=default")];
    let inside = guest.post("/login", &right).await;
    let cookie = inside.header("set-cookie").to_string();
    assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
    assert_eq!(inside.header("location"), "/purchase?list=default");
    has(&guest.follow(&inside).await, "Paper");
    let session = guest.session().unwrap();
    let out = guest.post("/logout", &[]).await;
    assert_eq!(out.header("location"), "/login");
    guest.cookies.borrow_mut().insert("evenkeel".into(), session);
    assert_eq!(guest.get("/purchase").await.status, 303, "the session has ended");
}

#[tokio::test]
async fn the_door_leads_nowhere_else() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    for to in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let fields = [("login", "anna"), ("password", PASSWORD), ("to", to)];
        assert_eq!(anna.post("/login", &fields).await.header("location"), "/");
    }
}

#[tokio::test]
async fn only_our_own_pages_write() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    let (csrf, note) = (anna.csrf(), [("text", "Hello"), ("internal", "false")]);
    let path = format!("/purchase/{number}/note");
    let own = [("sec-fetch-site", "same-origin")];
    for (csrf, headers) in [
        ("", &own[..]),
        ("0123456789abcdef0123456789abcdef", &own),
        (&csrf, &[("sec-fetch-site", "cross-site")]),
        (&csrf, &[("sec-fetch-site", "none")]),
        (&csrf, &[("origin", "https://evil.example"), ("host", "a.example")]),
        (&csrf, &[]),
    ] {
        let refused = anna.post_as(&path, &note, csrf, headers).await;
        assert_eq!(refused.status, 403, "{headers:?} {}", refused.text());
    }
    assert_eq!(anna.post_as(&path, &note, &csrf, &own).await.status, 303);
    let elsewhere = anna.post_as("/login", &[], "", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(elsewhere.status, 403, "logging somebody in from another site");
}

#[tokio::test]
async fn a_session_is_no_token_and_a_token_no_session() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let session = anna.session().unwrap();
    let answer = world.call(&session, "GET", "/api/v1/me", serde_json::Value::Null).await;
    assert_eq!(answer.status, 401);
    anna.cookies.borrow_mut().insert("evenkeel".into(), world.anna.clone());
    assert_eq!(anna.get("/").await.header("location"), "/login?to=%2F");
}

#[tokio::test]
async fn a_person_sees_what_they_may_and_no_more() {
    let world = World::new();
    let number = world.purchase("Paper for Anna").await;
    let bo = Browser::of(&world, "bo").await;
    let page = bo.get(&format!("/purchase/{number}")).await;
    has(&page, "内部");
    has(&page, "草稿");
    let anna = Browser::of(&world, "anna").await;
    let page = anna.get(&format!("/purchase/{number}")).await;
    has(&page, "Paper for Anna");
    lacks(&page, "Inside");
    let carl = Browser::of(&world, "carl").await;
    let hidden = carl.get(&format!("/purchase/{number}")).await;
    let absent = carl.get("/purchase/PUR-000099").await;
    assert_eq!((hidden.status.as_u16(), absent.status.as_u16()), (404, 404));
    lacks(&hidden, "Paper for Anna");
    for path in
        ["/", "/purchase", "/search?q=paper", "/search/quick?q=paper", "/purchase/offer?q=paper"]
    {
        lacks(&carl.get(path).await, "Paper for Anna");
    }
    assert_eq!(carl.get(&format!("/purchase/{number}/preview")).await.status, 404);
    let fields = [("text", "Hello")];
    let refused = carl.post(&format!("/purchase/{number}/note"), &fields).await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn a_record_is_made_changed_and_moved_by_forms() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let form = anna.get("/purchase/new").await;
    has(&form, "<option value=\"goods\" selected>");
    let refused = anna.post("/purchase/new", &[("summary", ""), ("notes", "Kept **text**")]).await;
    assert_eq!(refused.status, 422);
    has(&refused, "This must be filled.");
    has(&refused, "Kept **text**");
    let fields = [
        ("summary", "Ink"),
        ("kind", "goods"),
        ("amount.amount", "1 250.50"),
        ("amount.currency", "eur"),
        ("needed_at", "2026-03-02 09:00"),
        ("public_name.en", "Ink"),
        ("public_name.zh", "墨水"),
    ];
    let made = anna.post("/purchase/new", &fields).await;
    let page = anna.follow(&made).await;
    has(&page, "PUR-000001 is created");
    has(&page, "1\u{2009}250.50 EUR");
    lacks(&anna.get("/purchase/PUR-000001").await, "is created");
    let section = [("section", "request"), ("base", "1"), ("summary", "Ink"), ("pieces", "12x")];
    let refused = anna.post("/purchase/PUR-000001/edit", &section).await;
    assert_eq!(refused.status, 422);
    has(&refused, "value=\"12x\"");
    let section = [("section", "request"), ("base", "1"), ("summary", "Ink"), ("pieces", "12")];
    let page = anna.post("/purchase/PUR-000001/edit", &section).await;
    has(&anna.follow(&page).await, "Saved");
    let stale = [("section", "request"), ("base", "1"), ("summary", "Ink"), ("pieces", "30")];
    let stale = anna.post("/purchase/PUR-000001/edit", &stale).await;
    assert_eq!(stale.status, 412);
    has(&stale, "Anna changed this meanwhile.");
    has(&stale, "value=\"30\"");
    let without = anna.post("/purchase/PUR-000001/move/drop", &[]).await;
    assert_eq!(without.status, 422);
    has(&without, "name=\"note\"");
    let moved = anna.post("/purchase/PUR-000001/move/drop", &[("note", "Not needed")]).await;
    has(&anna.follow(&moved).await, "Not needed");
}

#[tokio::test]
async fn a_filter_is_built_and_taken_off() {
    let world = World::new();
    world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    let form = anna.get("/purchase/filter?on=kind").await;
    has(&form, "<option value=\"goods\">");
    let on = anna.get("/purchase/filter?on=kind&op=is&value=goods&where=pieces+is+set").await;
    let to = "/purchase?where=pieces%20is%20set%20and%20kind%20%3D%3D%20%27goods%27";
    assert_eq!(on.header("location"), to);
    let list = anna.follow(&on).await;
    has(&list, "Kind is Goods");
    has(&list, "href=\"/purchase?where=pieces%20is%20set\"");
    has(&list, "No record fits the filter.");
    let wrong = anna.get("/purchase?where=kindd+%3D%3D+1").await;
    assert_eq!(wrong.status, 400);
    has(&wrong, "unknown field");
}

#[tokio::test]
async fn many_take_a_step_at_once_and_refusals_are_told_before() {
    let world = World::new();
    for summary in ["One", "Two"] {
        world.purchase(summary).await;
    }
    let anna = Browser::of(&world, "anna").await;
    anna.post("/purchase/PUR-000002/move/drop", &[("note", "Not needed")]).await;
    let chosen = "PUR-000001,PUR-000002,PUR-000077";
    let before = anna.get(&format!("/purchase/bulk?step=drop&chosen={chosen}")).await;
    has(&before, "1 of 3 records can take this step.");
    let fields = [("step", "drop"), ("chosen", chosen), ("note", "All of them")];
    let after = anna.post("/purchase/bulk", &fields).await;
    has(&after, "1 done, 2 left as they are.");
    has(&anna.get("/purchase/PUR-000001").await, "All of them");
}

#[tokio::test]
async fn what_nobody_touched_is_not_edited_and_refusals_are_always_told() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let cost = serde_json::json!({ "amount": "12.50", "currency": "EUR" });
    let body = serde_json::json!({
        "summary": "Ink", "needed_at": "2026-03-02T09:00:37Z", "owner": "Anna", "amount": cost,
    });
    world.call(&world.anna, "POST", "/api/v1/purchase", body).await;
    let form = anna.get("/purchase/PUR-000001?edit=request").await.text();
    let was = |name: &str| {
        let rest = form.split_once(&format!("name=\"was.{name}\" value=\"")).unwrap().1;
        rest.split('"').next().unwrap().to_string()
    };
    let (summary, at) = (was("summary"), was("needed_at"));
    let (owner, amount) = (was("owner"), was("amount"));
    let fields = [
        ("section", "request"),
        ("base", "1"),
        ("summary", "Ink, black"),
        ("was.summary", &*summary),
        ("needed_at", &*at),
        ("was.needed_at", &*at),
        ("owner", "Anna"),
        ("was.owner", &*owner),
        ("amount.amount", "12.50"),
        ("amount.currency", "EUR"),
        ("was.amount", &*amount),
    ];
    assert_eq!(anna.post("/purchase/PUR-000001/edit", &fields).await.status, 303);
    let path = "/api/v1/purchase/PUR-000001";
    let read = world.call(&world.anna, "GET", path, serde_json::Value::Null).await.json();
    assert_eq!(read["summary"], "Ink, black");
    assert_eq!(read["needed_at"], "2026-03-02T09:00:37Z", "the seconds are still there");
    assert_eq!((&read["owner"]["title"], &read["version"]), (&"Anna".into(), &2.into()));
    let nowhere = [("link", "replaces"), ("to", "PUR-000099")];
    let refused = anna.post("/purchase/PUR-000001/link", &nowhere).await;
    assert_eq!(refused.status, 422);
    has(&refused, "names no record");
    let long = "x".repeat(20_001);
    let refused = anna.post("/purchase/PUR-000001/note", &[("text", &*long)]).await;
    assert!(refused.status.is_client_error());
    has(&refused, "role=\"alert\"");
}

#[tokio::test]
async fn an_address_of_a_form_leads_to_its_page() {
    let world = World::new();
    world.purchase("Ink").await;
    let anna = Browser::of(&world, "anna").await;
    for (path, to) in [
        ("/purchase/PUR-000001/edit", "/purchase/PUR-000001"),
        ("/purchase/PUR-000001/move/drop", "/purchase/PUR-000001"),
        ("/purchase/new/draw", "/purchase/new"),
    ] {
        assert_eq!(anna.get(path).await.header("location"), to, "{path}");
    }
}

/// What somebody may type to reach another person's browser.
const HOSTILE: [&str; 4] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "[x](javascript:alert(1))<iframe src=//e>",
];

#[tokio::test]
async fn what_is_typed_never_becomes_part_of_the_page() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    for (place, text) in HOSTILE.iter().enumerate() {
        let fields = [
            ("summary", *text),
            ("notes", text),
            ("kind", "goods"),
            ("public_name.en", text),
            ("website", text),
        ];
        let refused = anna.post("/purchase/new", &fields).await;
        assert_eq!(refused.status, 422);
        tame(&refused, text);
        let made = anna.post("/purchase/new", &fields[..4]).await;
        tame(&anna.follow(&made).await, text);
        let number = format!("PUR-{:06}", place + 1);
        anna.post(&format!("/purchase/{number}/note"), &[("text", text)]).await;
        for path in [
            format!("/purchase/{number}"),
            format!("/purchase/{number}?edit=request"),
            format!("/purchase/{number}/preview"),
            "/purchase".into(),
            "/search?q=alert".into(),
            "/search/quick?q=alert".into(),
            "/purchase/offer?q=alert".into(),
            format!("/purchase?where={}", text.replace([' ', '"', '<', '>', '#'], "%22%3E%3C")),
        ] {
            tame(&anna.get(&path).await, text);
        }
    }
}

/// No tag and no handler of what was typed, no script or style in a line, and the policy that
/// would stop them all the same.
fn tame(answer: &Answer, typed: &str) {
    let text = answer.text();
    for bad in ["<script>", "<img", "<svg/", "<iframe", "=\"javascript:", " style="] {
        let quoted = text.replace(&maud_escaped(typed), "");
        assert!(!quoted.contains(bad), "{bad} in\n{text}");
    }
    if answer.status == 200 {
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'; script-src 'self'"), "{policy}");
    }
}

/// The text as it stands in a page, where it is harmless.
fn maud_escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[tokio::test]
async fn assets_are_named_by_their_content_and_kept() {
    let world = World::new();
    let guest = Browser::new(&world);
    let door = guest.get("/login").await.text();
    let start = door.find("/asset/app.").unwrap();
    let path = &door[start..start + door[start..].find('"').unwrap()];
    let style = guest.get(path).await;
    assert_eq!(style.status, 200);
    assert!(style.header("cache-control").contains("immutable"));
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(guest.get("/asset/app.000000000000.css").await.status, 404);
}

#[tokio::test]
async fn below_a_path_everything_that_a_page_loads_is_named_with_it() {
    let base_url = Some("http://desk.example/itsm".to_string());
    let world = World::with(web::Settings { base_url, ..world::unlimited() });
    let number = world.purchase("Paper").await;
    let account = world.engine.account_of("anna").unwrap().unwrap();
    world.engine.set_password(account, "anna", PASSWORD).unwrap();
    let anna = Browser::new(&world);
    assert_eq!(anna.log_in("anna", PASSWORD).await.header("location"), "/itsm/");
    for path in ["/purchase", &format!("/purchase/{number}/preview"), "/nowhere"] {
        let page = anna.get(path).await;
        lacks(&page, "=\"/asset/");
        lacks(&page, "/itsm/itsm/");
        has(&page, "=\"/itsm/asset/");
    }
    has(&anna.get("/purchase").await, "data-worker=\"/itsm/asset/");
}
