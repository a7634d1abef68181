//! An import in the browser, without scripts: a file is brought, its columns are mapped, the whole
//! is checked, written, and taken back; what is refused on the way; what a stop leaves behind.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use axum::body::Body;
use axum::http::Request;
use engine::import::work;
use serde_json::{Value as Json, json};
use std::cell::Cell;
use std::io::Write;
use visitor::{Browser, PASSWORD, between};
use world::{Answer, World, account, unlimited};

const HERE: &str = "/admin/import";
const PEOPLE: &str = "Name,Language,Shoe\nEva,English,38\nFinn,Chinesisch,44\nAnna,zh,40\n";

fn has(answer: &Answer, text: &str) {
    assert!(answer.text().contains(text), "no {text:?} in\n{}", answer.text());
}

fn lacks(answer: &Answer, text: &str) {
    assert!(!answer.text().contains(text), "{text:?} in\n{}", answer.text());
}

/// Works on a thread of its own, as the server does.
async fn work_off(world: &World) {
    let engine = world.engine.clone();
    let worked = tokio::task::spawn_blocking(move || work::run_due(&engine, "test", &|| true));
    worked.await.unwrap().unwrap();
}

/// Brings a table of people; the address of the import.
async fn brought(dora: &Browser<'_>, table: &str) -> String {
    let fields = [("record_type", "person")];
    let sent = dora.bring(HERE, &fields, ("people.csv", table.as_bytes())).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent.header("location").strip_suffix("/mapping").unwrap().to_string()
}

/// Maps name and language as guessed, checks the whole file, and answers what that found.
async fn checked(world: &World, dora: &Browser<'_>, at: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("act", "check"),
        ("field.0", "name"),
        ("was.0", "name"),
        ("key.0", "on"),
        ("field.1", "language"),
        ("was.1", "language"),
    ];
    fields.extend(more);
    let sent = dora.post(&format!("{at}/mapping"), &fields).await;
    let busy = dora.follow(&sent).await;
    has(&busy, "role=\"progressbar\"");
    work_off(world).await;
    dora.get(at).await
}

async fn person(world: &World, name: &str) -> Json {
    let path = format!("/api/v1/person?where=name%20%3D%3D%20'{name}'");
    let listed = world.get(&world.dora, &path).await;
    assert_eq!(listed.status, 200, "{}", listed.text());
    let listed = listed.json();
    listed["records"].as_array().expect("a list").first().cloned().unwrap_or(Json::Null)
}

#[test]
fn a_file_becomes_records_and_is_taken_back() {
    let postgres = store::testing::postgres().map(|world| world.database);
    for database in std::iter::once(store::testing::sqlite().database).chain(postgres) {
        let world = World::over(database, unlimited());
        let account = world.engine.account_of("dora").unwrap().unwrap();
        world.engine.set_password(account, "dora", PASSWORD).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(whole_path(&world));
    }
}

async fn whole_path(world: &World) {
    let dora = Browser::new(world);
    dora.enter("dora", PASSWORD).await;
    has(&dora.get(HERE).await, "None yet.");
    let at = brought(&dora, PEOPLE).await;
    let page = dora.get(&format!("{at}/mapping")).await;
    for text in [
        "<legend>Shoe</legend>",
        "<q>Chinesisch</q>",
        "value=\"name\" selected",
        "value=\"language\" selected",
        "tells records apart",
    ] {
        has(&page, text);
    }
    let meant = [("choice.1", "Chinesisch"), ("means.1", "zh")];
    let found = checked(world, &dora, &at, &meant).await;
    has(&found, "Every row can be imported");
    has(&found, "<dt>Would be created</dt><dd class=\"num\">2</dd>");
    has(&found, "<dt>There already</dt><dd class=\"num\">1</dd>");
    assert_eq!(person(world, "Eva").await, Json::Null, "nothing is written yet");
    let file = dora.get(&format!("{at}/file")).await;
    has(&file, "record = \"person\"");
    has(&file, "choices = { \"Chinesisch\" = \"zh\" }");
    dora.post(&format!("{at}/run"), &[]).await;
    work_off(world).await;
    let done = dora.get(&at).await;
    has(&done, "<dt>Created</dt><dd class=\"num\">2</dd>");
    has(&done, "<dt>Changed</dt><dd class=\"num\">1</dd>");
    assert_eq!(person(world, "Finn").await["language"], "zh");
    assert_eq!(person(world, "Anna").await["language"], "zh");
    let eva = person(world, "Eva").await["number"].as_str().unwrap().to_string();
    let path = format!("/api/v1/person/{eva}");
    let change = world.call(&world.dora, "PATCH", &path, json!({ "language": "zh" })).await;
    assert_eq!(change.status, 200, "{}", change.text());
    let ask = dora.get(&format!("{at}/undo")).await;
    has(&ask, "Take this import back?");
    has(&ask, "left alone</dt><dd class=\"num\">1</dd>");
    dora.post(&format!("{at}/undo"), &[]).await;
    has(&dora.get(&at).await, "role=\"progressbar\"");
    work_off(world).await;
    let undone = dora.get(&at).await;
    has(&undone, "<dt>Withdrawn</dt><dd class=\"num\">1</dd>");
    has(&undone, "<dt>Put back</dt><dd class=\"num\">1</dd>");
    has(&undone, "Changed since by Dora.");
    assert_eq!(person(world, "Finn").await, Json::Null);
    assert_eq!(person(world, "Anna").await["language"], "en");
    assert_eq!(person(world, "Eva").await["language"], "zh");
    let again = dora.post(&format!("{at}/undo"), &[]).await;
    assert!(again.status.is_client_error() || again.status.is_server_error(), "once only");
    has(&dora.get(HERE).await, "taken back");
}

#[tokio::test]
async fn what_is_refused_is_told_and_can_be_mended() {
    let world = World::new();
    account(&world.engine, "Mei", "zh", "administrator");
    let dora = Browser::of(&world, "dora").await;
    let at = brought(&dora, "Name,Language\nEva,en\n,en\n=Gus,klingon\n").await;
    let found = checked(&world, &dora, &at, &[]).await;
    has(&found, "Some rows would be refused");
    has(&found, "Nothing says which record this is");
    has(&found, "klingon");
    let mei = Browser::of(&world, "mei").await;
    let told = mei.get(&at).await;
    has(&told, "无法确定是哪条记录");
    has(&told, "下载这些行");
    let csv = dora.get(&format!("{at}/refused")).await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    has(&csv, "Name,Language,Row,Reason");
    has(&csv, "'=Gus,klingon,4,");
    lacks(&csv, "Eva");
    dora.post(&format!("{at}/run"), &[]).await;
    work_off(&world).await;
    has(&dora.get(&at).await, "<dt>Refused</dt><dd class=\"num\">2</dd>");
    assert_eq!(person(&world, "Eva").await["language"], "en", "the others are written");
}

#[tokio::test]
async fn a_mapping_is_told_what_is_wrong_with_it() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let at = brought(&dora, "Name,Nickname,Language\nEva,Evi,en\n").await;
    let twice = [("act", "save"), ("field.0", "name"), ("field.1", "name")];
    let sent = dora.post(&format!("{at}/mapping"), &twice).await;
    assert_eq!(sent.status, 422);
    has(&sent, "fills this field already");
    let none = [("act", "check"), ("field.2", "language"), ("was.2", "language")];
    let sent = dora.post(&format!("{at}/mapping"), &none).await;
    assert_eq!(sent.status, 422);
    has(&sent, "Tick the column that tells records apart");
    has(&sent, "A new record needs Name");
    let rules = "[import]\nrecord = \"person\"\nkey = [\"name\"]\n\
                 [field.name]\ncolumns = [\"Name\", \"Nickname\"]\n";
    let path = format!("{at}/file");
    let sent = dora.bring(&path, &[], ("m.toml", rules.as_bytes())).await;
    let page = dora.follow(&sent).await;
    has(&page, "says more than the form can show");
    dora.bring(&path, &[], ("m.toml", b"[import]\nrecord = \"person\"\ncolour = 1\n")).await;
    has(&dora.get(&format!("{at}/mapping")).await, "unknown key `colour`");
    let gone = dora.post(&format!("{at}/forget"), &[]).await;
    has(&dora.follow(&gone).await, "None yet.");
}

#[tokio::test]
async fn hostile_files_and_strangers_are_turned_away() {
    let mut settings = unlimited();
    settings.limits.attachment_bytes = 2 << 20;
    let world = World::with(settings);
    let dora = Browser::of(&world, "dora").await;
    dora.get(HERE).await;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let line = [b'a'; 1 << 16];
    for _ in 0..2000 {
        packed.write_all(&line).unwrap();
    }
    let bomb = packed.finish().unwrap();
    let large = vec![b'a'; 3 << 20];
    let files: [(&str, &[u8], u16); 5] = [
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 400),
        ("a.csv", b"Name\nEv\xff\xfea\n", 303),
        ("a.csv.gz", &bomb, 400),
        ("a.xlsx", b"PK\x03\x04 no workbook", 400),
        ("a.csv", &large, 413),
    ];
    for (name, bytes, status) in files {
        let sent = dora.bring(HERE, &[("record_type", "person")], (name, bytes)).await;
        assert_eq!(sent.status.as_u16(), status, "{name}: {}", sent.text());
    }
    let sent = dora.bring(HERE, &[("record_type", "purchase")], ("a.csv", b"a\n1\n")).await;
    assert_eq!(sent.status, 422, "no right to create one");
    let fields = [("record_type", "person")];
    let sent = dora.bring_as(HERE, &fields, ("a.csv", b"Name\nEva\n"), "other").await;
    assert_eq!(sent.status, 403);
    let anna = Browser::of(&world, "anna").await;
    lacks(&anna.get("/").await, HERE);
    assert_eq!(anna.get(HERE).await.status, 403);
    assert_eq!(anna.bring(HERE, &fields, ("a.csv", b"Name\nEva\n")).await.status, 403);
    dora.get(HERE).await;
    let at = brought(&dora, PEOPLE).await;
    for path in ["", "/mapping", "/file", "/refused", "/undo"] {
        assert_eq!(anna.get(&format!("{at}{path}")).await.status, 403, "{path}");
    }
    for path in ["/mapping", "/run", "/stop", "/undo", "/forget"] {
        assert_eq!(anna.post(&format!("{at}{path}"), &[]).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn an_import_that_is_broken_off_goes_on_without_doubles() {
    let world = World::new();
    let dora = Browser::of(&world, "dora").await;
    let mut table = String::from("Name,Language\n");
    (0..300).for_each(|n| table.push_str(&format!("Twin {},en\n", n % 150)));
    let at = brought(&dora, &table).await;
    let found = checked(&world, &dora, &at, &[]).await;
    has(&found, "<dt>Would be created</dt><dd class=\"num\">150</dd>");
    dora.post(&format!("{at}/run"), &[]).await;
    let asked = Cell::new(0);
    let goes_on = || {
        asked.set(asked.get() + 1);
        asked.get() < 3
    };
    work::run_due(&world.engine, "killed", &goes_on).unwrap();
    let busy = dora.get(&at).await;
    let rows: i64 =
        between(&busy.text(), "Rows imported: <strong class=\"num\">", "<").parse().unwrap();
    assert!(rows > 0 && rows < 300, "{rows}");
    dora.post(&format!("{at}/stop"), &[]).await;
    work_off(&world).await;
    has(&dora.get(&at).await, "Go on");
    dora.post(&format!("{at}/run"), &[]).await;
    work_off(&world).await;
    let done = dora.get(&at).await;
    has(&done, "<dt>Created</dt><dd class=\"num\">150</dd>");
    has(&done, "<dt>Rows done</dt><dd class=\"num\">300</dd>");
}

/// Sends a table as a program does: the file as the body, its name in the head.
async fn sent(world: &World, token: &str, record_type: &str, table: &str) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/v1/imports?record_type={record_type}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "text/csv")
        .header("content-disposition", "attachment; filename=people.csv")
        .body(Body::from(table.to_string()));
    world.send(request.unwrap()).await
}

#[tokio::test]
async fn a_program_takes_the_same_steps() {
    let world = World::new();
    let new = sent(&world, &world.dora, "person", PEOPLE).await;
    assert_eq!(new.status, 201, "{}", new.text());
    let new = new.json();
    assert_eq!((&new["stage"], &new["file"]), (&json!("draft"), &json!("people.csv")));
    let at = format!("/api/v1/imports/{}", new["id"].as_str().unwrap());
    let step = async |act: &str| {
        let asked = world.call(&world.dora, "POST", &format!("{at}/{act}"), Json::Null).await;
        assert_eq!(asked.status, 200, "{act}: {}", asked.text());
        work_off(&world).await;
        world.get(&world.dora, &at).await.json()
    };
    // As guessed, Chinesisch is no language: the row is told.
    let checked = step("check").await;
    assert_eq!((&checked["stage"], &checked["checked"]["refused"]), (&json!("checked"), &json!(1)));
    let told = world.get(&world.dora, &format!("{at}/refusals")).await.json();
    assert_eq!(told["refusals"][0]["row"], 3, "{told}");
    assert!(told["refusals"][0]["why"].as_str().unwrap().contains("Chinesisch"), "{told}");
    let mapping = new["mapping"].as_str().unwrap();
    let mended = format!("{mapping}\n[field.language.choices]\nChinesisch = \"zh\"\n");
    let mended = mended.replace("[field.language]\n", "[field.language]\ndefault = \"zh\"\n");
    let change = json!({ "mapping": mended });
    let change = world.call(&world.dora, "PATCH", &at, change).await;
    assert_eq!(change.status, 200, "{}", change.text());
    assert_eq!(step("check").await["checked"]["refused"], 0);
    let done = step("run").await;
    assert_eq!((&done["stage"], &done["written"]["created"]), (&json!("done"), &json!(2)));
    assert_eq!(person(&world, "Finn").await["language"], "zh");
    let listed = world.get(&world.dora, "/api/v1/imports").await.json();
    assert_eq!(listed["imports"][0]["id"], new["id"]);
    let undone = step("undo").await;
    assert_eq!((&undone["stage"], &undone["undone"]["withdrawn"]), (&json!("undone"), &json!(2)));
    assert_eq!(person(&world, "Finn").await, Json::Null);
}

#[tokio::test]
async fn a_program_is_refused_as_people_are() {
    let world = World::new();
    let anna = sent(&world, &world.anna, "person", PEOPLE).await;
    assert_eq!(anna.status, 403, "{}", anna.text());
    assert_eq!(world.get(&world.anna, "/api/v1/imports").await.status, 403);
    let nothing = sent(&world, &world.dora, "nothing", PEOPLE).await;
    assert_eq!(nothing.status, 404, "{}", nothing.text());
    assert_eq!(sent(&world, &world.dora, "person", "").await.status, 400);
    let new = sent(&world, &world.dora, "person", PEOPLE).await.json();
    let at = format!("/api/v1/imports/{}", new["id"].as_str().unwrap());
    let early = world.call(&world.dora, "POST", &format!("{at}/undo"), Json::Null).await;
    assert_eq!(early.status, 409, "{}", early.text());
    let gone = world.call(&world.dora, "DELETE", &at, Json::Null).await;
    assert_eq!(gone.status, 204, "{}", gone.text());
    assert_eq!(world.get(&world.dora, &at).await.status, 404);
}
