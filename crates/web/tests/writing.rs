//! Requests that change something, one by one: see [`rows`].
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod rows;
mod world;

use rows::{NONE, row, run};
use serde_json::json;

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
        row("anna", "DELETE /api/v1/purchase/PUR-000001", NONE, 403, r#""act":"withdraw""#, ""),
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

/// Asks for a token that only those who administer may have.
fn watching() -> serde_json::Value {
    json!({"name": "watch", "scopes": ["admin"]})
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
        row("anna", "POST /api/v1/tokens", watching(), 422, r#""field":"scopes""#, "ek_"),
        row("bo", "POST /api/v1/tokens", watching(), 422, "只有具备管理角色的账户", "ek_"),
        row("dora", "POST /api/v1/tokens", watching(), 201, "ek_", ""),
        row("anna", "DELETE /api/v1/tokens/0123", NONE, 404, "not-found", ""),
    ])
    .await;
}
