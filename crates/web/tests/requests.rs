//! Requests one by one: who asks, method, address, body; the status, and what the answer must and
//! must not contain. Each row has a world of its own in which `PUR-000001` is Anna's.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod world;

use serde_json::{Value as Json, json};
use world::World;

struct Row {
    who: &'static str,
    request: &'static str,
    body: Json,
    status: u16,
    has: &'static str,
    lacks: &'static str,
}

fn row(
    who: &'static str,
    request: &'static str,
    body: Json,
    status: u16,
    has: &'static str,
    lacks: &'static str,
) -> Row {
    Row { who, request, body, status, has, lacks }
}

const NONE: Json = Json::Null;

async fn run(rows: Vec<Row>) {
    let mut wrong = String::new();
    for row in rows {
        let world = World::new();
        world.purchase("A pallet of paper").await;
        let token = match row.who {
            "anna" => world.anna.as_str(),
            "bo" => &world.bo,
            "carl" => &world.carl,
            "dora" => &world.dora,
            other => other,
        };
        let (method, path) = row.request.split_once(' ').unwrap();
        let answer = world.call(token, method, path, row.body).await;
        let text = answer.text();
        let fits = answer.status == row.status
            && text.contains(row.has)
            && (row.lacks.is_empty() || !text.contains(row.lacks));
        if !fits {
            wrong.push_str(&format!("{} {}\n  {} {text}\n", row.who, row.request, answer.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn reading() {
    run(vec![
        row("", "GET /health", NONE, 200, r#""status":"ok""#, ""),
        row("", "GET /api/v1/me", NONE, 401, "not-logged-in", ""),
        row("nonsense", "GET /api/v1/me", NONE, 401, "not-logged-in", ""),
        row("anna", "GET /api/v1/me", NONE, 200, r#""login":"anna""#, ""),
        row("anna", "GET /api/v1/purchase", NONE, 200, "A pallet of paper", "margin\":\""),
        row("carl", "GET /api/v1/purchase", NONE, 200, r#""records":[]"#, "pallet"),
        row("carl", "GET /api/v1/purchase?count=true", NONE, 200, r#""total":0"#, "pallet"),
        row("bo", "GET /api/v1/purchase?count=true", NONE, 200, r#""total":1"#, ""),
        row("bo", "GET /api/v1/purchase?q=pallet", NONE, 200, "PUR-000001", ""),
        row("bo", "GET /api/v1/purchase?q=nothing", NONE, 200, r#""records":[]"#, ""),
        row("bo", "GET /api/v1/purchase?columns=summary", NONE, 200, "pallet", "weight"),
        row(
            "bo",
            "GET /api/v1/purchase?where=kind+%3D%3D+%27goods%27",
            NONE,
            200,
            "PUR-000001",
            "",
        ),
        row("bo", "GET /api/v1/purchase?where=kind+%3D%3D+1", NONE, 400, "bad-question", ""),
        row("bo", "GET /api/v1/purchase?sort=nothing", NONE, 400, "unknown field", ""),
        row("bo", "GET /api/v1/purchase?sort=-kind,summary", NONE, 200, "PUR-000001", ""),
        row("bo", "GET /api/v1/purchase?cursor=nonsense", NONE, 400, "cursor", ""),
        row("bo", "GET /api/v1/purchase?limt=5", NONE, 400, "limt", ""),
        row("bo", "GET /api/v1/purchase?limit=5&limit=6", NONE, 400, "limit", ""),
        row("bo", "GET /api/v1/purchase?limit=5000", NONE, 400, "limit", ""),
        row("bo", "GET /api/v1/purchase/export", NONE, 200, "number", ""),
        row(
            "bo",
            "GET /api/v1/purchase/export?format=jsonl&columns=summary",
            NONE,
            200,
            r#""summary":"A pallet of paper""#,
            "",
        ),
        row("bo", "GET /api/v1/purchase/export?format=xlsx", NONE, 200, "PK", ""),
        row("bo", "GET /api/v1/purchase/export?format=pdf", NONE, 400, "format", ""),
        row("bo", "GET /api/v1/purchase/export?where=kin+%3D%3D+1", NONE, 400, "bad-question", ""),
        row("carl", "GET /api/v1/purchase/export", NONE, 200, "number", "pallet"),
        row("bo", "GET /api/v1/purchase/export?labels=true", NONE, 200, "摘要", ""),
        row("bo", "GET /api/v1/purchase/measures/purchases", NONE, 200, r#""unit":"records""#, ""),
        row(
            "bo",
            "GET /api/v1/purchase/measures/purchases?per=whole",
            NONE,
            200,
            r#"{"records":1}"#,
            "",
        ),
        row(
            "carl",
            "GET /api/v1/purchase/measures/purchases?per=whole",
            NONE,
            200,
            r#""points":[]"#,
            "",
        ),
        row("bo", "GET /api/v1/purchase/measures/purchases?zone=Mars", NONE, 400, "zone", ""),
        row("bo", "GET /api/v1/purchase/measures/nothing", NONE, 404, "not-found", ""),
        row(
            "bo",
            "GET /api/v1/purchase/evidence/pieces_are_counted",
            NONE,
            200,
            r#""population":1,"holding":0"#,
            "",
        ),
        row(
            "carl",
            "GET /api/v1/purchase/evidence/pieces_are_counted",
            NONE,
            200,
            r#""population":0"#,
            "pallet",
        ),
        row("bo", "GET /api/v1/purchase/evidence/nothing", NONE, 404, "not-found", ""),
        row("bo", "GET /api/v1/nothing", NONE, 404, "not-found", ""),
        row("bo", "GET /api/v1/purchase/PUR-000001", NONE, 200, r#""number":"PUR-000001""#, ""),
        row("carl", "GET /api/v1/purchase/PUR-000001", NONE, 404, "not-found", "PUR"),
        row("carl", "GET /api/v1/purchase/PUR-000009", NONE, 404, "not-found", "PUR"),
        row("bo", "GET /api/v1/purchase/%00", NONE, 400, "malformed", ""),
        row("bo", "GET /api/v1/purchase/%zz", NONE, 400, "malformed", ""),
        row("bo", "GET /api/v1/purchase/", NONE, 404, "no-such-address", ""),
        row("bo", "PUT /api/v1/purchase", json!({}), 405, "method-not-allowed", ""),
        row("bo", "TRACE /health", NONE, 405, "method-not-allowed", ""),
        row("bo", "GET /api/v1/purchase/PUR-000001/history", NONE, 200, r#""kind":"create""#, ""),
        row("bo", "GET /api/v1/purchase/PUR-000001/clocks", NONE, 200, r#""clocks":[]"#, ""),
        row("bo", "GET /api/v1/search?q=pallet", NONE, 200, "PUR-000001", ""),
        row("carl", "GET /api/v1/search?q=pallet", NONE, 200, r#""records":[]"#, ""),
        row("bo", "GET /api/v1/search", NONE, 400, "q: ", ""),
        row("bo", "GET /api/v1/search?q=a&types=none", NONE, 400, "no record type", ""),
        row("anna", "GET /api/v1/record_types", NONE, 200, "purchase", r#""name":"account""#),
        row("anna", "GET /api/v1/record_types/purchase", NONE, 200, "待批准", r#""name":"margin""#),
        row("bo", "GET /api/v1/record_types/purchase", NONE, 200, r#""name":"margin""#, ""),
        row("anna", "GET /api/v1/record_types/account", NONE, 404, "not-found", ""),
        row("anna", "GET /api/v1/openapi.json", NONE, 200, r#""openapi":"3.1.0""#, ""),
        row("", "GET /api/v1/openapi.json", NONE, 401, "not-logged-in", ""),
    ])
    .await;
}

#[tokio::test]
async fn writing() {
    run(vec![
        row(
            "anna",
            "POST /api/v1/purchase",
            json!({"summary": "Ink"}),
            201,
            r#""state":"draft""#,
            "",
        ),
        row("dora", "POST /api/v1/purchase", json!({"summary": "Ink"}), 403, "not-allowed", ""),
        row("anna", "POST /api/v1/purchase", json!({}), 422, "This must be filled", ""),
        row(
            "anna",
            "POST /api/v1/purchase",
            json!({"summary": 5}),
            422,
            r#""field":"summary""#,
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase",
            json!({"summry": "x"}),
            422,
            "There is no such field",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase",
            json!({"summary": "x", "total": 5}),
            422,
            "computed",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase",
            json!({"summary": "x", "margin": "5"}),
            422,
            r#""field":"margin""#,
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase",
            json!({"summary": "x", "links": {"replaces": ["PUR-000001"]}}),
            201,
            "A pallet of paper",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase",
            json!({"summary": "x", "replaces": ["PUR-000001"]}),
            201,
            "A pallet of paper",
            "",
        ),
        row(
            "carl",
            "POST /api/v1/purchase",
            json!({"summary": "x", "replaces": ["PUR-000001"]}),
            422,
            "names no record",
            "pallet",
        ),
        row(
            "bo",
            "POST /api/v1/purchase",
            json!({"summary": "x", "owner": "Anna", "weight": "2.5"}),
            201,
            r#""weight":"2.50""#,
            "",
        ),
        row(
            "anna",
            "PATCH /api/v1/purchase/PUR-000001",
            json!({"pieces": 3}),
            200,
            r#""total":4"#,
            "",
        ),
        row(
            "carl",
            "PATCH /api/v1/purchase/PUR-000001",
            json!({"pieces": 3}),
            404,
            "not-found",
            "",
        ),
        row(
            "anna",
            "PATCH /api/v1/purchase/PUR-000001",
            json!({"pieces": 5000}),
            422,
            "too large",
            "",
        ),
        row(
            "anna",
            "PATCH /api/v1/purchase/PUR-000001",
            json!({"replaces": []}),
            422,
            "one by one",
            "",
        ),
        row(
            "anna",
            "PATCH /api/v1/purchase/PUR-000001",
            json!({"links": {}, "number": "x"}),
            200,
            "",
            "",
        ),
        row("anna", "DELETE /api/v1/purchase/PUR-000001", NONE, 403, "not-allowed", ""),
        row("bo", "DELETE /api/v1/purchase/PUR-000001", NONE, 204, "", ""),
        row(
            "bo",
            "POST /api/v1/purchase/PUR-000001/withdraw",
            json!({"note": "twice"}),
            204,
            "",
            "",
        ),
        row(
            "bo",
            "POST /api/v1/purchase/PUR-000001/withdraw",
            json!({"nte": "twice"}),
            422,
            "nte",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/comments",
            json!({"text": "Soon?"}),
            201,
            "",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/comments",
            json!({"text": " "}),
            422,
            "text",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/comments",
            json!({"text": "x", "internal": true}),
            403,
            "internal",
            "",
        ),
        row(
            "bo",
            "POST /api/v1/purchase/PUR-000001/comments",
            json!({"text": "x", "internal": true}),
            201,
            "",
            "",
        ),
        row("anna", "POST /api/v1/purchase/PUR-000001/watch", NONE, 200, "", ""),
        row("anna", "DELETE /api/v1/purchase/PUR-000001/watch", NONE, 204, "", ""),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/link/replaces",
            json!({"to": "PUR-000099"}),
            422,
            r#""field":"to""#,
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/link/nothing",
            json!({"to": "PUR-000099"}),
            404,
            "not-found",
            "",
        ),
        row(
            "anna",
            "DELETE /api/v1/purchase/PUR-000001/link/replaces/PUR-000099",
            NONE,
            404,
            "not-found",
            "",
        ),
    ])
    .await;
}

#[tokio::test]
async fn moving() {
    run(vec![
        row(
            "anna",
            "GET /api/v1/purchase/PUR-000001/transitions",
            NONE,
            200,
            r#""name":"ask""#,
            r#""name":"order""#,
        ),
        row(
            "bo",
            "GET /api/v1/purchase/PUR-000001/transitions",
            NONE,
            200,
            "您的角色不能执行此操作",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/transition/ask",
            json!({}),
            422,
            "pieces",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/transition/ask",
            json!({"pieces": 0}),
            409,
            "Nothing is bought",
            "",
        ),
        row(
            "bo",
            "POST /api/v1/purchase/PUR-000001/transition/ask",
            json!({"pieces": 2}),
            403,
            "您的角色不能执行此操作",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/transition/ask",
            json!({"pieces": 2}),
            200,
            r#""state":"asked""#,
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/transition/order",
            json!({}),
            409,
            "no-such-move",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/transition/nothing",
            json!({}),
            404,
            "not-found",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/transition/drop",
            json!({}),
            422,
            "needs-note",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/transition/drop",
            NONE,
            422,
            "needs-note",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/purchase/PUR-000001/transition/drop",
            json!({"note": "no"}),
            200,
            "dropped",
            "",
        ),
        row("bo", "POST /api/v1/purchase/PUR-000001/approve", NONE, 409, "nothing-to-approve", ""),
    ])
    .await;
}

#[tokio::test]
async fn many_at_once() {
    run(vec![
        row(
            "bo",
            "POST /api/v1/purchase/bulk",
            json!({"records": ["PUR-000001", "PUR-000007"], "action": {"edit": {"pieces": 5}}}),
            200,
            r#""done":1,"refused":1"#,
            "",
        ),
        row(
            "bo",
            "POST /api/v1/purchase/bulk",
            json!({"where": "kind == 'goods'", "action": {"edit": {"pieces": 5}}, "dry_run": true}),
            200,
            r#""dry_run":true,"done":1"#,
            "",
        ),
        row(
            "bo",
            "POST /api/v1/purchase/bulk",
            json!({"records": ["PUR-000001"], "action": {"transition": {"name": "ask"}}}),
            200,
            "您的角色不能执行此操作",
            "",
        ),
        row(
            "bo",
            "POST /api/v1/purchase/bulk",
            json!({"records": ["PUR-000001"], "where": "true", "action": {"edit": {}}}),
            422,
            "records",
            "",
        ),
        row(
            "bo",
            "POST /api/v1/purchase/bulk",
            json!({"records": [], "action": {"edit": {}, "withdraw": {}}}),
            422,
            "action",
            "",
        ),
        row(
            "bo",
            "POST /api/v1/purchase/bulk",
            json!({"where": "kin == 1", "action": {"edit": {}}}),
            400,
            "bad-question",
            "",
        ),
    ])
    .await;
}

#[tokio::test]
async fn tokens() {
    run(vec![
        row("anna", "GET /api/v1/tokens", NONE, 200, r#""name":"test""#, "ek_"),
        row(
            "anna",
            "POST /api/v1/tokens",
            json!({"name": "ci", "scopes": ["read"]}),
            201,
            "ek_",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/tokens",
            json!({"name": "ci", "scopes": ["everything"]}),
            422,
            "scopes",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/tokens",
            json!({"name": "ci", "expires_at": "2020-01-01T00:00:00Z"}),
            422,
            "past",
            "",
        ),
        row(
            "anna",
            "POST /api/v1/tokens",
            json!({"name": "ci", "expires_at": "soon"}),
            422,
            "expires_at",
            "",
        ),
        row("anna", "DELETE /api/v1/tokens/0123", NONE, 404, "not-found", ""),
    ])
    .await;
}
