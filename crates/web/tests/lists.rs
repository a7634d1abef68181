//! Lists as people work with them: views kept under a name, columns, conditions written otherwise,
//! completions, a cell edited where it stands, one value for many records.
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
async fn how_many_there_are_is_told_once_the_page_stands() {
    let world = World::new();
    for number in 0..51 {
        world.purchase(&format!("Paper {number}")).await;
    }
    let anna = Browser::of(&world, "anna").await;
    let list = anna.get("/purchase?where=kind%20%3D%3D%20%27goods%27").await.text();
    assert!(list.contains("50 shown"), "{list}");
    let total = between(&list, "hx-get=\"/purchase/total", "\"").replace("&amp;", "&");
    let total = anna.get(&format!("/purchase/total{total}")).await.text();
    assert_eq!(total, ", 51 in all");
    // Where they all stand there nothing need be asked.
    let one = anna.get("/purchase?where=summary%20%3D%3D%20%27Paper%207%27").await.text();
    assert!(one.contains("1 shown, 1 in all") && !one.contains("/purchase/total"), "{one}");
    // What is wrong with a list, the list says.
    assert_eq!(anna.get("/purchase/total?where=nothing").await.text(), "");
}

#[tokio::test]
async fn a_search_goes_on_and_keeps_to_a_kind_of_record() {
    let world = World::new();
    for number in 0..20 {
        world.purchase(&format!("Pallet {number}")).await;
    }
    let anna = Browser::of(&world, "anna").await;
    let found = anna.get("/search?q=pallet&type=purchase").await.text();
    assert!(found.contains("<option value=\"purchase\" selected>"), "{found}");
    assert!(found.contains("Pallet 19") && !found.contains("Pallet 0<"), "{found}");
    let older = between(&found, "href=\"/search?q=pallet&amp;type=purchase&amp;cursor=", "\"");
    let older = anna.get(&format!("/search?q=pallet&type=purchase&cursor={older}")).await.text();
    assert!(older.contains("Pallet 0") && !older.contains("rel=\"next\""), "{older}");
    let others = anna.get("/search?q=pallet&type=person").await.text();
    assert!(others.contains("Nothing found"), "{others}");
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
async fn a_refused_change_of_a_view_comes_back_as_that_and_makes_no_other() {
    let world = World::new();
    let path = "/api/v1/purchase/views";
    for name in ["One", "Two"] {
        let made = world.call(&world.anna, "POST", path, json!({ "name": name })).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let anna = Browser::of(&world, "anna").await;
    let page = anna.get("/purchase/views").await.text();
    let id = between(&page, "view=", "\"").to_string();
    let form = [("name", "Two"), ("for", "owner")];
    let refused = anna.post(&format!("/purchase/views/{id}"), &form).await;
    assert_eq!(refused.status, 422);
    let page = refused.text();
    let own = between(&page, "<details open>", "</details>");
    assert!(own.contains(&format!("/purchase/views/{id}\"")), "{own}");
    assert!(own.contains("A view of yours has this name.") && own.contains("value=\"Two\""));
    let new = between(&page, "<section class=\"stack\"", "</section>");
    assert!(!new.contains("A view of yours") && !new.contains("value=\"Two\""), "{new}");
    assert_eq!(names(&world, &world.anna).await, ["One", "Two"]);
}

#[tokio::test]
async fn a_view_is_renamed_without_choosing_again_whom_it_is_for() {
    use store::core::kept::{Shelf::Views, by_id, update};
    let world = World::new();
    let made = world.call(&world.anna, "POST", "/api/v1/purchase/views", json!({ "name": "Old" }));
    let id: uuid::Uuid = made.await.json()["id"].as_str().unwrap().parse().unwrap();
    // For a team that Anna is in no more.
    let database = world.engine.database();
    let mut view = by_id(database, Views, id.as_bytes()).unwrap().unwrap();
    (view.audience, view.team_key) = ("team".into(), Some(model::Key(1)));
    let mut unit = store::Unit::new();
    update(&mut unit, Views, &view);
    database.write(unit).unwrap();
    let anna = Browser::of(&world, "anna").await;
    let page = anna.get("/purchase/views").await.text();
    assert!(page.contains("<option value=\"\" selected>As it is</option>"), "{page}");
    let form = [("name", "New"), ("for", "")];
    assert_eq!(anna.post(&format!("/purchase/views/{id}"), &form).await.status, 303);
    let view = by_id(database, Views, id.as_bytes()).unwrap().unwrap();
    assert_eq!((&*view.name, &*view.audience), ("New", "team"));
}

#[tokio::test]
async fn each_view_is_found_however_many_there_are() {
    let world = World::new();
    let path = "/api/v1/purchase/views";
    for number in 0..120 {
        let body = json!({ "name": format!("View {number:03}") });
        let made = world.call(&world.anna, "POST", path, body).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    assert_eq!(names(&world, &world.anna).await.len(), 120, "all of one's own");
    let twice = world.call(&world.anna, "POST", path, json!({ "name": "View 119" })).await;
    assert_eq!(twice.status, 422, "{}", twice.text());
    let dora = Browser::of(&world, "dora").await;
    for number in 0..101 {
        let fields = [("name", format!("Of all {number:03}")), ("for", "everybody".into())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(dora.post("/purchase/views", &fields).await.status, 303);
    }
    assert_eq!(names(&world, &world.anna).await.len(), 220, "of others a hundred");
    let last = names(&world, &world.dora).await.pop().unwrap();
    assert_eq!(last, "Of all 100");
    let found = world.get(&world.dora, path).await.json()["views"][100]["id"].clone();
    let open = format!("/purchase?view={}", found.as_str().unwrap());
    let anna = Browser::of(&world, "anna").await;
    assert!(anna.get(&open).await.text().contains("Purchases: Of all 100"));
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
    // What the list shows stays, though it is offered nowhere else.
    let now = ("columns", "number,replaces,summary");
    let fields = [now, ("column", "number"), ("column", "replaces"), ("column", "margin")];
    let chosen = anna.post("/purchase/columns", &fields).await;
    assert_eq!(chosen.header("location"), "/purchase?columns=number%2Creplaces");
}

#[tokio::test]
async fn a_condition_is_written_otherwise_where_it_stands() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let filter = "kind%20%3D%3D%20%27goods%27%20and%20urgent";
    let list = anna.get(&format!("/purchase?where={filter}")).await.text();
    assert!(list.contains("name=\"part\" value=\"kind == 'goods'\""), "{list}");
    let other = format!("/purchase/filter?where={filter}&at=0&part=pieces+%3E+3+or+urgent");
    let changed = anna.get(&other).await;
    let expected = "/purchase?where=%28pieces%20%3E%203%20or%20urgent%29%20and%20urgent";
    assert_eq!(changed.header("location"), expected);
    let gone = anna.get(&format!("/purchase/filter?where={filter}&at=1&part=")).await;
    assert_eq!(gone.header("location"), "/purchase?where=kind%20%3D%3D%20%27goods%27");
    assert_eq!(anna.get("/purchase/filter?where=urgent&at=7&part=x").await.status, 404);
}

#[tokio::test]
async fn an_expression_is_completed_with_what_the_reader_may_see() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let asked = async |before: &str| {
        let before = visitor::encoded(before);
        anna.get(&format!("/purchase/complete?before={before}")).await.text()
    };
    let fields = asked("urgent and am").await;
    assert!(fields.contains("data-text=\"amount\"") && fields.contains("data-begun=\"2\""));
    assert!(asked("kind == ").await.contains("data-text=\"'goods'\""));
    assert!(asked("state in ('").await.contains("data-text=\"'draft'\""));
    assert!(asked("owner == m").await.contains("data-text=\"me\""));
    assert!(!asked("marg").await.contains("margin"), "a field that she may not see");
    let bo = Browser::of(&world, "bo").await;
    let before = visitor::encoded("类");
    let labelled = bo.get(&format!("/purchase/complete?before={before}")).await.text();
    assert!(labelled.contains("data-text=\"kind\""), "by its label: {labelled}");
}

#[tokio::test]
async fn a_cell_is_edited_where_it_stands() {
    let world = World::new();
    let number = world.purchase("Paper").await;
    let anna = Browser::of(&world, "anna").await;
    let path = format!("/purchase/{number}/cell/pieces");
    let form = anna.get(&format!("{path}?columns=number,summary,pieces")).await.text();
    assert!(form.starts_with("<tr ") && form.contains("class=\"cell-form\""), "{form}");
    let base = between(&form, "name=\"base\" value=\"", "\"").to_string();
    let columns = ("columns", "number,summary,pieces");
    let typed = [("base", &*base), ("was.pieces", ""), ("pieces", "12"), columns];
    let row = anna.post(&path, &typed).await.text();
    assert!(row.contains(">12<") && row.contains("Paper") && !row.contains("cell-form"), "{row}");

    // What cannot be taken stays in the form, with the reason.
    let base = (base.parse::<i64>().unwrap() + 1).to_string();
    let wrong = [("base", &*base), ("was.pieces", "12"), ("pieces", "5000"), columns];
    let refused = anna.post(&path, &wrong).await.text();
    assert!(refused.contains("value=\"5000\"") && refused.contains("role=\"alert\""), "{refused}");

    // Somebody else was faster.
    let stale = [("base", "1"), ("was.pieces", ""), ("pieces", "13"), columns];
    let told = anna.post(&path, &stale).await.text();
    assert!(told.contains("role=\"alert\"") && told.contains("value=\"13\""), "{told}");
    assert_eq!(anna.get(&format!("/purchase/{number}/cell/margin")).await.status, 404);
    let closed = anna.get(&format!("/purchase/{number}/cell/total?columns=number")).await.text();
    assert!(closed.contains("cannot be changed here now"), "{closed}");
    let files = anna.get(&format!("/purchase/{number}/cell/quotes?columns=number")).await.text();
    assert!(files.contains("cannot be changed here now"), "files come one by one: {files}");
    let sent = anna.post(&format!("/purchase/{number}/cell/quotes"), &[columns]).await;
    assert_eq!(sent.status, 404);
    let list = anna.get("/purchase?columns=summary,pieces,created_by").await.text();
    assert!(list.contains("data-f=\"pieces\"") && !list.contains("data-f=\"created_by\""));
}

#[tokio::test]
async fn one_value_is_set_on_many_and_refusals_are_told_before() {
    let world = World::new();
    let (one, two) = (world.purchase("Paper").await, world.purchase("Ink").await);
    let anna = Browser::of(&world, "anna").await;
    let chosen = format!("{one},{two},PUR-009999");
    let list = anna.get("/purchase").await.text();
    assert!(list.contains("value=\"edit:pieces\"") && !list.contains("value=\"edit:margin\""));
    assert!(!list.contains("value=\"edit:quotes\""), "files come one by one");
    let files = [("step", "edit:quotes"), ("chosen", one.as_str())];
    assert_eq!(anna.post("/purchase/bulk", &files).await.status, 404);
    let address = format!("/purchase/bulk?step=edit%3Apieces&chosen={chosen}");
    assert!(anna.get(&address).await.text().contains("3 records are chosen."));
    let fields = [("step", "edit:pieces"), ("chosen", &*chosen), ("pieces", "7")];
    let first = [&fields[..], &[("first", "yes")]].concat();
    let told = anna.post("/purchase/bulk", &first).await.text();
    assert!(told.contains("2 of 3 records can take this value."), "{told}");
    assert!(told.contains("PUR-009999"));
    let done = anna.post("/purchase/bulk", &fields).await.text();
    assert!(done.contains("2 done, 1 left as they are."), "{done}");
    let read = world.get(&world.anna, &format!("/api/v1/purchase/{two}")).await.json();
    assert_eq!(read["pieces"], 7);
    let fields = [("step", "ask"), ("chosen", two.as_str()), ("pieces", "many")];
    let again = anna.post("/purchase/bulk", &fields).await;
    assert_eq!(again.status, 422);
    let again = again.text();
    assert!(again.contains("btn-solid\" type=\"submit\">Ask</button>"), "once more: {again}");
    let unknown = anna.get(&format!("/purchase/bulk?step=edit%3Amargin&chosen={one}")).await;
    assert_eq!(unknown.status, 404, "a field that she may not see");
}
