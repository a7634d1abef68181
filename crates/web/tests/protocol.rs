//! What HTTP promises: tags and conditions, repetition, limits, the form of problems, headers,
//! files that never run, the feed that goes on where it stopped.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod world;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value as Json, json};
use world::{World, unlimited};

const NONE: Json = Json::Null;
const ONE: &str = "/api/v1/purchase/PUR-000001";

#[tokio::test]
async fn a_new_record_says_where_it_is() {
    let world = World::new();
    let made = world.call(&world.anna, "POST", "/api/v1/purchase", json!({"summary": "Ink"})).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.header("location"), ONE);
    assert!(made.header("etag").starts_with("\"v1-"), "{}", made.header("etag"));
    let read = world.get(&world.anna, made.header("location")).await;
    assert_eq!(read.json(), made.json());
    assert_eq!(read.header("etag"), made.header("etag"));
    let little = [("prefer", "return=minimal")];
    let body = json!({"summary": "Ink"});
    let made = world.call_with(&world.anna, "POST", "/api/v1/purchase", body, &little).await;
    let expected = json!({"id": made.json()["id"], "type": "purchase", "number": "PUR-000002",
        "version": 1});
    assert_eq!(made.json(), expected);
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let world = World::new();
    world.purchase("Ink").await;
    let read = world.get(&world.anna, ONE).await;
    let known = [("if-none-match", read.header("etag"))];
    let again = world.call_with(&world.anna, "GET", ONE, NONE, &known).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    world.call(&world.anna, "PATCH", ONE, json!({"pieces": 3})).await;
    let changed = world.call_with(&world.anna, "GET", ONE, NONE, &known).await;
    assert_eq!(changed.status, 200);
    let head = world.call(&world.anna, "HEAD", ONE, NONE).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), changed.header("etag"));
}

#[tokio::test]
async fn an_edit_on_an_old_version_clashes_only_in_the_same_field() {
    let world = World::new();
    world.purchase("Ink").await;
    let first = [("if-match", "\"v1\"")];
    let edit = |body: Json| world.call_with(&world.anna, "PATCH", ONE, body, &first);
    assert_eq!(edit(json!({"pieces": 3})).await.status, 200);
    assert_eq!(edit(json!({"notes": "blue"})).await.status, 200);
    let stale = edit(json!({"pieces": 4})).await;
    assert_eq!(stale.status, 412, "{}", stale.text());
    let slip = &stale.json()["errors"][0];
    let told = (&slip["field"], &slip["mine"], &slip["theirs"], &slip["changed_by"]);
    assert_eq!(told, (&json!("pieces"), &json!(4), &json!(3), &json!("Anna")));
    for (tag, status) in [("\"v99\"", 412), ("\"x\"", 400), ("*", 200), ("W/\"v3\"", 200)] {
        let tags = [("if-match", tag)];
        let answer = world.call_with(&world.anna, "PATCH", ONE, json!({"pieces": 5}), &tags).await;
        assert_eq!(answer.status, status, "{tag}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_request_sent_twice_is_done_once() {
    let world = World::new();
    let key = [("idempotency-key", "order-17")];
    let send = |body: Json| world.call_with(&world.anna, "POST", "/api/v1/purchase", body, &key);
    let first = send(json!({"summary": "Ink"})).await;
    let again = send(json!({"summary": "Ink"})).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.json()["number"], again.json()["number"]);
    let other = send(json!({"summary": "Paper"})).await;
    assert_eq!(other.status, 409);
    assert_eq!(other.json()["code"], "key-reused");
    let bad = [("idempotency-key", "with blank")];
    let body = json!({"summary": "Ink"});
    let bad = world.call_with(&world.anna, "POST", "/api/v1/purchase", body, &bad).await;
    assert_eq!(bad.status, 400);
}

/// A filter would find another record by now; the repetition answers for those of the first time.
#[tokio::test]
async fn many_at_once_sent_twice_are_done_once() {
    let world = World::new();
    world.purchase("Ink").await;
    world.purchase("Paper").await;
    let key = [("idempotency-key", "remind-3")];
    let send = async |text: &str| {
        let body = json!({"where": "kind == 'goods'", "action": {"comment": {"text": text}}});
        world.call_with(&world.anna, "POST", "/api/v1/purchase/bulk", body, &key).await
    };
    let first = send("When?").await.json();
    assert_eq!((&first["done"], &first["refused"]), (&json!(2), &json!(0)));
    world.purchase("Pens").await;
    assert_eq!(send("When?").await.json(), first);
    for (number, said) in [("PUR-000001", 1), ("PUR-000002", 1), ("PUR-000003", 0)] {
        let path = format!("/api/v1/purchase/{number}/comments");
        let comments = world.get(&world.anna, &path).await.json();
        assert_eq!(comments["comments"].as_array().unwrap().len(), said, "{number}");
    }
    assert_eq!(send("Now?").await.json()["code"], "key-reused");
}

#[tokio::test]
async fn a_file_sent_twice_is_added_once() {
    let world = World::new();
    world.purchase("Ink").await;
    let send = async |content: &'static str| {
        let request = Request::post(format!("{ONE}/attachments"))
            .header("authorization", format!("Bearer {}", world.anna))
            .header("content-type", "text/plain")
            .header("content-disposition", "attachment; filename=offer.txt")
            .header("idempotency-key", "offer-1")
            .body(Body::from(content));
        world.send(request.unwrap()).await
    };
    let (first, again) = (send("12 CNY").await, send("12 CNY").await);
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201), "{}", again.text());
    assert_eq!(first.json(), again.json());
    assert_eq!(send("13 CNY").await.json()["code"], "key-reused");
    let history = world.get(&world.anna, &format!("{ONE}/history")).await.json();
    let kinds = history["entries"].as_array().unwrap().iter();
    assert_eq!(kinds.filter(|entry| entry["kind"] == "attach").count(), 1, "{history}");
}

#[tokio::test]
async fn problems_have_one_form_in_two_languages() {
    let world = World::new();
    world.purchase("Ink").await;
    let chinese = [("accept-language", "zh-CN,zh;q=0.9")];
    let ask = format!("{ONE}/transition/ask");
    let body = json!({"pieces": 0});
    let problem = world.call_with(&world.anna, "POST", &ask, body, &chinese).await;
    assert_eq!(problem.status, 409);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!(problem.header("content-language"), "zh");
    let expected = json!({
        "type": "urn:evenkeel:problem:rule-broken",
        "title": "不符合规则",
        "status": 409,
        "code": "rule-broken",
        "detail": "采购件数必须大于零。",
        "details": {
            "en": "Nothing is bought: give the number of pieces.",
            "zh": "采购件数必须大于零。",
        },
        "errors": [],
        "rule": "something_is_bought",
        "by": null,
    });
    assert_eq!(problem.json(), expected);
    let own = world.get(&world.bo, "/api/v1/purchase/PUR-000099").await;
    assert_eq!(own.json()["title"], "未找到");
}

#[tokio::test]
async fn hidden_and_absent_look_alike() {
    let world = World::new();
    world.purchase("Ink").await;
    for path in ["", "/history", "/transitions", "/comments", "/attachments", "/clocks"] {
        let hidden = world.get(&world.carl, &format!("{ONE}{path}")).await;
        let absent = format!("/api/v1/purchase/PUR-000099{path}");
        let absent = world.get(&world.carl, &absent).await;
        assert_eq!(hidden.status, 404, "{path}");
        assert_eq!(hidden.text(), absent.text(), "{path}");
    }
}

#[tokio::test]
async fn every_answer_protects_browsers() {
    let world = World::new();
    let paths = [("/health", 200), ("/api/v1/me", 401), ("/api/v1/a/b/c/d/e/f", 404)];
    for (path, status) in paths {
        let answer = world.get("", path).await;
        assert_eq!(answer.status, status, "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
    }
    let refused = world.get("", "/api/v1/me").await;
    assert_eq!(refused.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn other_methods_are_named() {
    let world = World::new();
    let options = world.call("", "OPTIONS", "/api/v1/purchase", NONE).await;
    assert_eq!(options.status, 204);
    assert_eq!(options.header("allow"), "GET, HEAD, OPTIONS, POST");
    let put = world.call(&world.anna, "PUT", ONE, json!({})).await;
    assert_eq!(
        (put.status.as_u16(), put.header("allow")),
        (405, "DELETE, GET, HEAD, OPTIONS, PATCH")
    );
}

#[tokio::test]
async fn bodies_are_bounded_and_typed() {
    let mut settings = unlimited();
    settings.limits.json_bytes = 1024;
    let world = World::with(settings);
    let post = |kind: &'static str, body: String| {
        let request = Request::post("/api/v1/purchase")
            .header("authorization", format!("Bearer {}", world.anna))
            .header("content-type", kind)
            .body(Body::from(body));
        world.send(request.unwrap())
    };
    let good = r#"{"summary": "Ink"}"#.to_string();
    let deep = format!("{{\"summary\": {}1{}}}", "[".repeat(80), "]".repeat(80));
    for (kind, body, status) in [
        ("application/json", good.clone(), 201),
        ("application/json; charset=utf-8", good.clone(), 201),
        ("application/json; charset=gbk", good.clone(), 415),
        ("text/plain", good.clone(), 415),
        ("application/json", "{".into(), 400),
        ("application/json", "[]".into(), 400),
        ("application/json", r#"{"summary": "a", "summary": "b"}"#.into(), 400),
        ("application/json", deep, 400),
        ("application/json", format!("{{\"summary\": \"{}\"}}", "a".repeat(2000)), 413),
    ] {
        let answer = post(kind, body.clone()).await;
        assert_eq!(answer.status, status, "{kind} {body}: {}", answer.text());
    }
    let html = [("accept", "text/html")];
    let answer = world.call_with(&world.anna, "GET", "/api/v1/purchase", NONE, &html).await;
    assert_eq!(answer.status, 406);
    let long = format!("/api/v1/purchase?q={}", "a".repeat(40_000));
    assert_eq!(world.get(&world.anna, &long).await.status, 414);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let mut settings = unlimited();
    settings.limits.rate_limit = 2;
    let world = World::with(settings);
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(world.get(&world.anna, "/api/v1/me").await);
    }
    let last = seen.last().unwrap();
    assert_eq!(last.status, 429);
    assert_eq!(last.header("retry-after"), "1");
    assert_eq!(last.json()["code"], "too-many");
    assert_eq!(world.get(&world.bo, "/api/v1/me").await.status, 200);
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say() {
    let world = World::new();
    let body = json!({"name": "reader", "scopes": ["read"]});
    let made = world.call(&world.anna, "POST", "/api/v1/tokens", body).await.json();
    let reader = made["token"].as_str().unwrap();
    assert_eq!(world.get(reader, "/api/v1/me").await.status, 200);
    let write = world.call(reader, "POST", "/api/v1/purchase", json!({"summary": "Ink"})).await;
    assert_eq!((write.status.as_u16(), &write.json()["code"]), (403, &json!("out-of-scope")));
    let metrics = world.get(reader, "/metrics").await;
    assert_eq!(metrics.status, 403);
    let end = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(world.call(&world.bo, "DELETE", &end, NONE).await.status, 404);
    assert_eq!(world.call(&world.anna, "DELETE", &end, NONE).await.status, 204);
    assert_eq!(world.get(reader, "/api/v1/me").await.status, 401);
}

#[tokio::test]
async fn files_are_kept_whole_and_never_run() {
    let world = World::new();
    world.purchase("Ink").await;
    let page = "<script>alert(1)</script>".repeat(100_000);
    let request = Request::post(format!("{ONE}/attachments"))
        .header("authorization", format!("Bearer {}", world.anna))
        .header("content-type", "text/html")
        .header("content-disposition", "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.html")
        .body(Body::from(page.clone()));
    let added = world.send(request.unwrap()).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let listed = world.get(&world.anna, &format!("{ONE}/attachments")).await.json();
    let file = &listed["attachments"][0];
    assert_eq!((&file["name"], &file["bytes"]), (&json!("报告.html"), &json!(page.len())));
    let path = format!("{ONE}/attachments/{}", file["sha256"].as_str().unwrap());
    let read = world.get(&world.anna, &path).await;
    assert_eq!(read.status, 200);
    assert_eq!(read.text(), page);
    assert_eq!(read.header("content-type"), "application/octet-stream");
    assert_eq!(read.header("content-security-policy"), "sandbox; default-src 'none'");
    assert!(read.header("content-disposition").starts_with("attachment; filename=\"__.html\""));
    assert_eq!(world.get(&world.carl, &path).await.status, 404);
    assert_eq!(world.call(&world.anna, "DELETE", &path, NONE).await.status, 204);
    assert_eq!(world.get(&world.anna, &path).await.status, 404);
}

#[tokio::test]
async fn files_come_in_forms_too_and_are_bounded() {
    let mut settings = unlimited();
    settings.limits.attachment_bytes = 1 << 20;
    let world = World::with(settings);
    world.purchase("Ink").await;
    let form = |bytes: usize| {
        let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; \
                    filename=\"../plan.txt\"\r\nContent-Type: text/plain\r\n\r\n";
        let body = format!("{head}{}\r\n--edge--\r\n", "x".repeat(bytes));
        Request::post(format!("{ONE}/attachments?internal=false"))
            .header("authorization", format!("Bearer {}", world.anna))
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(Body::from(body))
            .unwrap()
    };
    let added = world.send(form(5)).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let listed = world.get(&world.anna, &format!("{ONE}/attachments")).await;
    assert_eq!(listed.json()["attachments"][0]["name"], "plan.txt");
    let large = world.send(form((1 << 20) + 5)).await;
    assert_eq!(large.status, 413, "{}", large.text());
}

#[tokio::test]
async fn the_feed_goes_on_where_it_stopped() {
    let world = World::new();
    let mut after = String::new();
    let mut seen = Vec::new();
    for summary in ["One", "Two", "Three"] {
        world.purchase(summary).await;
        world.seal();
        loop {
            let path = format!("/api/v1/changes?types=purchase&limit=2{after}");
            let page = world.get(&world.bo, &path).await.json();
            let (changes, next) = (page["changes"].as_array().unwrap(), page["next"].as_str());
            let cursor = format!("&after={}", next.unwrap());
            let same = cursor == after;
            seen.extend(changes.iter().map(|one| one["number"].as_str().unwrap().to_string()));
            after = cursor;
            if same {
                break;
            }
        }
    }
    assert_eq!(seen, ["PUR-000001", "PUR-000002", "PUR-000003"]);
    let hidden = world.get(&world.carl, "/api/v1/changes?types=purchase").await;
    assert_eq!(hidden.json()["changes"], json!([]));
}

#[tokio::test]
async fn who_waits_for_changes_hears_of_them() {
    let world = World::new();
    world.seal();
    let start = world.get(&world.bo, "/api/v1/changes?limit=1000").await.json();
    let path = format!("/api/v1/changes?wait=20&after={}", start["next"].as_str().unwrap());
    let waiting = world.get(&world.bo, &path);
    let acting = async {
        world.purchase("Ink").await;
        world.seal();
    };
    let (heard, ()) = tokio::join!(waiting, acting);
    assert_eq!(heard.json()["changes"][0]["number"], "PUR-000001");
}

#[tokio::test]
async fn a_record_is_read_as_it_stood() {
    let world = World::new();
    let made = world.call(&world.anna, "POST", "/api/v1/purchase", json!({"summary": "Ink"})).await;
    let at = made.json()["created_at"].as_str().unwrap().to_string();
    world.call(&world.anna, "PATCH", ONE, json!({"summary": "Blue ink"})).await;
    let then = world.get(&world.anna, &format!("{ONE}?as_of={at}")).await;
    assert_eq!(then.json()["summary"], "Ink", "{}", then.text());
    let now = world.get(&world.anna, ONE).await;
    assert_eq!(now.json()["summary"], "Blue ink");
    let list = format!("/api/v1/purchase?as_of={at}");
    let list = world.get(&world.anna, &list).await;
    assert_eq!(list.json()["records"][0]["summary"], "Ink", "{}", list.text());
    let before = format!("{ONE}?as_of=2020-01-01T00:00:00Z");
    assert_eq!(world.get(&world.anna, &before).await.status, 404);
}

#[tokio::test]
async fn pages_go_forward_and_back() {
    let world = World::new();
    for number in 1..=5 {
        world.purchase(&format!("Ink {number}")).await;
    }
    let page = async |place: &str| {
        let path = format!("/api/v1/purchase?sort=number&columns=number&limit=2{place}");
        let page = world.get(&world.bo, &path).await.json();
        let numbers = page["records"].as_array().unwrap().iter();
        let numbers: Vec<String> =
            numbers.map(|one| one["number"].as_str().unwrap().to_string()).collect();
        (numbers.join(" "), page)
    };
    let (first, one) = page("").await;
    assert_eq!(first, "PUR-000001 PUR-000002");
    assert_eq!(one["previous"], NONE);
    let (second, two) = page(&format!("&cursor={}", one["next"].as_str().unwrap())).await;
    assert_eq!(second, "PUR-000003 PUR-000004");
    let (third, three) = page(&format!("&cursor={}", two["next"].as_str().unwrap())).await;
    assert_eq!((third.as_str(), &three["next"]), ("PUR-000005", &NONE));
    let (back, _) = page(&format!("&before={}", two["previous"].as_str().unwrap())).await;
    assert_eq!(back, first);
}

#[tokio::test]
async fn comments_are_for_those_they_are_meant_for() {
    let world = World::new();
    world.purchase("Ink").await;
    let path = format!("{ONE}/comments");
    world.call(&world.anna, "POST", &path, json!({"text": "Soon?"})).await;
    world.call(&world.bo, "POST", &path, json!({"text": "Never", "internal": true})).await;
    world.call(&world.bo, "POST", &path, json!({"text": "Yes"})).await;
    let texts = async |token: &str| {
        let page = world.get(token, &path).await.json();
        let comments = page["comments"].as_array().unwrap().iter();
        comments.map(|one| one["text"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&world.anna).await, ["Yes", "Soon?"]);
    assert_eq!(texts(&world.bo).await, ["Yes", "Never", "Soon?"]);
}

#[tokio::test]
async fn an_approval_is_given_by_another() {
    let world = World::new();
    world.purchase("Ink").await;
    let post = async |token: &str, path: &str, body: Json| {
        world.call(token, "POST", &format!("{ONE}{path}"), body).await
    };
    post(&world.anna, "/transition/ask", json!({"pieces": 2})).await;
    let early = post(&world.anna, "/transition/order", json!({})).await;
    assert_eq!(early.status, 409);
    assert_eq!(early.json()["code"], "approval-missing");
    assert_eq!(early.json()["approvals"][0]["granted"], 0);
    assert_eq!(post(&world.anna, "/approve", NONE).await.status, 403);
    let given = post(&world.bo, "/approve", json!({"approval": "manager"})).await;
    assert_eq!(given.status, 200, "{}", given.text());
    assert_eq!(post(&world.bo, "/approve", NONE).await.json()["code"], "already-approved");
    let ordered = post(&world.anna, "/transition/order", json!({})).await;
    assert_eq!(ordered.json()["state"], "ordered", "{}", ordered.text());
}

#[tokio::test]
async fn figures_are_for_operators() {
    let world = World::new();
    world.get(&world.anna, "/api/v1/me").await;
    let figures = world.get("", "/metrics").await;
    assert_eq!(figures.status, 200);
    assert!(figures.text().contains("evenkeel_http_request_seconds"), "{}", figures.text());
}

/// The scope goes with the role, not with the token: whoever administers no longer watches no
/// longer.
#[tokio::test]
async fn a_token_administers_as_long_as_its_account_does() {
    let world = World::new();
    let asked = json!({"name": "watch", "scopes": ["admin"]});
    let made = world.call(&world.dora, "POST", "/api/v1/tokens", asked).await.json();
    let watch = made["token"].as_str().unwrap();
    assert_eq!(world.get(watch, "/metrics").await.status, 200);
    let key = world.engine.account_of("dora").unwrap();
    let clerk = model::Value::Texts(vec!["clerk".into()].into());
    let roles = model::Name::new("roles").unwrap();
    let order = engine::Order {
        record_type: model::Name::new("account").unwrap(),
        key,
        command: engine::Command::Edit { values: vec![(roles, clerk)] },
        base: None,
        idempotency: None,
    };
    engine::Session::system(&world.engine).perform(&order).unwrap();
    let refused = world.get(watch, "/metrics").await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &json!("out-of-scope")));
}

/// All routes, as reviewed. `UPDATE=1 cargo test` writes the list anew.
#[test]
#[allow(clippy::disallowed_methods)]
fn the_endpoints_are_those_reviewed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/output/endpoints.txt");
    let now = web::endpoints();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(now, reviewed, "run UPDATE=1 cargo test and review the difference");
}
