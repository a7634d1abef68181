//! Canaries: each hidden record, section, internal note and file holds a token that stands nowhere
//! else; whatever a person asks for in whatever way, no answer holds a token that they may not
//! read, and no count tells of what they may not see.

mod ask;
mod counts;
mod memory;
mod plant;
mod routes;

use crate::world::{Server, World, on_each, product};
use engine::Session;
use engine::catalogue::Catalogue;
use engine::definitions::{self, Product};
use engine::sealer::Sealer;
use memory::{Eyes, Memory};
use model::Key;
use plant::{Plants, found, plant};
use std::collections::BTreeSet;

/// People with their roles; the rest is given by the records.
const PEOPLE: [(&str, &[&str]); 9] = [
    ("ada", &["administrator"]),
    ("aud", &["auditor"]),
    ("rita", &[]),
    ("sam", &["service_desk_agent"]),
    ("ivy", &["integration"]),
    ("sofia", &["security_officer"]),
    ("otto", &[]),
    ("tom", &[]),
    ("lena", &[]),
];

fn planted(world: &World) -> (Plants, Memory) {
    PEOPLE.iter().for_each(|(name, roles)| world.person(name, roles));
    let plants = plant(world);
    Sealer::new(&world.engine, "test").drain().unwrap();
    let keys: Vec<Key> = plants.records.iter().map(|known| known.key).collect();
    let memory = Memory::of(world, &keys);
    (plants, memory)
}

/// What the answers tell this person against the definitions, and how many tokens they tell.
fn told(session: &Session, plants: &Plants, memory: &Memory) -> (Vec<String>, usize) {
    let eyes = Eyes::of(memory, session);
    let (mut leaks, mut rightly) = (Vec::new(), std::collections::BTreeSet::new());
    for (asked, answer) in ask::everything(session, plants) {
        for number in found(&answer) {
            let Some(planted) = plants.tokens.get(number) else { continue };
            if eyes.must_be_told(planted) {
                rightly.insert(number);
            } else if !eyes.may_know(planted) {
                leaks.push(format!("{asked}: {:?}", planted));
            }
        }
    }
    (leaks, rightly.len())
}

/// Everything that the engine can be asked, refusals of acts among it, by three who see little in
/// different ways; the routes are asked by everybody.
#[test]
fn canary_no_answer_tells_what_may_not_be_read() {
    let world = World::sqlite();
    let (plants, memory) = planted(&world);
    let mut wrong = Vec::new();
    for name in ["aud", "rita", "otto"] {
        let session = world.session(name);
        let eyes = Eyes::of(&memory, &session);
        let known = plants.tokens.iter().filter(|planted| eyes.must_be_told(planted)).count();
        assert!(0 < known && known < plants.tokens.len(), "{name} sees {known}");
        let (leaks, rightly) = told(&session, &plants, &memory);
        wrong.extend(leaks.into_iter().map(|leak| format!("{name}: {leak}")));
        // What may be read is told: the answers are not merely empty.
        if rightly != known {
            wrong.push(format!("{name} may read {known} tokens and was told {rightly}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Over HTTP, from the list of the server's own routes: a route that is added is visited, too.
#[test]
fn canary_no_route_tells_what_may_not_be_read() {
    let world = World::sqlite();
    let (plants, memory) = planted(&world);
    let server = Server::of(&world);
    let (mut leaks, mut answered) = (Vec::new(), BTreeSet::new());
    for (name, _) in PEOPLE {
        let session = world.session(name);
        let eyes = Eyes::of(&memory, &session);
        let token = server.token(&session);
        let mut rightly = 0;
        for asked in routes::all(&plants, &|planted| eyes.may_know(planted)) {
            let answer = server.get(&token, &asked.address);
            assert!(answer.status < 500, "{name}: {}: {}", asked.address, answer.text());
            if answer.status == 200 {
                answered.insert(asked.route);
            }
            for number in found(&answer.text()) {
                match plants.tokens.get(number) {
                    Some(planted) if eyes.may_know(planted) => rightly += 1,
                    Some(planted) => leaks.push(format!("{name}: {}: {planted:?}", asked.address)),
                    None => {}
                }
            }
        }
        assert!(rightly > 0, "{name} is told nothing at all");
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    let unanswered: Vec<String> = routes::get().filter(|one| !answered.contains(one)).collect();
    // These name an account, the content of an asset or a secret, lead to who vouches for people,
    // or stand open only before anybody is in; the tests of the door open them. Definitions, and
    // where in them a role is given its rights, are shown where somebody keeps them; an import is
    // there once somebody has brought a file, a template once somebody has kept a form; and a
    // stream has no end: each has tests of its own.
    let elsewhere = [
        "/admin/accounts/{account}",
        "/admin/import/{import}",
        "/admin/import/{import}/file",
        "/admin/import/{import}/mapping",
        "/admin/import/{import}/refused",
        "/admin/import/{import}/undo",
        "/admin/roles/{role}",
        "/administration/definitions",
        "/administration/definitions/{definition}",
        "/administration/definitions/{definition}/edit",
        "/administration/definitions/{definition}/expression",
        "/administration/file",
        "/administration/overlay",
        "/administration/versions/{version}",
        "/api/v1/imports/{import}",
        "/api/v1/imports/{import}/left",
        "/api/v1/imports/{import}/refusals",
        "/api/v1/{record_type}/templates/{template}",
        "/asset/{name}",
        "/enter/{token}",
        "/live",
        "/login/code",
        "/login/with/{provider}",
        "/login/with/{provider}/back",
        "/metrics",
        "/welcome",
    ];
    assert_eq!(unanswered, elsewhere, "nobody was answered by these");
}

#[test]
fn canary_counts_are_of_what_may_be_read() {
    on_each(|world| {
        let (plants, memory) = planted(world);
        let mut all = Vec::new();
        for (name, _) in PEOPLE {
            let session = world.session(name);
            let wrong = counts::wrong(&Eyes::of(&memory, &session), &plants);
            all.extend(wrong.into_iter().map(|wrong| format!("{name}: {wrong}")));
        }
        assert!(all.is_empty(), "{}", all.join("\n"));
    });
}

/// The product's definitions with the auditor's right to incidents widened.
fn widened(to: &str) -> Catalogue {
    let right = "[permission.auditor]\nread = \"not confidential\"";
    let file = |(path, text): &(&'static str, &'static str)| {
        let is_incident = *path == "incident/incident.toml";
        let text = if is_incident { text.replace(right, to) } else { text.to_string() };
        assert!(!is_incident || text.contains(to), "incidents give the auditor another right");
        (*path, &*text.leak())
    };
    let files: Vec<(&str, &str)> = processes::FILES.iter().map(file).collect();
    let product = Product { files: &files, ..product() };
    Catalogue::new(1, definitions::load(&product, &Default::default()).unwrap())
}

#[test]
fn canary_a_right_too_wide_is_found() {
    let world = World::sqlite();
    let (plants, memory) = planted(&world);
    for (kind, right) in [
        ("read", "read = \"true\""),
        ("internal", "read = \"not confidential\"\ninternal = \"not confidential\""),
    ] {
        world.engine.replace_catalogue(widened(&format!("[permission.auditor]\n{right}")));
        let session = world.session("aud");
        let (leaks, _) = told(&session, &plants, &memory);
        let by = |word: &str| leaks.iter().filter(|leak| leak.starts_with(word)).count();
        let ways: &[&str] = match kind {
            "read" => &["list incident", "cursor", "export", "read", "history", "search", "claim"],
            _ => &["history", "file ", "files", "export of everything"],
        };
        for way in ways {
            assert!(by(way) > 0, "{kind}: {way} told nothing: {leaks:#?}");
        }
        let wrong = counts::wrong(&Eyes::of(&memory, &session), &plants);
        assert_eq!(wrong.is_empty(), kind != "read", "{wrong:?}");
    }
}
