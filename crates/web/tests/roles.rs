//! What the pages of roles say: who may do what, under which condition, where that is written, and
//! who holds a role.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use engine::access::{Ask, Outside, Policy, Provider, Reply, SignOn};
use model::Name;
use std::sync::Arc;
use visitor::Browser;
use world::{World, account};

/// The part of a page between two texts.
fn between(text: &str, from: &str, to: &str) -> String {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from:?} in {text}"));
    rest.split_once(to).map_or(rest, |(part, _)| part).to_string()
}

#[tokio::test]
async fn the_matrix_has_a_row_for_each_role_and_a_column_for_each_record_type() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let text = dora.get("/admin/roles").await.text();
    for role in ["Clerk", "Manager", "Administrator", "Buyer", "Owner"] {
        assert!(text.contains(&format!(">{role}</a></th>")), "no {role} in {text}");
    }
    let row = between(&text, ">Manager</a></th>", "</tr>");
    // Of accounts nothing; people are read; purchases in all ways.
    assert!(row.contains("<span class=\"vh\">nothing</span>"), "{row}");
    let all = "Read, Create, Edit, Withdraw, Internal notes, steps: 2, approvals: 1";
    assert!(row.contains(all), "{row}");
    let row = between(&text, ">Owner</a></th>", "</tr>");
    assert!(row.contains("Read under a condition, Edit under a condition, steps: 3"), "{row}");
}

#[tokio::test]
async fn the_matrix_is_narrowed_by_words_and_told_in_words_for_one_record_type() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let text = dora.get("/admin/roles?q=%E7%BB%8F%E7%90%86").await.text();
    assert!(text.contains(">Manager</a></th>") && !text.contains(">Clerk</a></th>"), "{text}");
    let text = dora.get("/admin/roles?type=purchase").await.text();
    let row = between(&text, "href=\"/admin/roles/owner\"", "</tr>");
    for said in ["On records where: ", "<li>Edit</li>", "Shown only: Request", "Step: Drop"] {
        assert!(row.contains(said), "no {said:?} in {row}");
    }
    assert!(!text.contains("href=\"/admin/roles/administrator\""), "{text}");
    let text = dora.get("/admin/roles?q=nobody").await.text();
    assert!(text.contains("No role is called so"), "{text}");
}

#[tokio::test]
async fn a_role_tells_who_holds_it_and_where_its_rights_are_written() {
    let world = World::new();
    let group = ("desk-leads".to_string(), Name::new("manager").unwrap());
    let policy = Policy { name: "work".into(), roles: vec![group], ..Policy::default() };
    let outside = Arc::new(Silent);
    let provider = Provider::new(policy, "https://id.example", "evenkeel", outside);
    world.engine.let_in_by(SignOn { providers: vec![provider], directory: None });
    let dora = Browser::of(&world, "dora").await;
    let text = dora.get("/admin/roles/manager").await.text();
    let holders = between(&text, "id=\"holders\"", "</section>");
    assert!(holders.contains(">bo</a>") && !holders.contains(">anna</a>"), "{holders}");
    let groups = between(&text, "id=\"groups\"", "</section>");
    assert!(groups.contains("<code>desk-leads</code>") && groups.contains("work"), "{groups}");
    let purchase = between(&text, "id=\"type-purchase\"", "</tr>");
    let (_, line) = line_of("[permission.manager]");
    let link = format!("href=\"/administration/definitions/purchase#office-purchase-toml-{line}\"");
    assert!(purchase.contains(&link), "no {link} in {purchase}");
    // The line is there, on the page that the link leads to.
    let page = dora.get("/administration/definitions/purchase").await.text();
    let shown = format!("id=\"office-purchase-toml-{line}\"><code>[permission.manager]");
    assert!(page.contains(&shown), "no {shown}");
    assert!(page.contains("href=\"/admin/roles/manager\""));
}

/// The number of the line of the purchases that says this.
fn line_of(said: &str) -> (&'static str, usize) {
    let text = include_str!("model/purchase.toml");
    let (place, line) = text.lines().enumerate().find(|(_, line)| *line == said).unwrap();
    (line, place + 1)
}

struct Silent;

impl Outside for Silent {
    fn ask(&self, _question: &Ask) -> Result<Reply, String> {
        Err("nobody there".into())
    }
}

#[tokio::test]
async fn what_the_record_itself_gives_has_no_holders() {
    let world = World::new();
    account(&world.engine, "Wei", "zh", "administrator");
    let wei = Browser::of(&world, "wei").await;
    let text = wei.get("/admin/roles/owner").await.text();
    assert!(text.contains("由记录本身授予") && !text.contains("id=\"holders\""), "{text}");
    assert_eq!(wei.get("/admin/roles/nobody").await.status, 404);
}

#[tokio::test]
async fn only_those_who_administer_see_the_roles() {
    let world = World::new();
    let bo = Browser::of(&world, "bo").await;
    for path in ["/admin/roles", "/admin/roles/manager"] {
        assert_eq!(bo.get(path).await.status, 403, "{path}");
    }
}
