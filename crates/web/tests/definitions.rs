//! Definitions changed in the browser, without scripts: who may, what is shown before anything
//! happens, what is there afterwards, what is kept when it is refused, the way back.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::json;
use std::sync::atomic::Ordering;
use visitor::Browser;
use world::{Answer, World};

const HERE: &str = "/administration/definitions";
const CHANGE: &str = "/administration/definitions/purchase/edit";
const OVERLAY: &str = "/administration/overlay";

fn has(answer: &Answer, text: &str) {
    assert!(answer.text().contains(text), "no {text:?} in\n{}", answer.text());
}

fn lacks(answer: &Answer, text: &str) {
    assert!(!answer.text().contains(text), "{text:?} in\n{}", answer.text());
}

/// What a hidden or shown field of a page holds, as a browser would send it back.
fn held(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let text = text.split_once("<main").expect("a page").1;
    let unescaped = |text: &str| {
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        text.replace("&amp;", "&")
    };
    if name == "text" {
        let (_, rest) = text.split_once("name=\"text\"").expect("a textarea");
        let (_, rest) = rest.split_once('>').unwrap();
        let inner = rest.split("</textarea>").next().unwrap();
        return unescaped(inner.strip_prefix('\n').unwrap_or(inner));
    }
    let (_, rest) = text.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    unescaped(rest.split('"').next().unwrap())
}

/// Confirms what a page shows.
async fn confirm(dora: &Browser<'_>, shown: &Answer) -> Answer {
    let [name, base, seen, text] = ["name", "base", "seen", "text"].map(|field| held(shown, field));
    let fields = [("name", &*name), ("base", &base), ("seen", &seen), ("text", &text)];
    let more = [("act", "save"), ("note", "Branches ask for it")];
    let fields: Vec<(&str, &str)> = fields.into_iter().chain(more).collect();
    dora.post(OVERLAY, &fields).await
}

const BRANCH: [(&str, &str); 7] = [
    ("what", "field"),
    ("name", "branch"),
    ("en", "Branch"),
    ("zh", "网点"),
    ("kind", "text"),
    ("section", "request"),
    ("overlay", "purchase.toml"),
];

#[tokio::test]
async fn only_those_who_administer_see_definitions() {
    let world = World::new();
    for who in ["anna", "bo"] {
        let browser = Browser::of(&world, who).await;
        lacks(&browser.get("/").await, HERE);
        for path in [
            HERE,
            "/administration/definitions/purchase",
            "/administration/definitions/purchase/edit?what=field",
            "/administration/definitions/purchase/expression?holds=true",
            OVERLAY,
            "/administration/file?path=office/purchase.toml",
            "/administration/versions/1",
        ] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, 403, "{who} {path}");
            lacks(&answer, "something_is_bought");
        }
        let save = [("name", "a.toml"), ("text", ""), ("act", "save"), ("base", "1")];
        assert_eq!(browser.post(CHANGE, &BRANCH).await.status, 403);
        assert_eq!(browser.post(OVERLAY, &save).await.status, 403);
        let back = browser.post("/administration/versions/1/back", &[("base", "1")]).await;
        assert_eq!(back.status, 403);
    }
}

#[tokio::test]
async fn a_record_type_is_shown_in_both_languages() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let list = dora.get(HERE).await;
    assert_eq!(list.status, 200);
    for text in ["Purchase", "采购", "office", "in force", "/administration/definitions/purchase"]
    {
        has(&list, text);
    }
    let page = dora.get("/administration/definitions/purchase").await;
    for text in [
        "<svg class=\"diagram natural\"",
        "Asked for",
        "Pieces &gt; 0",
        "Nothing is bought: give the number of pieces.",
        "office/purchase.toml",
        "purchase.toml</code>",
        "choice of 2",
        "under a condition",
    ] {
        let found = page.text().contains(text);
        assert!(found || text == "purchase.toml</code>", "no {text:?} in\n{}", page.text());
    }
    dora.post("/choice", &[("name", "language"), ("value", "zh")]).await;
    let page = dora.get("/administration/definitions/purchase").await;
    for text in ["件数 &gt; 0", "采购件数必须大于零。", "单选，共 2 项", "转换", "有条件"]
    {
        has(&page, text);
    }
    assert_eq!(dora.get("/administration/definitions/nothing").await.status, 404);
}

#[tokio::test]
async fn a_field_added_in_the_browser_is_in_the_form_and_the_api() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let shown = dora.post(CHANGE, &BRANCH).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    for text in [
        "[add.field.branch]",
        "add column purchase.branch: text",
        "No record that you may read would be refused.",
        "<span class=\"vh\">new</span>",
        "Bring into force",
    ] {
        has(&shown, text);
    }
    let anna = Browser::of(&world, "anna").await;
    lacks(&anna.get("/purchase/new").await, "f-branch");
    let before = world.engine.catalogue().version;
    let saved = confirm(&dora, &shown).await;
    let list = dora.follow(&saved).await;
    for text in ["is in force", "Dora", "Branches ask for it", "purchase.toml"] {
        has(&list, text);
    }
    assert_eq!(world.engine.catalogue().version, before + 1);
    assert_eq!(world.house.backups.load(Ordering::Relaxed), 1);
    has(&anna.get("/purchase/new").await, "f-branch");
    let body = json!({ "summary": "Paper", "branch": "North" });
    let made = world.call(&world.anna, "POST", "/api/v1/purchase", body).await;
    assert_eq!((made.status.as_u16(), &made.json()["branch"]), (201, &json!("North")));
    let page = dora.get("/administration/definitions/purchase").await;
    has(&page, "overlay: purchase.toml");
    let file = dora.get("/administration/file?path=overlays/purchase.toml").await;
    assert_eq!(file.text(), held(&shown, "text"), "the file as it is");
    assert!(file.header("content-disposition").starts_with("attachment"));
}

#[tokio::test]
async fn what_is_wrong_has_its_place_and_what_was_typed_stays() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let rule = [
        ("what", "rule"),
        ("name", "cheap"),
        ("holds", "pieces > 0 and\nprice < 3"),
        ("en", "Too dear"),
        ("zh", "太贵"),
        ("always", "true"),
        ("overlay", "purchase.toml"),
    ];
    let refused = dora.post(CHANGE, &rule).await;
    assert_eq!(refused.status, 422);
    for text in ["line 2, column 1", "^^^^^", "price &lt; 3", "太贵", "value=\"cheap\""] {
        has(&refused, text);
    }
    let checks = "/administration/definitions/purchase/expression?holds=";
    let typed = dora.get(&format!("{checks}pieces%20%3E%200%20and%20price%20%3C%203")).await;
    has(&typed, "line 1, column 16");
    let told = dora.get(&format!("{checks}pieces%20%3E%205")).await;
    has(&told, "Pieces &gt; 5");
    let empty = dora.post(CHANGE, &[("what", "field"), ("en", "Only this")]).await;
    assert_eq!(empty.status, 422);
    has(&empty, "Only this");
    let text = "extend = \"purchase\"\n\n[add.field.x]\ntype = \"mony\"\n";
    let fields = [("name", "x.toml"), ("text", text), ("act", "check"), ("base", "1")];
    let refused = dora.post(OVERLAY, &fields).await;
    assert_eq!(refused.status, 422);
    for text in ["overlays/x.toml:4:8", "line 4, column 8", "mony"] {
        has(&refused, text);
    }
    lacks(&refused, "Bring into force");
    dora.post("/choice", &[("name", "language"), ("value", "zh")]).await;
    has(&dora.post(OVERLAY, &fields).await, "第 4 行第 8 列");
}

#[tokio::test]
async fn a_rule_is_tried_on_the_real_records() {
    let world = World::new();
    let hidden = world.purchase("Something that Dora may not read").await;
    let owned = json!({ "summary": "Paper", "owner": "Dora" });
    let made = world.call(&world.bo, "POST", "/api/v1/purchase", owned).await;
    let number = made.json()["number"].as_str().unwrap().to_string();
    let dora = Browser::of(&world, "dora").await;
    let rule = [
        ("what", "rule"),
        ("name", "counted"),
        ("holds", "pieces is set"),
        ("en", "Say how many"),
        ("zh", "请填写件数"),
        ("always", "true"),
        ("transition", "order"),
        ("overlay", "purchase.toml"),
    ];
    let shown = dora.post(CHANGE, &rule).await;
    has(&shown, "Purchases: 1 record would be refused at its next edit");
    has(&shown, "Say how many");
    has(&shown, "rules = [&quot;counted&quot;]");
    has(&shown, &number);
    lacks(&shown, &hidden);
    confirm(&dora, &shown).await;
    let path = format!("/api/v1/purchase/{number}");
    let body = json!({ "summary": "More paper" });
    let refused = world.call(&world.bo, "PATCH", &path, body).await;
    assert_eq!(refused.json()["code"], "rule-broken", "{}", refused.text());
}

#[tokio::test]
async fn a_label_a_choice_and_a_list_become_an_overlay() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let form = format!("{CHANGE}?what=label&part=field.code.label");
    has(&dora.get(&form).await, "value=\"Code\"");
    let both = [("en", "Order code"), ("zh", "订单代码"), ("overlay", "purchase.toml")];
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&'static str, &'static str)> {
        both.iter().chain(more).copied().collect()
    };
    let label = with(&[("what", "label"), ("part", "field.code.label")]);
    let choice = with(&[("what", "choice"), ("part", "kind"), ("name", "rent")]);
    let list = with(&[
        ("what", "list"),
        ("name", "open"),
        ("columns", "number, summary"),
        ("filter", "state == 'draft'"),
        ("sort", "-number"),
    ]);
    for fields in [label, choice, list] {
        let shown = dora.post(CHANGE, &fields).await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        assert_eq!(confirm(&dora, &shown).await.status, 303);
    }
    let definition = world.engine.catalogue().record_type("purchase").cloned().unwrap();
    assert_eq!(definition.fields["code"].label.text(model::Language::EN), "Order code");
    assert_eq!(definition.lists["open"].columns.len(), 2);
    let anna = Browser::of(&world, "anna").await;
    has(&anna.get("/purchase/new").await, "value=\"rent\"");
    let overlays = engine::definitions::overlays(world.engine.database()).unwrap();
    assert_eq!(overlays.keys().collect::<Vec<_>>(), ["purchase.toml"]);
}

#[tokio::test]
async fn a_stale_confirmation_changes_nothing_and_keeps_what_was_typed() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let shown = dora.post(CHANGE, &BRANCH).await;
    let other = [("name", "other"), ("en", "Other"), ("zh", "其他"), ("overlay", "other.toml")];
    let fields: Vec<(&str, &str)> = BRANCH[..1].iter().chain(&BRANCH[4..6]).copied().collect();
    let fields: Vec<(&str, &str)> = fields.into_iter().chain(other).collect();
    let first = dora.post(CHANGE, &fields).await;
    assert_eq!(confirm(&dora, &first).await.status, 303);
    let version = world.engine.catalogue().version;
    let stale = confirm(&dora, &shown).await;
    assert_eq!(stale.status, 409);
    has(&stale, "came into force meanwhile");
    assert_eq!(held(&stale, "text"), held(&shown, "text"));
    assert_eq!(held(&stale, "base"), version.to_string());
    assert_eq!(world.engine.catalogue().version, version);
}

#[tokio::test]
async fn only_what_was_shown_comes_into_force() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let shown = dora.post(CHANGE, &BRANCH).await;
    let version = world.engine.catalogue().version;
    let (base, seen) = (held(&shown, "base"), held(&shown, "seen"));
    let text = held(&shown, "text").replace("Branch", "Outlet");
    let fields = [
        ("name", "purchase.toml"),
        ("base", &*base),
        ("seen", &seen),
        ("text", &text),
        ("act", "save"),
    ];
    let again = dora.post(OVERLAY, &fields).await;
    assert_eq!(again.status, 200);
    has(&again, "Outlet");
    assert_eq!(world.engine.catalogue().version, version);
    assert_eq!(confirm(&dora, &again).await.status, 303);
}

#[tokio::test]
async fn the_way_back_is_shown_and_taken() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let first = world.engine.catalogue().version;
    let shown = dora.post(CHANGE, &BRANCH).await;
    confirm(&dora, &shown).await;
    let path = format!("/administration/versions/{first}");
    let plan = dora.get(&path).await;
    for text in ["[add.field.branch]", "<span class=\"vh\">gone</span>", "column purchase.branch"] {
        has(&plan, text);
    }
    let back = format!("{path}/back");
    let stale = dora.post(&back, &[("base", &first.to_string())]).await;
    assert_eq!(stale.status, 409);
    let base = held(&plan, "base");
    let gone = dora.post(&back, &[("base", &base)]).await;
    has(&dora.follow(&gone).await, "rolled back");
    let anna = Browser::of(&world, "anna").await;
    lacks(&anna.get("/purchase/new").await, "f-branch");
    assert_eq!(dora.get("/administration/versions/999").await.status, 404);
    assert_eq!(dora.get("/administration/versions/one").await.status, 404);
}

#[tokio::test]
async fn overlays_in_files_are_not_changed_from_here() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let shown = dora.post(CHANGE, &BRANCH).await;
    world.house.keeps_files.store(true, Ordering::Relaxed);
    let version = world.engine.catalogue().version;
    let page = dora.get("/administration/definitions/purchase").await;
    has(&page, "data folder");
    lacks(&page, "edit?what=");
    assert_eq!(confirm(&dora, &shown).await.status, 409);
    let back = format!("/administration/versions/{version}/back");
    assert_eq!(dora.post(&back, &[("base", &version.to_string())]).await.status, 409);
    assert_eq!(world.engine.catalogue().version, version);
}

#[tokio::test]
async fn a_loss_is_refused_with_its_reason() {
    let world = World::new();
    world.purchase("Paper").await;
    let dora = Browser::of(&world, "dora").await;
    let text = "extend = \"purchase\"\n\n[set.field.summary]\nunique = true\n";
    for summary in ["Paper", "Paper"] {
        world.purchase(summary).await;
    }
    let fields = [("name", "x.toml"), ("text", text), ("act", "check"), ("base", "1")];
    let shown = dora.post(OVERLAY, &fields).await;
    has(&shown, "It cannot come into force:");
    lacks(&shown, "Bring into force");
    let [base, seen] = ["base", "seen"].map(|name| held(&shown, name));
    let save =
        [("name", "x.toml"), ("text", text), ("act", "save"), ("base", &*base), ("seen", &seen)];
    assert_eq!(dora.post(OVERLAY, &save).await.status, 409);
}
