//! What those who run the house look at: the interface for programs, told by record type; the
//! ledger, jobs, whether it works.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use store::core::job::{self, NewJob};
use visitor::Browser;
use world::{Answer, World, account};

const LEDGER: &str = "/admin/ledger";
const JOBS: &str = "/admin/jobs";
const HEALTH: &str = "/admin/health";

/// The pages of those who administer.
const ADMINISTERED: &[&str] = &[LEDGER, JOBS, HEALTH];

fn has(answer: &Answer, text: &str) {
    assert!(answer.text().contains(text), "no {text:?} in\n{}", answer.text());
}

fn lacks(answer: &Answer, text: &str) {
    assert!(!answer.text().contains(text), "{text:?} in\n{}", answer.text());
}

#[tokio::test]
async fn the_interface_is_told_by_record_type() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let page = anna.get("/api?type=purchase").await;
    assert_eq!(page.status, 200, "{}", page.text());
    for text in [
        "/api/v1/purchase/{record}",
        "Create a record",
        "form-purchase.create",
        "Taken as answers show them",
        "Not there, or not visible",
        " data-api",
    ] {
        has(&page, text);
    }
    lacks(&page, "/api/v1/tokens");
    assert!(page.body.len() < 150_000, "{} bytes", page.body.len());
    let page = anna.get("/api").await;
    for text in ["/api/v1/tokens", "form-Card", "Who asks: person, roles, scopes"] {
        has(&page, text);
    }
    assert_eq!(anna.get("/api?type=nothing").await.status, 404);
    has(&anna.get("/me/tokens").await, "href=\"/api\"");
}

#[tokio::test]
async fn the_form_of_the_interface_is_filled_for_an_operation() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    let page = anna.get("/api?type=purchase&try=create-purchase").await;
    has(&page, "<option selected>POST</option>");
    has(&page, "name=\"path\" value=\"/api/v1/purchase\"");
    has(&page, "&quot;summary&quot;: &quot;&quot;");
    has(&page, "data-header=\"Idempotency-Key\"");
    lacks(&page, "type=\"file\"");
    let page = anna.get("/api?type=purchase&try=edit-purchase").await;
    has(&page, "data-header=\"If-Match\"");
    let page = anna.get("/api?type=purchase&try=attach-purchase").await;
    has(&page, "name=\"file\" type=\"file\"");
}

#[tokio::test]
async fn the_interface_is_told_in_chinese() {
    let world = World::new();
    let bo = Browser::of(&world, "bo").await;
    let page = bo.get("/api?type=purchase").await;
    for text in ["程序接口", "新建记录", "不存在或不可见", "必填"] {
        has(&page, text);
    }
    lacks(&page, "Create a record");
}

#[tokio::test]
async fn only_those_who_administer_see_how_the_house_stands() {
    let world = World::new();
    for who in ["anna", "bo"] {
        let browser = Browser::of(&world, who).await;
        for path in ADMINISTERED {
            assert_eq!(browser.get(path).await.status, 403, "{who} {path}");
            lacks(&browser.get("/").await, path);
        }
        assert_eq!(browser.post("/admin/ledger", &[]).await.status, 403);
    }
    let dora = Browser::of(&world, "dora").await;
    for path in ADMINISTERED {
        has(&dora.get("/").await, path);
        assert_eq!(dora.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn the_ledger_is_shown_and_checked() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    world.purchase("Paper").await;
    let page = dora.get(LEDGER).await;
    has(&page, "None yet.");
    lacks(&page, "<dt>Waiting</dt><dd class=\"num\">0</dd>");
    world.seal();
    world.sign();
    let page = dora.get(LEDGER).await;
    has(&page, "<dt>Waiting</dt><dd class=\"num\">0</dd>");
    has(&page, "house.example/ledger+");
    has(&page, "house.example/ledger\n");
    has(&dora.post(LEDGER, &[]).await, "No problem. Entries read: ");
}

#[tokio::test]
async fn a_ledger_that_was_changed_is_told() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    world.seal();
    world.sign();
    let mut unit = store::Unit::new();
    let changed = [("actor", "nobody".into())];
    unit.update_where("history", &changed, &[("key", 1.into())], None);
    world.engine.database().write(unit).unwrap();
    has(&dora.post(LEDGER, &[]).await, "The ledger is not as it was sealed. Problems: 1");
    account(&world.engine, "Wei", "zh", "administrator");
    let wei = Browser::of(&world, "wei").await;
    has(&wei.post(LEDGER, &[]).await, "在封存后被改动");
}

/// A job of a kind that is due so many seconds from now.
fn enqueue(world: &World, key: i64, kind: &str, seconds: i64) {
    let (now, mut unit) = (world.now(), store::Unit::new());
    let due_at = now + seconds * 1_000_000;
    let (queue, unique_key, body) = ("engine", None, "{}");
    job::enqueue(&mut unit, &NewJob { key, queue, kind, unique_key, body, due_at, now });
    world.engine.database().write(unit).unwrap();
}

#[tokio::test]
async fn jobs_are_shown_as_they_wait_are_late_and_fail() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    assert_eq!(dora.get(JOBS).await.text().matches("None.").count(), 3);
    enqueue(&world, 901, "late_one", -60);
    enqueue(&world, 902, "early_one", 3600);
    let page = dora.get(JOBS).await;
    let text = page.text();
    let (late, early) = (text.find("late_one").unwrap(), text.find("early_one").unwrap());
    assert!(text.find("id=\"overdue\"").unwrap() < late, "{text}");
    assert!(late < text.find("id=\"waiting\"").unwrap() && late < early, "{text}");
    has(&page, "<dt>Overdue</dt><dd class=\"num\">1</dd>");
    // No job is of such a kind: it fails, and after its attempts it is given up.
    for _ in 0..12 {
        engine::jobs::run_due(&world.engine, "test", world.now()).unwrap();
        world.pass(3600);
    }
    // So much later, the first session is over.
    let text = Browser::of(&world, "dora").await.get(JOBS).await.text();
    let failed = text.split_once("id=\"failed\"").unwrap().1;
    for shown in ["901", "late_one", "<td class=\"num\">12</td>", "name=\"key\" value=\"901\""] {
        assert!(failed.contains(shown), "no {shown} in {failed}");
    }
}

#[tokio::test]
async fn a_job_that_failed_is_tried_again_by_those_who_administer() {
    let world = World::new();
    enqueue(&world, 901, "late_one", -60);
    let anna = Browser::of(&world, "anna").await;
    let dora = Browser::of(&world, "dora").await;
    let retry = [("key", "901")];
    // It waits: it has not failed yet.
    let refused = dora.post("/admin/jobs/retry", &retry).await;
    assert_eq!(refused.status, 409);
    has(&refused, "No job 901 has failed.");
    for _ in 0..12 {
        engine::jobs::run_due(&world.engine, "test", world.now()).unwrap();
        world.pass(3600);
    }
    assert_eq!(anna.post("/admin/jobs/retry", &retry).await.status, 303, "to the door");
    let anna = Browser::of(&world, "anna").await;
    assert_eq!(anna.post("/admin/jobs/retry", &retry).await.status, 403);
    let dora = Browser::of(&world, "dora").await;
    assert_eq!(dora.get(JOBS).await.text().matches("Try again<").count(), 2);
    assert_eq!(dora.post("/admin/jobs/retry", &retry).await.status, 303);
    let page = dora.get(JOBS).await;
    has(&page, "The job is tried again");
    has(&page, "<dt>Failed</dt><dd class=\"num\">0</dd>");
    has(&page, "<dt>Overdue</dt><dd class=\"num\">1</dd>");
    has(&dora.get("/admin/logins").await, "Started a failed job again");
    assert_eq!(dora.post("/admin/jobs/retry", &retry).await.status, 409, "it has not failed");
}

#[tokio::test]
async fn health_is_told_in_both_languages() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let page = dora.get(HEALTH).await;
    for text in ["SQLite", "answers", "Version 1", "in force since", "/metrics"] {
        has(&page, text);
    }
    account(&world.engine, "Wei", "zh", "administrator");
    let page = Browser::of(&world, "wei").await.get(HEALTH).await;
    for text in ["运行状况", "正常响应", "生效时间"] {
        has(&page, text);
    }
}

/// What the script of the page sends: a session, the token of the page, a JSON body.
#[tokio::test]
async fn a_browser_may_write_by_the_interface_with_the_token_of_its_page() {
    let world = World::new();
    let anna = Browser::of(&world, "anna").await;
    anna.get("/api").await;
    let made = anna.send_json("POST", "/api/v1/purchase", "{\"summary\":\"Paper\"}", true).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let foreign = anna.send_json("POST", "/api/v1/purchase", "{\"summary\":\"Ink\"}", false).await;
    assert_eq!(foreign.status, 403, "{}", foreign.text());
}
