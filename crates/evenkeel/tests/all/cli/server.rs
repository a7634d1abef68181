//! Running the server: one for each folder, commands through it, an end in good order and one
//! that is not.

use super::program::{Place, Server};
use serde_json::json;

#[test]
fn a_folder_has_one_server() {
    let place = Place::with_people();
    let server = place.serve(&[]);
    let second = place.run(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    assert_eq!((second.code, second.error()["code"].as_str()), (1, Some("already-served")));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(!place.path("data/socket").exists());
    drop(place.serve(&[]));
}

#[test]
fn without_an_account_it_says_how_to_add_the_first() {
    let place = Place::new();
    let server = place.serve(&[]);
    assert!(server.said.contains("Evenkeel"));
    // Through the socket of the running server.
    place.good(&["user", "add", "root", "--role", "administrator"]);
    let (_, log) = server.stop();
    assert!(log.contains("evenkeel user add LOGIN --role administrator"), "{log}");
}

#[test]
fn commands_reach_the_records_through_it() {
    let place = Place::with_people();
    let server = place.serve(&[]);
    let token = place.token("desk");
    let made = server.post(&token, "/api/v1/incident", &json!({ "summary": "Printer" }));
    assert_eq!(made.status, 201, "{made:?}");
    let exported = place.good(&["export", "incident", "--format", "jsonl"]);
    assert!(exported.contains("\"summary\":\"Printer\""), "{exported}");
    let csv = place.good(&["export", "incident", "--columns", "number,summary"]);
    assert_eq!(
        csv.lines().nth(1).unwrap().split(',').skip(3).collect::<Vec<_>>(),
        ["INC-000001", "Printer"]
    );
    let none =
        place.good(&["export", "incident", "--where", "summary == 'x'", "--columns", "number"]);
    assert_eq!(none, "id,type,version,number");
    let wrong = place.run(&["export", "incident", "--where", "summry == 'x'", "--json"]);
    assert_eq!((wrong.code, wrong.error()["code"].as_str()), (1, Some("bad-question")));
    let path = place.path("out.xlsx").display().to_string();
    place.good(&["export", "incident", "--format", "xlsx", "--output", &path]);
    assert!(std::fs::read(path).unwrap().starts_with(b"PK"));
    let mode = std::fs::metadata(place.path("data/socket")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let place = Place::with_people();
    let token = place.token("desk");
    for round in 0..3 {
        let server = place.serve(&[]);
        let made =
            server.post(&token, "/api/v1/incident", &json!({ "summary": format!("{round}") }));
        assert_eq!(made.status, 201, "{made:?}");
        let listed = server.get(&token, "/api/v1/incident?count=true");
        assert_eq!(listed.json["total"], round + 1);
        server.kill();
    }
    let listed = place.good(&["export", "incident", "--format", "jsonl"]);
    assert_eq!(listed.lines().count(), 3);
    place.good(&["ledger", "verify"]);
}

#[test]
fn a_start_after_a_kill_seals_what_waited_while_more_is_written() {
    let place = Place::with_people();
    let token = place.token("desk");
    let post = |server: &Server, summary: &str| {
        let made = server.post(&token, "/api/v1/incident", &json!({ "summary": summary }));
        assert_eq!(made.status, 201, "{made:?}");
    };
    let server = place.serve(&[]);
    (0..40).for_each(|number| post(&server, &format!("before {number}")));
    server.kill();
    let server = place.serve(&[]);
    (0..10).for_each(|number| post(&server, &format!("after {number}")));
    assert_eq!(server.stop().0, Some(0));
    let verified = place.run(&["ledger", "verify", "--json"]);
    // Two people with their accounts, and the incidents: each once, in one tree.
    assert_eq!((verified.code, verified.json()["size"].as_i64()), (0, Some(54)), "{verified:?}");
}

#[test]
fn an_address_that_is_taken_is_refused_with_the_mend() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = place.run(&["serve", "--listen", &address]);
    assert!(refused.code == 1 && refused.err.contains("--listen"), "{refused:?}");
}
