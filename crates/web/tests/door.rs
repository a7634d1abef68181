//! The door, as browsers come to it: the first administrator, sessions and their ends, links that
//! let somebody choose a password, second factors, and what is written down. On both databases.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod visitor;
mod world;

use serde_json::json;
use visitor::{Browser, PASSWORD, between, code};
use world::{World, make, unlimited};

const OTHER: &str = "seven green kettles over the pond";

/// A world on each database there is.
fn databases() -> Vec<store::Database> {
    let postgres = store::testing::postgres().map(|world| world.database);
    std::iter::once(store::testing::sqlite().database).chain(postgres).collect()
}

/// A world whose people have passwords.
fn people(database: store::Database, settings: web::Settings) -> World {
    let world = World::over(database, settings);
    for login in ["anna", "dora"] {
        let key = world.engine.account_of(login).unwrap().unwrap();
        world.engine.set_password(key, login, PASSWORD).unwrap();
    }
    world
}

fn on_each(test: impl AsyncFn(&World)) {
    on_each_of(people, test);
}

/// Runs a test in a world on each database. Worlds begin and end outside of the runtime, as those
/// of a server do.
fn on_each_of(make: impl Fn(store::Database, web::Settings) -> World, test: impl AsyncFn(&World)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for database in databases() {
        let world = {
            let _within = runtime.enter();
            make(database, unlimited())
        };
        runtime.block_on(test(&world));
    }
}

const FIRST: [(&str, &str); 6] = [
    ("name", "Eva Lind"),
    ("login", "eva"),
    ("password", PASSWORD),
    ("again", PASSWORD),
    ("language", "zh"),
    ("zone", "Asia/Shanghai"),
];

#[test]
fn the_first_administrator_is_made_once() {
    on_each_of(World::empty, async |world| {
        let browser = Browser::new(world);
        assert_eq!(browser.get("/").await.header("location"), "/login?to=%2F");
        assert_eq!(browser.get("/login").await.header("location"), "/welcome");
        assert_eq!(
            browser.post("/choice", &[("name", "language"), ("value", "zh")]).await.status,
            303
        );
        assert!(browser.get("/welcome").await.text().contains("欢迎使用 Evenkeel"));
        browser.post("/choice", &[("name", "language"), ("value", "en")]).await;
        let code = world.engine.make_setup_code().unwrap();
        let page = browser.get(&format!("/welcome?code={code}")).await.text();
        assert!(page.contains("Make the account") && page.contains(&*code), "{page}");
        let first = [&FIRST[..], &[("code", &*code)]].concat();
        let mut weak = first.clone();
        (weak[2].1, weak[3].1) = ("dragonfly2026", "dragonfly2026");
        let refused = browser.post("/welcome", &weak).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("too easy to guess") && refused.text().contains("Eva Lind")
        );

        // Two at once: one wins, the other is sent to the door.
        let second = Browser::new(world);
        let (one, two) =
            tokio::join!(browser.post("/welcome", &first), second.post("/welcome", &first));
        let mut ways = [one.header("location").to_string(), two.header("location").to_string()];
        ways.sort();
        assert_eq!(ways, ["/", "/login"], "{} {}", one.text(), two.text());
        let winner = if browser.session().is_some() { &browser } else { &second };
        assert!(winner.get("/").await.text().contains("Eva Lind"));
        assert!(winner.get("/admin/accounts").await.text().contains(">eva</a>"));

        // From now on there is no such page.
        let late = Browser::new(world);
        assert_eq!(late.get("/welcome").await.header("location"), "/login");
        assert_eq!(late.post("/welcome", &first).await.header("location"), "/login");
    });
}

/// Also from the machine itself: behind a proxy everybody comes from there.
#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_the_server_is_asked() {
    let world = World::empty(store::testing::sqlite().database, unlimited());
    let code = world.engine.make_setup_code().unwrap();
    let browser = Browser::new(&world);
    assert!(browser.get("/welcome").await.text().contains("Set-up code"));
    for wrong in [&FIRST[..], &[&FIRST[..], &[("code", "guessed")]].concat()] {
        let refused = browser.post("/welcome", wrong).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("not the code that the server printed"));
    }
    let fields = [&FIRST[..], &[("code", &*code)]].concat();
    assert_eq!(browser.post("/welcome", &fields).await.header("location"), "/");
}

#[test]
fn sessions_are_listed_and_ended() {
    on_each(async |world| {
        let [desk, phone, library] = std::array::from_fn(|_| Browser::new(world));
        for browser in [&desk, &phone, &library] {
            browser.enter("anna", PASSWORD).await;
        }
        let page = desk.get("/me/sessions").await.text();
        assert_eq!(page.matches("Chrome, Linux").count(), 3, "{page}");
        assert_eq!(page.matches("this one").count(), 1);
        let id = between(&page, "name=\"id\" value=\"", "\"").to_string();
        assert_eq!(desk.post("/me/sessions", &[("id", &*id)]).await.status, 303);
        assert_eq!(desk.get("/me/sessions").await.text().matches("Chrome, Linux").count(), 2);
        assert_eq!(desk.post("/me/sessions", &[]).await.status, 303);
        assert_eq!(desk.get("/me").await.status, 200);
        for browser in [&phone, &library] {
            assert_eq!(browser.get("/me").await.header("location"), "/login?to=%2Fme");
        }
        // Without the token of the session nothing is ended.
        let foreign = desk.post("/me/sessions", &[("csrf", "x")]).await;
        assert_eq!(foreign.status, 303, "the first token counts");
    });
}

#[test]
fn a_session_ends_when_nobody_uses_it_and_at_last_in_any_case() {
    on_each(async |world| {
        let browser = Browser::new(world);
        browser.enter("anna", PASSWORD).await;
        world.pass(2 * 3600 + 60);
        assert_eq!(browser.get("/me").await.status, 303, "idle");
        browser.enter("anna", PASSWORD).await;
        for hour in 1..12 {
            world.pass(3590);
            assert_eq!(browser.get("/me").await.status, 200, "{hour}");
        }
        world.pass(3800);
        assert_eq!(browser.get("/me").await.status, 303, "twelve hours");
    });
}

#[test]
fn an_account_is_good_until_its_last_day_is_over() {
    on_each(async |world| {
        let listed = "/api/v1/account?where=login=='anna'";
        let found = world.get(&world.dora, listed).await.json();
        let at = format!("/api/v1/account/{}", found["records"][0]["id"].as_str().unwrap());
        // The world begins on the first of March, at nine.
        let body = json!({ "valid_until": "2026-03-01" });
        assert_eq!(world.call(&world.dora, "PATCH", &at, body).await.status, 200);
        let browser = Browser::new(world);
        browser.enter("anna", PASSWORD).await;
        assert_eq!(world.get(&world.anna, "/api/v1/me").await.status, 200);
        world.pass(15 * 3600);
        assert_eq!(browser.log_in("anna", PASSWORD).await.status, 422);
        assert_eq!(world.get(&world.anna, "/api/v1/me").await.status, 401, "its programs are out");
        assert_eq!(world.get(&world.carl, "/api/v1/me").await.status, 200, "and nobody else");
    });
}

#[test]
fn a_new_password_ends_all_other_sessions() {
    on_each(async |world| {
        let (here, there) = (Browser::new(world), Browser::new(world));
        here.enter("anna", PASSWORD).await;
        there.enter("anna", PASSWORD).await;
        let change = |old, new, again| [("old", old), ("password", new), ("again", again)];
        for (fields, said) in [
            (change("wrong wrong wrong", OTHER, OTHER), "not your password"),
            (change(PASSWORD, OTHER, PASSWORD), "not the same"),
            (change(PASSWORD, "short", "short"), "at least 12 characters"),
        ] {
            let refused = here.post("/me/password", &fields).await;
            assert_eq!(refused.status, 422);
            assert!(refused.text().contains(said), "{said}");
        }
        let done = here.post("/me/password", &change(PASSWORD, OTHER, OTHER)).await;
        assert_eq!(done.header("location"), "/me");
        assert_eq!(here.get("/me").await.status, 200);
        assert_eq!(there.get("/me").await.status, 303);
        assert_eq!(there.log_in("anna", PASSWORD).await.status, 422);
        there.enter("anna", OTHER).await;
    });
}

#[test]
fn who_has_an_account_is_told_to_nobody() {
    on_each(async |world| {
        let browser = Browser::new(world);
        // Carl has no password, nobody is called Nils.
        let mut said = Vec::new();
        for login in ["anna", "carl", "nils"] {
            let answers = [(); 11].map(|()| login);
            let mut texts = Vec::new();
            for login in answers {
                let answer = browser.log_in(login, "wrong wrong wrong").await;
                texts.push((answer.status, answer.text().replace(login, "LOGIN")));
            }
            said.push(texts);
        }
        assert_eq!(said[0], said[1]);
        assert_eq!(said[0], said[2]);
        assert_eq!(said[0][10].0, 429, "too many");
        assert_eq!(browser.log_in("anna", PASSWORD).await.status, 429);
        let dora = Browser::new(world);
        dora.enter("dora", PASSWORD).await;
        let told = dora.get("/admin/logins").await.text();
        let closed = told.matches("Turned away: too many wrong tries").count();
        assert_eq!(closed, 2, "Anna and Carl, once each: {told}");
        world.pass(40);
        browser.enter("anna", PASSWORD).await;
    });
}

#[test]
fn a_link_lets_its_holder_choose_a_password_once() {
    on_each(async |world| {
        let (dora, carl) = (Browser::new(world), Browser::new(world));
        dora.enter("dora", PASSWORD).await;
        let page = dora.get("/admin/accounts").await.text();
        let row = between(&page, "/admin/accounts/", ">carl</a>");
        let id = row.rsplit("/admin/accounts/").next().unwrap().trim_end_matches('"');
        let at = format!("/admin/accounts/{id}");
        let page = dora.post(&format!("{at}/link"), &[]).await.text();
        assert!(page.contains("three days"), "{page}");
        let link = format!("/enter/{}", between(&page, "http://localhost:8020/enter/", "<"));
        assert!(!dora.get(&at).await.text().contains("/enter/"), "shown once");

        assert!(carl.get(&link).await.text().contains("Welcome to Evenkeel"));
        let weak = [("password", "carlcarlcarl"), ("again", "carlcarlcarl")];
        assert_eq!(carl.post(&link, &weak).await.status, 422);
        let good = [("password", OTHER), ("again", OTHER)];
        assert_eq!(carl.post(&link, &good).await.header("location"), "/");
        assert!(carl.get("/me").await.text().contains("Password set by a link"));
        for used in [carl.get(&link).await, carl.post(&link, &good).await] {
            assert_eq!(used.status, 410);
        }

        // A reset ends tokens as well: whoever had the password may have made them.
        assert_eq!(world.call(&world.carl, "GET", "/api/v1/me", json!(null)).await.status, 200);
        let page = dora.post(&format!("{at}/link"), &[]).await.text();
        assert!(page.contains("ends all sessions and all tokens"), "{page}");
        let link = format!("/enter/{}", between(&page, "8020/enter/", "<"));
        assert!(carl.get(&link).await.text().contains("all tokens of programs"));
        assert_eq!(carl.post(&link, &good).await.header("location"), "/");
        assert_eq!(world.call(&world.carl, "GET", "/api/v1/me", json!(null)).await.status, 401);

        // A reset counts for an hour, and a newer link ends an older one.
        let page = dora.post(&format!("{at}/link"), &[]).await.text();
        let old = format!("/enter/{}", between(&page, "8020/enter/", "<"));
        let page = dora.post(&format!("{at}/link"), &[]).await.text();
        let new = format!("/enter/{}", between(&page, "8020/enter/", "<"));
        assert_eq!(carl.get(&old).await.status, 410);
        assert_eq!(carl.get(&new).await.status, 200);
        world.pass(3601);
        assert_eq!(carl.get(&new).await.status, 410);
        assert_eq!(Browser::new(world).get("/enter/nonsense").await.status, 410);
    });
}

#[test]
fn only_who_administers_sees_the_ways_in_of_others() {
    on_each(async |world| {
        let (anna, dora) = (Browser::new(world), Browser::new(world));
        anna.enter("anna", PASSWORD).await;
        dora.enter("dora", PASSWORD).await;
        let page = dora.get("/admin/accounts").await.text();
        let row = between(&page, "/admin/accounts/", ">anna</a>");
        let id = row.rsplit("/admin/accounts/").next().unwrap().trim_end_matches('"');
        let at = format!("/admin/accounts/{id}");
        for path in ["/admin/accounts", "/admin/logins", &at] {
            assert_eq!(anna.get(path).await.status, 403, "{path}");
        }
        for path in ["link", "sessions", "second"] {
            assert_eq!(anna.post(&format!("{at}/{path}"), &[]).await.status, 403, "{path}");
        }
        assert!(!anna.get("/me").await.text().contains("/admin/"));
        assert!(dora.get(&at).await.text().contains("Chrome, Linux"));
        assert_eq!(dora.post(&format!("{at}/sessions"), &[]).await.status, 303);
        assert_eq!(anna.get("/me").await.status, 303);
        Browser::new(world).log_in("anna", "wrong wrong wrong").await;
        Browser::new(world).log_in("my secret by mistake", "x").await;
        let page = dora.get("/admin/logins").await.text();
        for said in ["Signed in", "Sessions ended (by dora)", "Wrong name or password", "nobody"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(!page.contains("by mistake"));
    });
}

#[test]
fn a_second_factor_is_asked_whatever_the_first_one_was() {
    on_each(async |world| {
        let (anna, elsewhere) = (Browser::new(world), Browser::new(world));
        anna.enter("anna", PASSWORD).await;
        elsewhere.enter("anna", PASSWORD).await;
        assert_eq!(anna.post("/me/second/app", &[("old", "wrong")]).await.status, 422);
        let page = anna.post("/me/second/app", &[("old", PASSWORD)]).await.text();
        assert!(page.contains("<svg class=\"qr\""), "{page}");
        let secret = between(&page, "class=\"secret-text\">", "<").to_string();
        let text = between(&page, "name=\"text\" value=\"", "\"").to_string();
        let wrong = anna.post("/me/second/confirm", &[("text", &*text), ("code", "12")]).await;
        assert_eq!(wrong.status, 422);
        let now = code(&secret, world.now());
        let page = anna.post("/me/second/confirm", &[("text", &*text), ("code", &*now)]).await;
        let page = page.text();
        let codes = between(&page, "class=\"codes below-s\">", "</ul>").to_string();
        let codes: Vec<&str> = codes.split("<li>").skip(1).map(|c| &c[..19]).collect();
        assert_eq!(codes.len(), 10, "{page}");
        assert_eq!(elsewhere.get("/me").await.status, 303, "other sessions have ended");

        // A password alone opens nothing; a code counts once.
        let on = elsewhere.log_in("anna", PASSWORD).await;
        assert_eq!(on.header("location"), "/login/code?to=%2F");
        assert_eq!(elsewhere.get("/me").await.status, 303);
        assert!(elsewhere.get("/login/code").await.text().contains("Six digits"));
        let used = elsewhere.post("/login/code", &[("code", &*now)]).await;
        assert_eq!(used.status, 422, "it was used to confirm");
        world.pass(30);
        let next = code(&secret, world.now());
        let done = elsewhere.post("/login/code", &[("code", &*next)]).await;
        assert_eq!(done.header("location"), "/");
        assert_eq!(elsewhere.get("/me").await.status, 200);

        // So does a recovery code.
        for (expected, code) in [(303, codes[3]), (422, codes[3]), (303, codes[4])] {
            let other = Browser::new(world);
            other.log_in("anna", PASSWORD).await;
            let answer = other.post("/login/code", &[("code", &*code.to_uppercase())]).await;
            assert_eq!(answer.status.as_u16(), expected, "{code}");
        }
        assert!(anna.get("/me/second").await.text().contains("count\">8<"));
        a_reset_does_not_bypass(world).await;
    });
}

/// Whoever holds a link still has to show the second factor; guessing it is slowed.
async fn a_reset_does_not_bypass(world: &World) {
    let dora = Browser::new(world);
    dora.enter("dora", PASSWORD).await;
    let page = dora.get("/admin/accounts").await.text();
    let row = between(&page, "/admin/accounts/", ">anna</a>");
    let id = row.rsplit("/admin/accounts/").next().unwrap().trim_end_matches('"');
    let at = format!("/admin/accounts/{id}");
    let page = dora.post(&format!("{at}/link"), &[]).await.text();
    let link = format!("/enter/{}", between(&page, "8020/enter/", "<"));
    let holder = Browser::new(world);
    let done = holder.post(&link, &[("password", OTHER), ("again", OTHER)]).await;
    assert_eq!(done.header("location"), "/login/code?to=%2F");
    let mut last = 0;
    for _ in 0..11 {
        last = holder.post("/login/code", &[("code", "000000")]).await.status.as_u16();
    }
    assert_eq!(last, 429);
    // The telephone is gone, and the codes too: an administrator takes the factors away.
    assert_eq!(dora.post(&format!("{at}/second"), &[]).await.status, 303);
    holder.enter("anna", OTHER).await;
}

#[test]
fn preferences_are_kept_by_the_persons_own_right() {
    on_each(async |world| {
        let anna = Browser::new(world);
        anna.enter("anna", PASSWORD).await;
        // In this small world clerks may not write their own record.
        let zh = [("language", "zh"), ("zone", "UTC"), ("theme", "dark"), ("keys", "on")];
        assert_eq!(anna.post("/me/preferences", &zh).await.status, 403);
        let en = [("language", "en"), ("zone", "UTC"), ("theme", "dark")];
        assert_eq!(anna.post("/me/preferences", &en).await.status, 303);
        let page = anna.get("/me").await.text();
        assert!(page.contains("data-theme=\"dark\"") && !page.contains("name=\"keys\" checked"));
        let dora = Browser::new(world);
        dora.enter("dora", PASSWORD).await;
        assert_eq!(dora.post("/me/preferences", &zh).await.status, 303);
        assert!(dora.get("/me").await.text().contains("偏好设置"));
        // What was chosen at the door of another browser does not stand above it.
        let other = Browser::new(world);
        other.post("/choice", &[("name", "language"), ("value", "en")]).await;
        assert!(other.get("/login").await.text().contains("Sign in"));
        other.enter("dora", PASSWORD).await;
        assert!(other.get("/me").await.text().contains("偏好设置"));
        // Who is in chooses for every browser.
        let chosen = [("name", "language"), ("value", "en")];
        assert_eq!(other.post("/choice", &chosen).await.status, 303);
        assert!(dora.get("/me").await.text().contains("Preferences"));
        // Without the token of the page nothing is chosen for anybody.
        let (foreign, own) =
            ([("name", "language"), ("value", "zh")], ("sec-fetch-site", "same-origin"));
        assert_eq!(other.post_as("/choice", &foreign, "x", &[own]).await.status, 403);
    });
}

#[test]
fn tokens_are_made_shown_once_and_ended() {
    on_each(async |world| {
        let anna = Browser::new(world);
        anna.enter("anna", PASSWORD).await;
        assert_eq!(anna.post("/me/tokens", &[("name", " ")]).await.status, 422);
        let refused = anna.post("/me/tokens", &[("name", "reports"), ("old", "wrong")]).await;
        assert_eq!(refused.status, 422, "whoever found the browser open makes none");
        let page = refused.text();
        assert!(page.contains("not your password") && page.contains("value=\"reports\""), "{page}");
        let new = [("name", "reports"), ("days", "30"), ("old", PASSWORD)];
        let page = anna.post("/me/tokens", &new).await.text();
        let token = between(&page, "class=\"secret-text\">", "<").to_string();
        assert_eq!(world.call(&token, "GET", "/api/v1/me", json!(null)).await.status, 200);
        let body = json!({ "summary": "A chair" });
        assert_eq!(world.call(&token, "POST", "/api/v1/purchase", body).await.status, 403);
        let page = anna.get("/me/tokens").await.text();
        assert!(page.contains("reports") && !page.contains(&token));
        let id = between(&page, "name=\"id\" value=\"", "\"").to_string();
        assert_eq!(anna.post("/me/tokens/end", &[("id", &*id)]).await.status, 303);
        assert_eq!(world.call(&token, "GET", "/api/v1/me", json!(null)).await.status, 401);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_person_who_is_here_gets_no_link() {
    let world = people(store::testing::sqlite().database, unlimited());
    let person = make(&world.engine, "person", &json!({ "name": "Finn" }));
    let body =
        json!({ "login": "finn", "person": person.id, "roles": ["clerk"], "disabled": true });
    let account = make(&world.engine, "account", &body);
    let dora = Browser::new(&world);
    dora.enter("dora", PASSWORD).await;
    let at = format!("/admin/accounts/{}", account.id);
    assert!(dora.get(&at).await.text().contains("May sign in"));
    let refused = dora.post(&format!("{at}/link"), &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("Enable the account first"));
}
