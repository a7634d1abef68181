//! Passwords that a directory judges, as browsers come with them: who is let in, what a local
//! password goes before, what is counted, and a directory that does not answer. On both databases.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod elsewhere;
mod visitor;
mod world;

use elsewhere::stage::{actor, allow, aside, give_password, kinds, on_each, roles};
use serde_json::json;
use visitor::{Browser, PASSWORD};

const THEIRS: &str = "a secret of the directory";

#[test]
fn the_directory_judges_passwords_that_are_not_kept_here() {
    on_each(async |world, elsewhere| {
        let browser = Browser::new(world);
        elsewhere.person("nina", THEIRS, &["DESK"]);
        browser.enter("nina", THEIRS).await;
        assert_eq!(roles(world, "nina"), ["clerk"]);
        // What opens a way in asks the directory again.
        assert_eq!(browser.post("/me/tokens", &[("name", "x"), ("old", "no")]).await.status, 422);
        let old = [("name", "x"), ("old", THEIRS)];
        assert!(browser.post("/me/tokens", &old).await.text().contains("ek_"));
        browser.post("/logout", &[]).await;
        for (login, password) in [("nina", "wrong"), ("nina", ""), ("nobody", "wrong")] {
            let refused = browser.log_in(login, password).await;
            assert_eq!(refused.status, 422);
            assert!(refused.text().contains("Name or password is wrong"));
        }
        assert_eq!(elsewhere.empty_passwords(), 0, "an empty password is never sent");
        // Whoever has a password here is not asked for there, however the login is written: a
        // directory looks at no capitals.
        give_password(world, "dora");
        elsewhere.person("dora", THEIRS, &["heads"]);
        allow(world, "dora");
        for login in ["dora", "Dora", "DORA"] {
            let refused = browser.log_in(login, THEIRS).await;
            assert_eq!(refused.status, 422, "{login}");
            assert!(refused.text().contains("Name or password is wrong"), "{login}");
        }
        elsewhere.silent(true);
        browser.enter("dora", PASSWORD).await;
        let other = Browser::new(world);
        let refused = other.log_in("nina", THEIRS).await;
        assert!(refused.text().contains("does not answer"), "{}", refused.text());
    });
}

#[test]
fn guessing_at_the_directory_is_slowed_here() {
    on_each(async |world, elsewhere| {
        let browser = Browser::new(world);
        elsewhere.person("nina", THEIRS, &[]);
        browser.enter("nina", THEIRS).await;
        browser.post("/logout", &[]).await;
        for _ in 0..10 {
            assert_eq!(browser.log_in("nina", "wrong").await.status, 422);
        }
        let before = elsewhere.asked();
        for _ in 0..5 {
            assert_eq!(browser.log_in("nina", THEIRS).await.status, 429);
        }
        assert_eq!(elsewhere.asked(), before);
        let told = kinds(world);
        assert_eq!(told.iter().filter(|kind| *kind == "closed").count(), 1, "{told:?}");
    });
}

#[test]
fn an_address_of_the_directory_finds_nobody() {
    on_each(async |world, elsewhere| {
        let vera = json!({ "name": "Vera", "email": "vera@work.example" });
        aside(|| world::make(&world.engine, "person", &vera));
        elsewhere.person("nina", THEIRS, &[]);
        elsewhere.change("nina", |entry| entry.email = Some("vera@work.example".into()));
        Browser::new(world).enter("nina", THEIRS).await;
        assert_eq!(actor(world, "nina").name, "Nina", "people may write their own address there");
    });
}

/// Whoever is in is asked for again by what the directory calls them for ever.
#[test]
fn the_password_is_confirmed_whatever_the_login_is_called_now() {
    on_each(async |world, elsewhere| {
        let browser = Browser::new(world);
        elsewhere.person("nina", THEIRS, &[]);
        browser.enter("nina", THEIRS).await;
        elsewhere.change("nina", |entry| entry.login = "nina.married".into());
        let ask =
            async |old: &str| browser.post("/me/tokens", &[("name", "x"), ("old", old)]).await;
        for _ in 0..9 {
            assert_eq!(ask("wrong").await.status, 422);
        }
        assert!(ask(THEIRS).await.text().contains("ek_"));
        // What was right has cleared what was wrong, and silence is no wrong guess.
        elsewhere.silent(true);
        for _ in 0..3 {
            let said = ask(THEIRS).await.text();
            assert!(said.contains("does not answer"), "{said}");
        }
        elsewhere.silent(false);
        world.pass(16);
        for _ in 0..9 {
            assert_eq!(ask("wrong").await.status, 422);
        }
        assert!(ask(THEIRS).await.text().contains("ek_"));
    });
}

#[test]
fn an_entry_without_a_login_is_said_to_have_none() {
    on_each(async |world, elsewhere| {
        elsewhere.person("nina", THEIRS, &[]);
        elsewhere.change("nina", |entry| entry.login.clear());
        let browser = Browser::new(world);
        for _ in 0..12 {
            let said = browser.log_in("nina", THEIRS).await.text();
            assert!(said.contains("uid"), "not counted as wrong: {said}");
        }
    });
}

#[test]
fn a_directory_that_does_not_answer_is_left_alone() {
    on_each(async |world, elsewhere| {
        elsewhere.person("nina", THEIRS, &[]);
        elsewhere.silent(true);
        let browser = Browser::new(world);
        for _ in 0..5 {
            let said = browser.log_in("nina", THEIRS).await.text();
            assert!(said.contains("does not answer"), "{said}");
        }
        assert_eq!(elsewhere.asked(), 1);
        elsewhere.silent(false);
        world.pass(16);
        browser.enter("nina", THEIRS).await;
    });
}
