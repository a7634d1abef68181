//! The ledger, backups and their restoration.

use super::program::Place;
use serde_json::json;

fn with_incidents(count: usize) -> (Place, String) {
    let place = Place::with_people();
    let token = place.token("desk");
    let server = place.serve(&[]);
    for index in 0..count {
        let made = json!({ "summary": format!("Incident {index}") });
        assert_eq!(server.post(&token, "/api/v1/incident", &made).status, 201);
    }
    assert_eq!(server.stop().0, Some(0));
    (place, token)
}

#[test]
fn an_export_is_verified_alone_and_tampering_is_named() {
    let (place, _) = with_incidents(5);
    let key = place.good(&["ledger", "key"]);
    let note = place.good(&["ledger", "checkpoint"]);
    let note = place.write("kept.checkpoint", &format!("{note}\n"));
    let export = place.path("ledger.jsonl").display().to_string();
    place.good(&["ledger", "export", &export]);
    let elsewhere = place.path("elsewhere").display().to_string();
    let verify = |file: &str| {
        place.run(&[
            "ledger",
            "verify",
            file,
            "--key",
            &key,
            "--checkpoint",
            &note,
            "--json",
            "--data",
            &elsewhere,
        ])
    };
    let sound = verify(&export);
    assert_eq!((sound.code, sound.json()["proven"].as_i64()), (0, Some(9)), "{sound:?}");

    let text = std::fs::read_to_string(&export).unwrap();
    let altered = text.replacen("\"actor_label\":\"desk\"", "\"actor_label\":\"root\"", 1);
    let found = verify(&place.write("altered.jsonl", &altered));
    assert_eq!(found.code, 1, "{found:?}");
    assert!(found.json()["problems"][0].as_str().unwrap().contains("position 4"), "{found:?}");
    let without: Vec<&str> =
        text.lines().filter(|line| !line.contains("\"position\":6,")).collect();
    let found = verify(&place.write("dropped.jsonl", &format!("{}\n", without.join("\n"))));
    let problems = found.json()["problems"].to_string();
    assert!(problems.contains("position 6: the entry is missing"), "{problems}");
    let short: Vec<&str> = text.lines().take(5).collect();
    let found = verify(&place.write("short.jsonl", &format!("{}\n", short.join("\n"))));
    assert_eq!(found.code, 1, "{found:?}");

    let unknown = place.run(&["ledger", "verify", &export, "--data", &elsewhere]);
    assert_eq!(unknown.code, 2, "without a key nothing is believed: {unknown:?}");
    assert_eq!(place.run(&["ledger", "verify", &export]).code, 0, "the folder has the key");
}

#[test]
fn the_live_ledger_is_verified_beside_a_server_too() {
    let (place, _) = with_incidents(2);
    let alone = place.good(&["ledger", "verify", "--json"]);
    let server = place.serve(&[]);
    let beside = place.good(&["ledger", "verify", "--json"]);
    assert_eq!(alone, beside);
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn checkpoints_go_out_of_the_house_at_a_stop() {
    let place = Place::with_people();
    place.write("data/evenkeel.toml", "[ledger]\ncheckpoints = '../outside'\n");
    let server = place.serve(&[]);
    assert_eq!(server.stop().0, Some(0));
    let notes: Vec<_> = place.path("outside").read_dir().unwrap().collect();
    assert_eq!(notes.len(), 1);
    let folder = place.path("outside").display().to_string();
    let proven = place.good(&["ledger", "verify", "--checkpoint", &folder, "--json"]);
    assert!(proven.contains("\"proven\":4"), "{proven}");
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (place, _) = with_incidents(1);
    let key = place.path("data/ledger.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = place.run(&["ledger", "key", "--json"]);
    assert_eq!(refused.error()["code"], "open-key", "{refused:?}");
}

#[test]
fn a_backup_beside_a_server_is_restored_elsewhere() {
    let (place, token) = with_incidents(3);
    let server = place.serve(&[]);
    let file = place.path("all.evenkeel").display().to_string();
    let saved = place.run(&["backup", &file, "--json"]);
    assert_eq!(saved.code, 0, "{saved:?}");
    assert_eq!(saved.json()["backup"]["ledger_size"], 7);
    let refused = place.run(&["restore", &file, "--json"]);
    assert_eq!(refused.error()["code"], "already-served", "{refused:?}");
    assert_eq!(server.stop().0, Some(0));
    let refused = place.run(&["restore", &file, "--json"]);
    assert_eq!(refused.error()["code"], "not-empty", "{refused:?}");

    let other = Place::new();
    let restored = other.run(&["restore", &file, "--json"]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert!(restored.json()["branch"].as_str().unwrap().starts_with("branch 7 "));
    let server = other.serve(&[]);
    let listed = server.get(&token, "/api/v1/incident?count=true");
    assert_eq!((listed.status, listed.json["total"].as_i64()), (200, Some(3)), "{listed:?}");
    let found = server.get(&token, "/api/v1/search?q=incident");
    assert_eq!(found.json["records"].as_array().map(Vec::len), Some(3), "{found:?}");
    let made = server.post(&token, "/api/v1/incident", &json!({ "summary": "after" }));
    assert_eq!(made.json["number"], "INC-000004", "{made:?}");
    assert_eq!(server.stop().0, Some(0));
    let note = other.good(&["ledger", "checkpoint"]);
    assert!(note.contains("\nbranch 7 "), "the ledger says that it was restored: {note}");
    assert_eq!(other.run(&["restore", &file, "--force"]).code, 0);
}

#[test]
fn tokens_that_come_back_are_told_and_ended_where_asked() {
    let (place, token) = with_incidents(1);
    let file = place.path("all.evenkeel").display().to_string();
    place.good(&["backup", &file]);
    let other = Place::new();
    let restored = other.run(&["restore", &file]);
    assert!(restored.out.contains("1 tokens are live"), "{restored:?}");
    let ended = other.run(&["restore", &file, "--force", "--revoke-tokens", "--json"]);
    let told = ended.json();
    assert_eq!((&told["tokens"], &told["passwords"]), (&json!(1), &json!(2)), "{ended:?}");
    assert_eq!(told["tokens_revoked"], true);
    let server = other.serve(&[]);
    assert_eq!(server.get(&token, "/api/v1/incident").status, 401);
    let new = other.token("desk");
    assert_eq!(server.get(&new, "/api/v1/incident").status, 200);
}

#[test]
fn a_server_goes_on_with_an_index_that_restore_left_unfinished() {
    let (place, token) = with_incidents(2);
    // As a restore leaves it that was killed before the first page.
    let file = store::Location::File(place.path("data/evenkeel.db"));
    let database = store::Database::open(&file).unwrap();
    let mut unit = store::Unit::new();
    store::setting::put(&mut unit, "search.rebuild", "restored");
    unit.delete_where("search", &[], None);
    database.write(unit).unwrap();
    drop(database);
    let server = place.serve(&[]);
    let search = || server.get(&token, "/api/v1/search?q=incident");
    let mut found = search();
    while found.status == 503 {
        assert_eq!(found.json["code"], "search-incomplete", "{found:?}");
        found = search();
    }
    assert_eq!(found.json["records"].as_array().map(Vec::len), Some(2), "{found:?}");
}

#[test]
fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let (place, _) = with_incidents(1);
    let file = place.path("all.evenkeel").display().to_string();
    place.good(&["backup", &file]);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = place.path("damaged.evenkeel");
    std::fs::write(&damaged, bytes).unwrap();
    let other = Place::new();
    let refused = other.run(&["restore", &damaged.display().to_string()]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(!other.path("data/evenkeel.db").exists());
}
