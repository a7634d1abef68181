//! Accounts and tokens from the command line.

use super::program::{PASSWORD, Place};

#[test]
fn an_account_is_added_once() {
    let place = Place::new();
    let words = ["user", "add", "li.wei", "--role", "administrator", "--name", "李伟", "--json"];
    let added = place.run(&words);
    assert_eq!(added.code, 0, "{added:?}");
    let json = added.json();
    assert_eq!(
        (json["login"].as_str(), json["person"]["title"].as_str()),
        (Some("li.wei"), Some("李伟"))
    );
    let again = place.run(&words);
    assert_eq!((again.code, again.error()["code"].as_str()), (1, Some("login-taken")), "{again:?}");
    let people = place.good(&["export", "person", "--format", "jsonl"]);
    assert_eq!(people.lines().count(), 1, "nothing is left of the second attempt");
}

#[test]
fn roles_are_those_of_the_definitions() {
    let place = Place::new();
    let refused = place.run(&["user", "add", "a", "--role", "administratr"]);
    assert!(refused.code == 1 && refused.err.contains("\"administrator\""), "{refused:?}");
    let added = place.run(&["user", "add", "b", "--role", "requester"]);
    assert!(added.code == 0 && added.err.contains("Everybody"), "{added:?}");
    // A rule of the definitions: nobody is administrator and sees confidential records as well.
    let both = ["user", "add", "c", "--role", "administrator", "--role", "security_officer"];
    let refused = place.run(&both);
    assert!(refused.code == 1 && refused.err.contains("two people"), "{refused:?}");
    let people = place.good(&["export", "person", "--format", "jsonl"]);
    assert_eq!(people.lines().count(), 1, "the person of the refused account is withdrawn");
}

#[test]
fn weak_passwords_are_refused_before_anything_is_made() {
    let place = Place::new();
    let words = ["user", "add", "a", "--role", "administrator", "--password-stdin"];
    let refused = place.run_with(&words, "password1234\n");
    assert_eq!(refused.code, 1, "{refused:?}");
    assert_eq!(place.good(&["user", "list"]), "");
    let nothing = place.run_with(&words, "");
    assert_eq!(nothing.code, 2, "{nothing:?}");
    place.good_with(&words, PASSWORD);
    let weak = place.run_with(&["user", "password", "a"], "short");
    assert!(weak.code == 1 && weak.err.contains("12 characters"), "{weak:?}");
    place.good_with(&["user", "password", "a"], "another sentence that is long\n");
}

#[test]
fn a_token_is_printed_alone_and_works_until_it_is_revoked() {
    let place = Place::with_people();
    let token = place.token("root");
    assert!(token.starts_with("ek_") && token.len() == 46, "{token}");
    let refused = place.run(&["token", "create", "rot", "--name", "x"]);
    assert!(refused.code == 1 && refused.err.contains("\"root\""), "{refused:?}");
    let scope = place.run(&["token", "create", "root", "--name", "x", "--scope", "all"]);
    assert_eq!(scope.code, 1, "{scope:?}");
    let admin = |login| ["token", "create", login, "--name", "x", "--scope", "admin"];
    let refused = place.run(&admin("desk"));
    assert!(refused.code == 1 && refused.err.contains("role that administers"), "{refused:?}");
    let watch = place.good(&admin("root"));
    assert!(watch.starts_with("ek_"), "{watch}");
    let server = place.serve(&[]);
    assert_eq!(server.get(&token, "/api/v1/account").status, 200);
    let beside = place.token("root");
    assert_eq!(server.get(&beside, "/api/v1/account").status, 200);
    let listed = place.good(&["token", "list", "root"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert!(!listed.contains(&token) && !listed.contains(&beside), "{listed}");
    let id = listed.lines().last().unwrap().split('\t').next().unwrap();
    place.good(&["token", "revoke", "root", id]);
    assert_eq!(server.get(&token, "/api/v1/account").status, 401);
    assert_eq!(server.get(&beside, "/api/v1/account").status, 200);
    place.good(&["user", "disable", "root"]);
    assert_eq!(server.get(&beside, "/api/v1/account").status, 401);
    place.good(&["user", "enable", "root"]);
    assert_eq!(server.get(&beside, "/api/v1/account").status, 200);
}
