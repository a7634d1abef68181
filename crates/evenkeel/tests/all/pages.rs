//! The pages that processes declare, as the server sends them: each in both languages as a reviewed
//! file under `tests/output/pages` (`UPDATE=1` writes them anew), and each with the rights of the
//! reader.

use crate::world::{MODEL, World};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use engine::Command;
use engine::access::NewToken;
use model::{Key, Name};
use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;
use tower::ServiceExt;

/// Roles that read what the pages show.
const MANAGER: &[&str] = &[
    "change_manager",
    "incident_manager",
    "problem_manager",
    "configuration_manager",
    "service_desk_agent",
];

struct Reader {
    router: Router,
    token: String,
}

impl Reader {
    fn new(world: &World, account: Key) -> Reader {
        let mut settings = web::Settings::default();
        settings.limits.rate_limit = 0;
        settings.limits.address_rate_limit = 0;
        let token = NewToken { account, name: "test", scopes: &[], expires_at: None };
        let token = world.engine.create_token(&token).unwrap();
        Reader { router: web::router(world.engine.clone(), settings), token }
    }

    fn get(&self, path: &str, language: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("accept", "text/html")
            .header("accept-language", language)
            .body(Body::empty())
            .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, String::from_utf8_lossy(&body).into_owned())
        })
    }
}

/// A world of a few services, items, changes, incidents and problems.
fn world() -> World {
    let world = World::sqlite();
    world.person("Ines", MANAGER);
    world.person("Niko", &["human_resources"]);
    for service in ["Card payments", "Core banking"] {
        world.given("service", service);
    }
    for item in ["pgw-fw-02", "pgw-db-01"] {
        world.given("server", item);
    }
    depends(&world, "pgw-fw-02", "pgw-db-01");
    let change = |name: &str, service: &str, start: &str, end: &str, more: Json| {
        let mut fields = object(json!({
            "service": world.known(service).unwrap().id, "planned_start": start,
            "planned_end": end,
        }));
        fields.extend(object(more));
        world.given_with("change", name, fields);
    };
    let (first, second) = ("2026-03-03T13:00:00Z", "2026-03-03T15:00:00Z");
    change("Firewall rules", "Card payments", first, "2026-03-03T16:00:00Z", json!({}));
    change("Certificates", "Card payments", second, "2026-03-03T18:30:00Z", json!({}));
    let outage = json!({ "outage": true });
    change(
        "Ledger patches",
        "Core banking",
        "2026-03-06T13:00:00Z",
        "2026-03-06T17:00:00Z",
        outage,
    );
    let freeze = json!({
        "starts_at": "2026-03-09T10:00:00Z", "ends_at": "2026-03-11T22:00:00Z",
        "all_services": true,
    });
    world.given_with("change_freeze", "Quarter end", object(freeze));
    for (name, impact) in [("Card payments fail", "high"), ("Printer jams", "low")] {
        world.given_with("incident", name, object(json!({ "impact": impact, "urgency": impact })));
    }
    world.given("problem", "Switch restarts");
    world
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(object) => object,
        _ => Map::new(),
    }
}

fn depends(world: &World, from: &str, to: &str) {
    link(world, from, "depends_on", to);
}

fn link(world: &World, from: &str, link: &str, to: &str) {
    let (from, to) = (world.known(from).unwrap(), world.known(to).unwrap());
    world.act(&from, Command::Link { link: Name::new(link).unwrap(), to: to.key });
}

fn reader(world: &World, name: &str) -> Reader {
    let account = world.session(name).actor().account.unwrap();
    Reader::new(world, account)
}

/// Only what the page itself says: the frame has tests of its own.
fn body(page: &str) -> String {
    let start = page.find("<main").unwrap_or(0);
    let end = page.find("</main>").map_or(page.len(), |end| end + "</main>".len());
    let mut out = String::new();
    for part in page[start..end].replace("><", ">\n<").split('\n') {
        out.push_str(&without_what_changes(part));
        out.push('\n');
    }
    out
}

/// Pictures are named by their content and forms carry a secret: neither is reviewed here.
fn without_what_changes(line: &str) -> String {
    let mut line = line.to_string();
    if let (Some(from), Some(to)) = (line.find("/asset/"), line.find(".svg#")) {
        line.replace_range(from..to, "/asset/icons");
    }
    line
}

fn compare(name: &str, text: &str, stale: &mut Vec<String>) {
    let here = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/output"));
    let folder = std::env::var_os("OUTPUT").map_or(here, PathBuf::from).join("pages");
    let path = folder.join(name);
    if std::fs::read_to_string(&path).unwrap_or_default() == *text {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    } else {
        stale.push(name.to_string());
    }
}

#[test]
fn every_page_is_as_reviewed_in_both_languages() {
    let world = world();
    submit(&world);
    let reader = reader(&world, "Ines");
    let mut stale = Vec::new();
    for page in MODEL.pages.values() {
        for language in ["en", "zh"] {
            let (status, text) = reader.get(&page.path, language);
            assert_eq!(status, StatusCode::OK, "{} in {language}: {text}", page.path);
            assert!(!text.contains(" style="), "{}: a style stands in a line", page.path);
            assert!(!text.contains("NaN"), "{}: a place is no number", page.path);
            compare(&format!("{}.{language}.html", page.name), &body(&text), &mut stale);
        }
    }
    assert!(stale.is_empty(), "pages have changed; run with UPDATE=1 and review: {stale:?}");
}

/// What every record type gets without a page of its own, seen in one of them.
#[test]
fn the_pages_of_a_record_type_are_as_reviewed_in_both_languages() {
    let world = world();
    let (created, hour) = (world.engine.now(), 3_600_000_000);
    world.time.set(created + 2 * hour);
    submit(&world);
    let before = jiff::Timestamp::from_microsecond(created + hour).unwrap();
    let question = engine::Question { record_type: "change".into(), ..Default::default() };
    let listed = world.session("Ines").list(&question).unwrap();
    let number = listed.records[0]["number"].as_str().unwrap();
    let pages = [
        ("list", "/change?where=state == 'assessment'&sort=number".to_string()),
        ("nothing_found", "/change?where=state == 'closed'".to_string()),
        ("preview", format!("/change/{number}/preview")),
        ("record", format!("/change/{number}")),
        ("record_as_of", format!("/change/{number}?as_of={before}")),
        ("new", "/change/new".to_string()),
        ("search", "/search?q=firewall".to_string()),
    ];
    let reader = reader(&world, "Ines");
    let mut stale = Vec::new();
    for (name, path) in &pages {
        for language in ["en", "zh"] {
            let path = path.replace(' ', "%20").replace('\'', "%27");
            let (status, text) = reader.get(&path, language);
            assert_eq!(status, StatusCode::OK, "{path} in {language}: {text}");
            compare(&format!("record_type/{name}.{language}.html"), &body(&text), &mut stale);
        }
    }
    assert!(stale.is_empty(), "pages have changed; run with UPDATE=1 and review: {stale:?}");
}

#[test]
fn the_change_calendar_shows_windows_outages_freezes_and_goes_on() {
    let world = world();
    let reader = reader(&world, "Ines");
    submit(&world);
    let (_, page) = reader.get("/changes/calendar", "en");
    for expected in ["Card payments", "Firewall rules", "1 × change freeze", "Quarter end"] {
        assert!(page.contains(expected), "{expected} is not on the page");
    }
    assert!(page.contains("1 conflict"), "both change pgw-fw-02 at the same time");
    assert!(page.contains("to=2026-03-30"), "later leads on by as many days as are shown");
    let (_, later) = reader.get("/changes/calendar?from=2026-03-16&to=2026-03-30", "en");
    assert!(!later.contains("Firewall rules"));
    let (status, _) = reader.get("/changes/calendar?from=soon", "en");
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

/// Brings the changes of the world into assessment, where they are planned, both on one item.
fn submit(world: &World) {
    for name in ["Firewall rules", "Certificates", "Ledger patches"] {
        let known = world.known(name).unwrap();
        if name != "Ledger patches" {
            link(world, name, "affects", "pgw-fw-02");
        }
        world.edit(&known, json!({ "reason": "Agreed." }));
        let transition = Name::new("submit").unwrap();
        world.act(&known, Command::Transition { name: transition, values: Vec::new(), note: None });
    }
}

#[test]
fn a_page_shows_nobody_what_they_may_not_read() {
    let world = world();
    submit(&world);
    let reader = reader(&world, "Niko");
    for page in MODEL.pages.values() {
        let (status, text) = reader.get(&page.path, "en");
        assert_eq!(status, StatusCode::OK, "{}", page.path);
        for hidden in ["Firewall rules", "Card payments fail", "Switch restarts", "pgw-fw-02"] {
            assert!(!text.contains(hidden), "{}: {hidden}", page.path);
        }
    }
}

#[test]
fn a_graph_starts_from_the_record_that_is_named() {
    let world = world();
    let reader = reader(&world, "Ines");
    let (_, page) = reader.get("/configuration/graph?item=pgw-fw-02", "en");
    assert!(page.contains("pgw-fw-02: 1 record, 1 link."), "{page}");
}
