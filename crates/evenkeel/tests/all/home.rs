//! The first page: the load of one's teams, and what processes declare for it, each with the
//! rights of the reader.

use crate::world::{Server, World, on_each};
use engine::Command;
use model::Name;
use serde_json::json;

/// Two teams: Ann and Ben are in the network team, Zoe is in the other.
fn teams(world: &World) {
    for (person, roles) in [
        ("Ann", &["service_desk_agent", "incident_manager"] as &[&str]),
        ("Ben", &["service_desk_agent"]),
        ("Zoe", &["service_desk_agent"]),
        ("Rita", &[]),
    ] {
        world.person(person, roles);
    }
    for (team, people) in [("Network", ["Ann", "Ben"].as_slice()), ("Desktop", &["Zoe"])] {
        world.given("team", team);
        for person in people {
            let (from, to) = (world.known(person).unwrap(), world.known(team).unwrap());
            world.act(&from, Command::Link { link: Name::new("teams").unwrap(), to: to.key });
        }
    }
}

/// An incident of a team, taken by somebody or by nobody.
fn incident(world: &World, name: &str, team: &str, assignee: Option<&str>) {
    let id = |name: &str| world.known(name).unwrap().id.to_string();
    let mut fields = json!({
        "impact": "high", "urgency": "high", "assigned_team": id(team),
    });
    if let Some(assignee) = assignee {
        fields["assignee"] = id(assignee).into();
    }
    world.given_with("incident", name, fields.as_object().cloned().unwrap_or_default());
}

/// What the load says: name, open, whether a breach is to come.
fn told(world: &World, reader: &str) -> Vec<(String, usize, bool)> {
    let load = world.session(reader).team_load().unwrap();
    assert!(!load.is_cut);
    let name = |card: &Option<serde_json::Value>| {
        card.as_ref().map_or("nobody".into(), |card| card["title"].as_str().unwrap().to_string())
    };
    load.members.iter().map(|one| (name(&one.person), one.open, one.next.is_some())).collect()
}

#[test]
fn each_member_has_what_names_them_and_the_rest_is_nobodys() {
    on_each(|world| {
        teams(world);
        incident(world, "Switch fails", "Network", Some("Ann"));
        incident(world, "Link down", "Network", Some("Ann"));
        incident(world, "Router restarts", "Network", None);
        incident(world, "Screen black", "Desktop", Some("Zoe"));
        let expected = [("Ann", 2, true), ("Ben", 0, false), ("nobody", 1, true)]
            .map(|(n, c, b)| (n.to_string(), c, b));
        // The same for each who is in the team; nothing of the other team.
        assert_eq!(told(world, "Ann"), expected);
        assert_eq!(told(world, "Ben"), expected);
        assert_eq!(told(world, "Zoe"), [("Zoe".to_string(), 1, true)]);
        assert!(told(world, "Rita").is_empty(), "she is in no team");
    });
}

#[test]
fn what_the_reader_may_not_read_is_not_counted() {
    let world = World::sqlite();
    teams(&world);
    incident(&world, "Switch fails", "Network", Some("Ann"));
    incident(&world, "Fraud by an insider", "Network", Some("Ann"));
    let known = world.known("Fraud by an insider").unwrap();
    world.edit(&known, json!({ "confidential": true }));
    let ben = told(&world, "Ben");
    let ann = ben.iter().find(|(name, ..)| name == "Ann").unwrap();
    assert_eq!(ann.1, 1, "the confidential one is not Ben's to know of");
}

#[test]
fn the_first_page_has_what_processes_declare_for_its_reader() {
    let world = World::sqlite();
    teams(&world);
    world.person("Cho", &["change_manager"]);
    incident(&world, "Router restarts", "Network", None);
    let server = Server::of(&world);
    let part = |name: &str, path: &str| {
        let token = server.token(&world.session(name));
        let answer = server.get(&token, path);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    };
    let page = |name: &str| part(name, "/");
    let ann = page("Ann");
    for shown in ["data-home=\"incident_desk\"", "Nobody has taken these", "Router restarts"] {
        assert!(ann.contains(shown), "no {shown} on the page of the incident manager");
    }
    // What goes through all that is open comes once the page stands.
    assert!(ann.contains("hx-get=\"/me/team\""), "{ann}");
    let load = part("Ann", "/me/team");
    assert!(load.contains("My team&#39;s load") || load.contains("My team's load"), "{load}");
    assert!(!ann.contains("data-home=\"change_desk\""));
    let cho = page("Cho");
    assert!(cho.contains("data-home=\"change_desk\"") && !cho.contains("incident_desk"), "{cho}");
    let rita = page("Rita");
    assert!(!rita.contains("data-home") && !rita.contains("/me/team"), "{rita}");
}
