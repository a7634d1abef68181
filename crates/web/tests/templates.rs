//! Templates of forms: what was filled into the form of a new record, kept under a name, chosen
//! again by its keeper and by those it is shared with, each within their own rights.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::{Value as Json, json};
use visitor::{Browser, between};
use world::World;

const PATH: &str = "/api/v1/purchase/templates";

/// The names of the templates that somebody finds.
async fn names(world: &World, token: &str) -> Vec<String> {
    let answer = world.call(token, "GET", PATH, Json::Null).await;
    let all = answer.json()["templates"].as_array().unwrap().clone();
    all.iter().map(|one| one["name"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn a_filled_form_is_kept_and_fills_the_next() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let empty = anna.get("/purchase/new").await.text();
    assert!(!empty.contains("class=\"template-choice\"") && empty.contains("Keep as a template"));
    // What is typed into the form goes with it to where it gets its name.
    let typed = [("summary", "Paper, a \"box\""), ("kind", "services"), ("pieces", "12")];
    let asked = anna.post("/purchase/templates/new", &typed).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    assert!(asked.text().contains("It fills: Summary, Kind, Pieces"), "{}", asked.text());
    let values = r#"{"summary":"Paper, a \"box\"","kind":"services","pieces":12}"#;
    let carried = values.replace('"', "&quot;");
    assert!(asked.text().contains(&carried), "no {carried} in {}", asked.text());

    let fields = [("values", values), ("name", " Paper "), ("for", "owner")];
    let kept = anna.post("/purchase/templates", &fields).await;
    let form = anna.follow(&kept).await.text();
    assert!(form.contains("value=\"Paper, a &quot;box&quot;\""), "{form}");
    assert!(form.contains("value=\"12\"") && form.contains("value=\"services\" selected"));
    let id = between(&form, "/purchase/new?template=", "\"").to_string();
    let id = if id.len() == 36 { id } else { between(&form, "<option value=\"", "\" sel").into() };
    assert!(form.contains("class=\"template-choice\"") && form.contains(">Paper</option>"));
    // What the address presets goes before the template.
    let address = format!("/purchase/new?template={id}&with=pieces%3D7");
    let form = anna.get(&address).await.text();
    assert!(form.contains("value=\"7\"") && !form.contains("value=\"12\""), "{form}");

    // The same name again is refused, and what was filled is still there.
    let twice = anna.post("/purchase/templates", &fields).await;
    assert_eq!(twice.status, 422);
    assert!(twice.text().contains("A template of yours has this name."), "{}", twice.text());
    assert!(twice.text().contains(&carried));

    let renamed = [("name", "Boxes"), ("for", "owner")];
    anna.post(&format!("/purchase/templates/{id}"), &renamed).await;
    assert_eq!(names(&world, &world.anna).await, ["Boxes"]);
    let one = format!("{PATH}/{id}");
    let still = world.call(&world.anna, "GET", &one, Json::Null).await.json();
    assert_eq!(still["values"]["pieces"], 12, "a new name leaves what it fills");
    anna.post(&format!("/purchase/templates/{id}/end"), &[]).await;
    assert!(names(&world, &world.anna).await.is_empty());
    assert_eq!(anna.get(&format!("/purchase/new?template={id}")).await.status, 404);
}

#[tokio::test]
async fn a_template_gives_nobody_what_they_may_not_set() {
    let world = World::new();
    // Clerks are not shown the margin; the manager is.
    let body = json!({ "name": "All", "values": { "summary": "Ink", "margin": "40 %" } });
    let refused = world.call(&world.anna, "POST", PATH, body.clone()).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    let made = world.call(&world.bo, "POST", PATH, body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["values"], json!({ "summary": "Ink", "margin": "40 %" }));
    let id = made.json()["id"].as_str().unwrap().to_string();
    let one = format!("{PATH}/{id}");
    // Anna does not find it as long as it is for Bo alone.
    assert_eq!(world.call(&world.anna, "GET", &one, Json::Null).await.status, 404);
    let mut unit = store::Unit::new();
    let everybody = [("audience", "everybody".into())];
    unit.update_where("form_template", &everybody, &[], Some(1));
    world.engine.database().write(unit).unwrap();
    let found = world.call(&world.anna, "GET", &one, Json::Null).await.json();
    assert_eq!(found["values"], json!({ "summary": "Ink" }));
    assert_eq!(found["mine"], false);
    let anna = Browser::of(&world, "anna").await;
    let form = anna.get(&format!("/purchase/new?template={id}")).await.text();
    assert!(form.contains("value=\"Ink\"") && !form.contains("40 %"), "{form}");
    assert_eq!(world.call(&world.anna, "DELETE", &one, Json::Null).await.status, 403);
}

#[tokio::test]
async fn only_what_a_new_record_could_hold_is_kept() {
    let world = World::new();
    for (body, status) in [
        (json!({ "name": "", "values": {} }), 422),
        (json!({ "name": "x", "values": { "pieces": "many" } }), 422),
        (json!({ "name": "x", "values": { "nothing": 1 } }), 422),
        (json!({ "name": "x", "values": { "total": 3 } }), 422),
        (json!({ "name": "x", "audience": "everybody" }), 403),
        (json!({ "name": "x", "audience": "team", "team": "nobody's" }), 422),
    ] {
        let answer = world.call(&world.anna, "POST", PATH, body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
    }
    assert!(names(&world, &world.anna).await.is_empty());
    // Who creates no purchase has no templates of them.
    let answer = world.call(&world.dora, "GET", PATH, Json::Null).await;
    assert_eq!(answer.status, 404, "{}", answer.text());
}

#[tokio::test]
async fn templates_are_told_in_chinese() {
    let world = World::new();
    let bo = Browser::of(&world, "bo").await;
    let page = bo.post("/purchase/templates/new", &[("summary", "纸")]).await.text();
    for text in ["采购：模板", "保存此表单", "填入：摘要", "保存模板"] {
        assert!(page.contains(text), "no {text} in {page}");
    }
}
