//! Overlays: checked, planned, tried, applied to a running server, rolled back.

use super::program::Place;
use serde_json::json;

const BRANCH: &str = r#"extend = "incident"

[add.field.branch_code]
type  = "text"
label = { en = "Branch code", zh = "网点代码" }
max   = 20

[set.section.origin]
fields = ["branch_code", "source_system", "source_number", "source_state", "source_close_code"]
"#;

fn broken() -> String {
    BRANCH.replace("\"text\"", "\"txet\"")
}

#[test]
fn problems_are_shown_with_their_places() {
    let place = Place::new();
    let sound = place.good(&["check", "--json"]);
    assert!(sound.contains("\"problems\":[]"), "{sound}");
    let broken = place.write("broken.toml", &broken());
    let refused = place.run(&["check", &broken]);
    assert!(refused.code == 1 && refused.err.contains("broken.toml:4:"), "{refused:?}");
    assert!(refused.err.contains("^^^^^^"), "{refused:?}");
    let refused = place.run(&["check", &broken, "--json"]);
    assert_eq!(refused.error()["problems"][0]["line"], 4, "{refused:?}");
    assert!(!place.data().exists(), "a check touches no records");
}

#[test]
fn an_overlay_comes_into_force_in_a_running_server() {
    let place = Place::with_people();
    let overlay = place.write("overlays/branch.toml", BRANCH);
    let server = place.serve(&[]);
    let token = place.token("desk");
    let with_field = json!({ "summary": "ATM", "branch_code": "B7" });
    assert_eq!(server.post(&token, "/api/v1/incident", &with_field).status, 422);
    let plan = place.good(&["plan", &overlay]);
    assert!(plan.contains("add column incident.branch_code"), "{plan}");
    assert_eq!(place.good(&["try", &overlay]), "No record would be refused.");
    let broken = place.write("broken.toml", &broken());
    assert_eq!(place.run(&["apply", &broken]).code, 1);
    let applied = place.run(&["apply", &overlay, "--json"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    assert_eq!(applied.json()["overlays"], json!(["branch.toml"]));
    assert!(place.path("data/backups").read_dir().unwrap().count() == 1, "backed up before");
    let made = server.post(&token, "/api/v1/incident", &with_field);
    assert_eq!(made.status, 201, "{made:?}");
    let described = server.get(&token, "/api/v1/openapi.json").json.to_string();
    assert!(described.contains("branch_code"));
    assert_eq!(server.stop().0, Some(0));

    let server = place.serve(&[]);
    let described = server.get(&token, "/api/v1/openapi.json").json.to_string();
    assert!(described.contains("branch_code"), "it is in force after a restart");
    let exported = place.good(&["export", "incident", "--columns", "summary,branch_code"]);
    assert!(exported.ends_with("ATM,B7"), "{exported}");
    let again = place.good(&["apply", &overlay, "--json"]);
    assert!(again.contains("\"changed\":false"), "{again}");
}

#[test]
fn overlays_are_removed_and_rolled_back() {
    let place = Place::with_people();
    let overlay = place.write("branch.toml", BRANCH);
    place.good(&["apply", &overlay]);
    place.good(&["apply", "--remove", "branch.toml"]);
    let wrong = place.run(&["apply", "--remove", "branch.toml", "--json"]);
    assert_eq!((wrong.code, wrong.error()["code"].as_str()), (1, Some("not-found")));
    let listed = place.good(&["versions"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    place.good(&["rollback", "2"]);
    let listed = place.good(&["versions"]);
    assert!(listed.lines().next().unwrap().ends_with("branch.toml"), "{listed}");
    assert_eq!(place.run(&["rollback", "99"]).code, 1);
}

#[test]
fn the_folder_of_overlays_is_the_truth_where_there_is_one() {
    let place = Place::with_people();
    place.write("data/overlays/branch.toml", BRANCH);
    let server = place.serve(&[]);
    let token = place.token("desk");
    let made =
        server.post(&token, "/api/v1/incident", &json!({ "summary": "a", "branch_code": "b" }));
    assert_eq!(made.status, 201, "{made:?}");
    let other = place.write("other.toml", BRANCH);
    let refused = place.run(&["apply", &other, "--json"]);
    assert_eq!(refused.error()["code"], "overlays-in-folder", "{refused:?}");
    std::fs::remove_file(place.path("data/overlays/branch.toml")).unwrap();
    place.good(&["apply"]);
    let refused =
        server.post(&token, "/api/v1/incident", &json!({ "summary": "a", "branch_code": "b" }));
    assert_eq!(refused.status, 422, "{refused:?}");
}
