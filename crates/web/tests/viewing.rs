//! Viewing as another role: what is read meanwhile is read by the role and by its holder, nothing
//! is written, and both ends stand in the list of logins.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::{Value as Json, json};
use visitor::Browser;
use world::World;

/// Somebody with these roles and a browser in which they are in.
async fn enter<'w>(world: &'w World, login: &str, roles: &[&str]) -> Browser<'w> {
    let name = json!({ "name": login, "language": "en" });
    let person = world::make(&world.engine, "person", &name);
    let body = json!({ "login": login, "person": person.id, "roles": roles });
    world::make(&world.engine, "account", &body);
    Browser::of(world, login).await
}

async fn view(browser: &Browser<'_>, role: &str) {
    let begun = browser.post("/me/view", &[("role", role)]).await;
    let page = browser.follow(&begun).await.text();
    assert!(page.contains("Back to my own view"), "{page}");
}

#[tokio::test]
async fn nobody_sees_more_by_viewing_as_a_role() {
    let world = World::new();
    let number = world.purchase("Confidential paper").await;
    let dora = Browser::of(&world, "dora").await;
    view(&dora, "manager").await;
    let record = format!("/purchase/{number}");
    for path in [&record, &format!("{record}/preview"), &format!("/api/v1/purchase/{number}")] {
        assert_eq!(dora.get(path).await.status, 404, "{path}");
    }
    for path in [
        "/",
        "/purchase",
        "/search?q=confidential",
        "/search/quick?q=confidential",
        "/purchase/offer?q=confidential",
        "/api/v1/purchase",
        "/api/v1/search?q=confidential",
    ] {
        let text = dora.get(path).await.text();
        assert!(!text.contains("Confidential paper"), "{path} {text}");
    }
}

#[tokio::test]
async fn a_section_that_one_may_not_read_stays_hidden() {
    let world = World::new();
    let gus = enter(&world, "gus", &["administrator"]).await;
    let person = world.engine.actor(world.engine.account_of("gus").unwrap().unwrap()).unwrap();
    let owner = person.person_id.unwrap();
    let body = json!({ "summary": "Ink", "owner": owner, "margin": "forty percent" });
    world::make(&world.engine, "purchase", &body);
    view(&gus, "manager").await;
    for path in ["/purchase/PUR-000001", "/api/v1/purchase/PUR-000001"] {
        let text = gus.get(path).await.text();
        assert!(text.contains("Ink") && !text.contains("forty percent"), "{path} {text}");
    }
    let by_value = gus.get("/api/v1/purchase?where=margin+%3D%3D+%27forty+percent%27").await;
    assert!(!by_value.text().contains("Ink"), "{}", by_value.text());
}

#[tokio::test]
async fn a_view_narrows_writes_nothing_and_is_left() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let fay = enter(&world, "fay", &["administrator", "manager"]).await;
    let record = format!("/purchase/{number}");
    assert!(fay.get(&record).await.text().contains("id=\"here\""));
    view(&fay, "clerk").await;
    assert_eq!(fay.get(&record).await.status, 404, "a clerk does not read it");
    assert_eq!(fay.get("/admin/accounts").await.status, 403, "a clerk does not administer");
    let again = fay.post("/me/view", &[("role", "manager")]).await;
    assert_eq!(again.status, 403, "the way to another view is one's own");
    fay.post("/me/view/end", &[]).await;
    view(&fay, "buyer").await;
    let page = fay.get(&record).await.text();
    assert!(page.contains("Paper") && page.contains("You view as “<b>Buyer</b>”"), "{page}");
    assert!(!page.contains("id=\"here\""), "nobody is told of who views as a role");
    for (path, field) in [
        ("/purchase/new", ("summary", "Ink")),
        ("/purchase/PUR-000001/note", ("text", "Hello")),
        ("/purchase/PUR-000001/move/drop", ("note", "Not needed")),
        ("/purchase/bulk", ("chosen", "PUR-000001")),
        ("/me/preferences", ("language", "zh")),
        ("/me/tokens", ("name", "mine")),
        ("/me/password", ("password", "another")),
    ] {
        let refused = fay.post(path, &[field]).await;
        assert_eq!(refused.status, 403, "{path}");
        let said = "nothing can be changed. Go back to your own view first.";
        assert!(refused.text().contains(said), "{path} {}", refused.text());
    }
    let dark = fay.post("/choice", &[("name", "theme"), ("value", "dark"), ("to", "/")]).await;
    assert_eq!(dark.status, 303);
    let chinese = [("name", "language"), ("value", "zh"), ("to", "/")];
    assert!(
        fay.follow(&fay.post("/choice", &chinese).await).await.text().contains("返回自己的视角")
    );
    let own = fay.post("/me/view/end", &[]).await;
    let page = fay.follow(&own).await.text();
    assert!(page.contains("This is your own view again") || page.contains("已返回自己的视角"));
    let note = fay.post(&format!("{record}/note"), &[("text", "Hello")]).await;
    assert_eq!(note.status, 303, "one's own view writes again");
}

#[tokio::test]
async fn rest_by_the_same_cookie_writes_nothing_either() {
    let world = World::new();
    world.purchase("Paper").await;
    let fay = enter(&world, "fay", &["administrator", "manager"]).await;
    let (csrf, cookie) = (fay.csrf(), format!("evenkeel={}", fay.session().unwrap()));
    let own = [("x-csrf", &*csrf), ("sec-fetch-site", "same-origin"), ("cookie", &*cookie)];
    let send = async |method: &str, path: &str, body: Json| {
        let mut request = axum::http::Request::builder().method(method).uri(path);
        for (name, value) in own {
            request = request.header(name, value);
        }
        let request = request.header("content-type", "application/json");
        world.send(request.body(axum::body::Body::from(body.to_string())).unwrap()).await
    };
    let paths = [
        ("POST", "/api/v1/purchase", json!({ "summary": "Ink" })),
        ("PATCH", "/api/v1/purchase/PUR-000001", json!({ "summary": "Ink" })),
        ("DELETE", "/api/v1/purchase/PUR-000001", json!({})),
    ];
    view(&fay, "manager").await;
    for (method, path, body) in &paths {
        let refused = send(method, path, body.clone()).await;
        assert_eq!(refused.status, 403, "{method} {}", refused.text());
        assert_eq!(refused.json()["code"], "viewing");
    }
    fay.post("/me/view/end", &[]).await;
    for (method, path, body) in &paths[..2] {
        assert!(send(method, path, body.clone()).await.status.is_success(), "{method}");
    }
}

#[tokio::test]
async fn only_whoever_administers_views_as_a_role_that_is_given() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    assert!(!anna.get("/me").await.text().contains("View as another role"));
    assert_eq!(anna.post("/me/view", &[("role", "manager")]).await.status, 403);
    let dora = Browser::of(&world, "dora").await;
    assert!(dora.get("/me").await.text().contains("View as another role"));
    for role in ["owner", "nobody", ""] {
        assert_eq!(dora.post("/me/view", &[("role", role)]).await.status, 422, "{role}");
    }
    let foreign = dora.post_as("/me/view/end", &[], "", &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!(foreign.status, 403, "without the token of the page");
}

#[tokio::test]
async fn both_ends_stand_in_the_list_of_logins() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    view(&dora, "manager").await;
    dora.post("/me/view/end", &[]).await;
    view(&dora, "clerk").await;
    dora.post("/logout", &[]).await;
    dora.enter("dora", visitor::PASSWORD).await;
    let page = dora.get("/admin/logins").await.text();
    for said in [
        "Began to view as a role: Manager",
        "Went back to the own view: Manager",
        "Began to view as a role: Clerk",
        "Went back to the own view: Clerk",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
}
