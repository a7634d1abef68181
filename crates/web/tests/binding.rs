//! Whose account it is that somebody comes to whom others vouch for: what a login alone is good
//! for, how holders connect their own, what an administrator allows, and what ends it. On both
//! databases.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod elsewhere;
mod visitor;
mod world;

use elsewhere::stage::{
    account, allow, aside, come, give_password, kinds, on_each, on_each_with, roles, session, way,
};
use elsewhere::{Elsewhere, Said};
use engine::access::SignOn;
use serde_json::{Value as Json, json};
use visitor::{Browser, PASSWORD, between, encoded};
use world::{Answer, World};

/// An account that nobody has ever used.
fn unused(world: &World, login: &str, role: &str) {
    aside(|| {
        let person = world::make(&world.engine, "person", &json!({ "name": login }));
        let body = json!({ "login": login, "person": person.id, "roles": [role] });
        world::make(&world.engine, "account", &body);
    });
}

/// A browser in which somebody is in by a password of this house.
async fn signed_in<'w>(world: &'w World, login: &str) -> Browser<'w> {
    give_password(world, login);
    let browser = Browser::new(world);
    browser.enter(login, PASSWORD).await;
    browser
}

/// By whom an account is bound.
fn bound(world: &World, login: &str) -> Vec<String> {
    let key = account(world, login).unwrap();
    let database = world.engine.database();
    let all = aside(|| store::core::identity::of_account(database, key).unwrap());
    all.into_iter().map(|one| one.subject.to_string()).collect()
}

/// The address of an account for the interface.
async fn record(world: &World, login: &str) -> String {
    let listed = format!("/api/v1/account?where=login=='{login}'");
    let found = world.get(&world.dora, &listed).await.json();
    format!("/api/v1/account/{}", found["records"][0]["id"].as_str().unwrap())
}

async fn put(world: &World, path: &str, field: &str, value: Json) {
    let done = world.call(&world.dora, "PATCH", path, json!({ field: value })).await;
    assert_eq!(done.status, 200, "{}", done.text());
}

/// Begins to connect with the provider; the address that it sends the browser back to.
async fn connect(browser: &Browser<'_>, elsewhere: &Elsewhere, said: Said) -> String {
    browser.get("/me/services").await;
    let fields = [("provider", "office"), ("old", PASSWORD)];
    let page = browser.post("/me/services", &fields).await.text();
    let address = between(&page, "href=\"https://id.example/", "\"").replace("&amp;", "&");
    let address = format!("https://id.example/{address}");
    let code = elsewhere.code(&address, said);
    let state = between(&address, "&state=", "&");
    let issuer = encoded("https://id.example");
    format!("/login/with/office/back?code={code}&state={state}&iss={issuer}")
}

fn assert_refused(answer: &Answer, said: &str, what: &str) {
    assert_eq!(answer.status, 403, "{what}: {}", answer.text());
    assert!(answer.text().contains(said), "{what}: {}", answer.text());
}

#[test]
fn a_login_alone_binds_only_an_account_that_nobody_ever_used() {
    on_each(async |world, elsewhere| {
        for (login, role) in [("fay", "clerk"), ("adam", "administrator"), ("pia", "clerk")] {
            unused(world, login, role);
        }
        give_password(world, "pia");
        let browser = Browser::new(world);
        for (login, what) in [
            ("adam", "who administers"),
            ("pia", "who has a password"),
            ("anna", "whose programs have a token"),
        ] {
            let refused = come(&browser, elsewhere, Said::of(login, &["heads"])).await;
            assert_refused(&refused, "is not bound to you", what);
            assert!(bound(world, login).is_empty(), "{what}");
        }
        assert_eq!(roles(world, "pia"), ["clerk"], "no group has given anything");
        // Whoever is out is not bound for the day they come back.
        unused(world, "otto", "clerk");
        let at = record(world, "otto").await;
        put(world, &at, "disabled", json!(true)).await;
        let refused = come(&browser, elsewhere, Said::of("otto", &[])).await;
        assert_refused(&refused, "may not be used now", "who is out");
        assert!(bound(world, "otto").is_empty());
        let done = come(&browser, elsewhere, Said::of("fay", &[])).await;
        assert_eq!(done.header("location"), "/me", "{}", done.text());
        assert_eq!(bound(world, "fay"), ["subject of fay"]);
        // What one house has bound, another does not bind as well.
        elsewhere.person("fay", "a secret of the directory", &[]);
        let refused = Browser::new(world).log_in("fay", "a secret of the directory").await;
        assert!(refused.text().contains("is not bound to you"), "{}", refused.text());
        assert_eq!(bound(world, "fay"), ["subject of fay"]);
    });
}

#[test]
fn of_two_with_one_login_one_is_bound() {
    on_each(async |world, elsewhere| {
        for round in 0..12 {
            let login = format!("fay{round}");
            unused(world, &login, "clerk");
            let (one, other) = (Browser::new(world), Browser::new(world));
            let named = |which: &str| Said {
                subject: format!("{which} of {login}"),
                ..Said::of(&login, &[])
            };
            let first = way(&one, elsewhere, named("one")).await;
            let second = way(&other, elsewhere, named("other")).await;
            let both = tokio::join!(one.get(&first), other.get(&second));
            let mut led = [both.0.status.as_u16(), both.1.status.as_u16()];
            led.sort_unstable();
            assert_eq!(led, [303, 403], "{login}");
            assert_eq!(bound(world, &login).len(), 1, "{login}");
        }
    });
}

#[test]
fn holders_connect_their_own_account() {
    let never = |sign_on: &mut SignOn| sign_on.providers[0].policy.binds_by_login = false;
    on_each_with(never, async |world, elsewhere| {
        let anna = signed_in(world, "anna").await;
        let page = anna.get("/me/services").await.text();
        assert!(page.contains("Connect with Work"), "{page}");
        let wrong = [("provider", "office"), ("old", "not it at all")];
        let refused = anna.post("/me/services", &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("This is not your password"), "{}", refused.text());
        let back = connect(&anna, elsewhere, Said::of("a.smith", &[])).await;
        let done = anna.get(&back).await;
        assert_eq!(done.header("location"), "/me/services", "{}", done.text());
        assert_eq!(bound(world, "anna"), ["subject of a.smith"]);
        assert_eq!(kinds(world)[0], "bound");
        assert!(!anna.follow(&done).await.text().contains("Connect with Work"));
        assert!(anna.get("/me").await.text().contains("Sign-in services"));
        // From now on the provider leads in, whatever the login is called there.
        let other = Browser::new(world);
        come(&other, elsewhere, Said::of("a.smith", &[])).await;
        assert!(other.get("/me").await.text().contains("Anna"));
        // Somebody else can neither take that over nor be led into another account.
        let carl = signed_in(world, "carl").await;
        let back = connect(&carl, elsewhere, Said::of("a.smith", &[])).await;
        let refused = carl.get(&back).await;
        assert_refused(&refused, "connected to another account", "who is known as another");
        assert!(refused.text().contains("was not connected"), "{}", refused.text());
        let back = connect(&carl, elsewhere, Said::of("c.jones", &[])).await;
        carl.post("/logout", &[]).await;
        assert_refused(&carl.get(&back).await, "Begin again", "who is out meanwhile");
        assert!(bound(world, "carl").is_empty());
    });
}

#[test]
fn an_administrator_allows_one_to_be_connected() {
    let never = |sign_on: &mut SignOn| sign_on.providers[0].policy.binds_by_login = false;
    on_each_with(never, async |world, elsewhere| {
        let dora = signed_in(world, "dora").await;
        let id = record(world, "carl").await.replace("/api/v1/account/", "");
        let (page, act) =
            (format!("/admin/accounts/{id}"), format!("/admin/accounts/{id}/connect"));
        let anna = signed_in(world, "anna").await;
        assert_eq!(anna.post(&act, &[]).await.status, 403, "not for everybody");
        let browser = Browser::new(world);
        let came = async || come(&browser, elsewhere, Said::of("carl", &[])).await;
        assert_refused(&came().await, "is not bound to you", "not yet");
        assert_eq!(dora.post(&act, &[]).await.status, 303);
        assert!(dora.get(&page).await.text().contains("May be connected"));
        world.pass(73 * 3600);
        assert_refused(&came().await, "is not bound to you", "not any more");
        allow(world, "carl");
        assert_eq!(came().await.header("location"), "/me");
        assert_eq!(kinds(world)[..3], ["sign_on", "bound", "bind_allowed"]);
        // It counted once, and not beside who is bound by the same house.
        let thief = || Said { subject: "thief".into(), ..Said::of("carl", &[]) };
        let other = Browser::new(world);
        let refused = come(&other, elsewhere, thief()).await;
        assert_refused(&refused, "is not bound to you", "the next");
        allow(world, "carl");
        let refused = come(&other, elsewhere, thief()).await;
        assert_refused(&refused, "is not bound to you", "a second one of the house");
        put(world, &format!("/api/v1/account/{id}"), "disabled", json!(true)).await;
        let dora = signed_in(world, "dora").await;
        assert_eq!(dora.post(&act, &[]).await.status, 409, "nobody is let into a closed one");
    });
}

#[test]
fn what_is_unbound_is_shut_altogether() {
    on_each(async |world, elsewhere| {
        let nina = Browser::new(world);
        come(&nina, elsewhere, Said::of("nina", &[])).await;
        let made = nina.post("/me/tokens", &[("name", "reports")]).await.text();
        let token = format!("ek_{}", between(&made, "ek_", "<"));
        assert_eq!(world.get(&token, "/api/v1/me").await.status, 200);
        let id = record(world, "nina").await.replace("/api/v1/account/", "");
        let dora = session(world, "dora");
        aside(|| {
            let facts = dora.account_facts(&id).unwrap();
            dora.unbind(&facts, engine::access::Whence::default()).unwrap();
        });
        assert_eq!(world.get(&token, "/api/v1/me").await.status, 401, "its programs are out");
        assert_eq!(nina.get("/me").await.status, 303, "its browsers are out");
        assert!(bound(world, "nina").is_empty());
    });
}

#[test]
fn a_withdrawn_account_holds_nobody() {
    on_each(async |world, elsewhere| {
        let nina = Browser::new(world);
        come(&nina, elsewhere, Said::of("nina", &[])).await;
        nina.post("/logout", &[]).await;
        let at = record(world, "nina").await;
        assert_eq!(world.call(&world.dora, "DELETE", &at, Json::Null).await.status, 204);
        let renamed = || Said { login: "nina.m".into(), ..Said::of("nina", &["desk"]) };
        let done = come(&nina, elsewhere, renamed()).await;
        assert_eq!(done.header("location"), "/me", "{}", done.text());
        assert_eq!(bound(world, "nina.m"), ["subject of nina"]);
        assert_eq!(roles(world, "nina.m"), ["clerk"]);
    });
}
