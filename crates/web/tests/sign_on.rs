//! Single sign-on as browsers come to it, with a small provider that signs its own tokens: who is
//! let in, what becomes of their roles, and everything that is refused. On both databases.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod elsewhere;
mod visitor;
mod world;

use elsewhere::Said;
use elsewhere::stage::{
    account, actor, allow, aside, come, give_password, kinds, on_each, on_each_with, roles,
    session, way,
};
use engine::access::{SignOn, Whence};
use model::{Language, Name};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use visitor::{Browser, PASSWORD, between, encoded};
use world::World;

#[test]
fn whoever_is_vouched_for_comes_in_and_goes_where_they_wanted() {
    on_each(async |world, elsewhere| {
        let browser = Browser::new(world);
        let door = browser.get("/login?to=%2Fme").await.text();
        assert!(door.contains("href=\"/login/with/office?to=%2Fme\""), "{door}");
        assert!(door.contains("Sign in with Work"));
        let done = come(&browser, elsewhere, Said::of("nina", &["desk"])).await;
        assert_eq!(done.header("location"), "/me", "{}", done.text());
        assert!(browser.get("/me").await.text().contains("Nina from elsewhere"));
        assert_eq!(roles(world, "nina"), ["clerk"]);
        assert_eq!(kinds(world)[..2], ["sign_on", "bound"]);
        // The person of the account speaks as the provider says.
        assert_eq!(actor(world, "nina").language, Language::ZH);
        // Out again ends our session; the next time it is the same account, whatever it is called.
        assert_eq!(browser.post("/logout", &[]).await.header("location"), "/login");
        assert_eq!(browser.get("/me").await.status, 303);
        let renamed = Said { login: "nina.married".into(), ..Said::of("nina", &["desk"]) };
        assert_eq!(come(&browser, elsewhere, renamed).await.header("location"), "/me");
        assert_eq!(account(world, "nina.married"), None);
    });
}

#[test]
fn groups_give_and_take_roles_and_history_tells() {
    on_each(async |world, elsewhere| {
        // Bo is a manager by hand, which a group now decides; Dora administers by hand.
        allow(world, "dora");
        let browser = Browser::new(world);
        for (groups, expected) in [
            (&["heads", "desk"][..], &["administrator", "clerk", "manager"][..]),
            (&["desk"], &["administrator", "clerk"]),
            (&[], &["administrator"]),
        ] {
            let done = come(&browser, elsewhere, Said::of("dora", groups)).await;
            assert_eq!(done.header("location"), "/me", "{}", done.text());
            assert_eq!(roles(world, "dora"), expected);
            browser.post("/logout", &[]).await;
        }
        let dora = world.get(&world.dora, "/api/v1/account?where=login=='dora'").await.json();
        let id = dora["records"][0]["id"].as_str().unwrap().to_string();
        let told = world.get(&world.dora, &format!("/api/v1/account/{id}/history")).await.text();
        assert_eq!(told.matches("\"edit\"").count(), 3, "{told}");
        assert_eq!(roles(world, "bo"), ["manager"], "nobody else is touched");
    });
}

type Change = (&'static str, fn(&mut Said));

/// Each is one thing wrong with what the provider says, and everything else right.
const LIES: &[Change] = &[
    ("a signature that is not one", |said| said.signature_broken = true),
    ("a key that nobody published", |said| said.other_key = true),
    ("no signature at all", |said| said.header = json!({ "alg": "none" })),
    ("the public key as a secret", |said| said.header = json!({ "alg": "HS256", "kid": "one" })),
    ("another algorithm than the key's", |said| said.header["alg"] = json!("ES384")),
    ("a key for encryption", |said| said.header["kid"] = json!("two")),
    ("another audience", |said| said.put("aud", json!("somebody"))),
    ("two audiences and no party", |said| said.put("aud", json!(["desk-client", "other"]))),
    ("another party", |said| said.put("azp", json!("other"))),
    ("another issuer", |said| said.put("iss", json!("https://evil.example"))),
    ("two issuers", |said| said.put("iss", json!(["https://id.example", "https://evil.example"]))),
    ("expired", |said| said.later("exp", -120)),
    ("no expiry", |said| said.put("exp", Json::Null)),
    ("an expiry in words", |said| said.put("exp", json!("tomorrow"))),
    ("made tomorrow", |said| said.later("iat", 86_400)),
    ("made yesterday", |said| said.later("iat", -86_400)),
    ("not yet", |said| said.later("nbf", 600)),
    ("another nonce", |said| said.put("nonce", json!("of another login"))),
    ("no nonce", |said| said.put("nonce", Json::Null)),
    ("nobody", |said| said.put("sub", json!(""))),
    ("facts of another subject", |said| {
        said.put("preferred_username", Json::Null);
        said.userinfo = Some(json!({ "sub": "other", "preferred_username": "dora" }));
    }),
    ("no token", |said| said.tokens = json!({ "access_token": "a", "token_type": "Bearer" })),
];

#[test]
fn what_proves_nothing_lets_nobody_in() {
    on_each(async |world, elsewhere| {
        allow(world, "dora");
        let browser = Browser::new(world);
        for (what, lie) in LIES {
            let mut said = Said::of("dora", &[]);
            lie(&mut said);
            let refused = come(&browser, elsewhere, said).await;
            assert_eq!(refused.status, 403, "{what}");
            let text = refused.text();
            assert!(text.contains("could not be accepted"), "{what}: {text}");
            assert!(text.contains("/login?to=%2Fme"), "{what}: the way goes on");
            assert_eq!(browser.session(), None, "{what}");
        }
        assert_eq!(kinds(world)[0], "sign_on_refused");
        assert!(kinds(world).len() <= 11, "a flood of lies does not fill the list");
        // The same words without a lie lead in.
        let done = come(&browser, elsewhere, Said::of("dora", &[])).await;
        assert_eq!(done.header("location"), "/me");
    });
}

#[test]
fn a_way_back_counts_once_in_the_browser_that_began_it() {
    on_each(async |world, elsewhere| {
        allow(world, "dora");
        let (one, other) = (Browser::new(world), Browser::new(world));
        let over = async |browser: &Browser<'_>, back: &str, what: &str| {
            let refused = browser.get(back).await;
            assert_eq!(refused.status, 403, "{what}");
            assert!(refused.text().contains("Begin again"), "{what}");
            assert_eq!(browser.session(), None, "{what}");
        };
        let back = way(&one, elsewhere, Said::of("dora", &[])).await;
        over(&other, &back, "a browser that began nothing").await;
        way(&other, elsewhere, Said::of("carl", &[])).await;
        over(&other, &back, "a browser that began another").await;
        let kept = one.cookies.borrow().clone();
        assert_eq!(one.get(&back).await.header("location"), "/me");
        one.post("/logout", &[]).await;
        *one.cookies.borrow_mut() = kept;
        over(&one, &back, "again").await;
        let late = way(&one, elsewhere, Said::of("dora", &[])).await;
        world.pass(601);
        over(&one, &late, "too late").await;
        let back = way(&one, elsewhere, Said::of("dora", &[])).await;
        let mixed = back.replace(&encoded("https://id"), &encoded("https://evil"));
        let refused = one.get(&mixed).await.text();
        assert!(refused.contains("could not be accepted"), "the code of another issuer: {refused}");
        let back = way(&one, elsewhere, Said::of("dora", &[])).await;
        let state = between(&back, "state=", "&");
        let declined = format!("/login/with/office/back?error=access_denied&state={state}");
        assert!(one.get(&declined).await.text().contains("access_denied"));
        assert_eq!(one.get("/login/with/nobody").await.status, 404);
        // Who asks for the tokens has to show what only the one who began can know (PKCE).
        let back =
            way(&one, elsewhere, Said { challenge: Some("x".into()), ..Said::of("dora", &[]) });
        let refused = one.get(&back.await).await;
        assert!(refused.text().contains("could not be accepted"), "{}", refused.text());
    });
}

#[test]
fn a_provider_that_is_silent_is_said_to_be() {
    on_each(async |world, elsewhere| {
        elsewhere.silent(true);
        let browser = Browser::new(world);
        for _ in 0..3 {
            let refused = browser.get("/login/with/office").await;
            assert_eq!(refused.status, 502);
            assert!(refused.text().contains("does not answer"));
        }
        assert_eq!(elsewhere.asked(), 1, "it is left alone for a while");
        elsewhere.silent(false);
        world.pass(16);
        assert_eq!(browser.get("/login/with/office").await.status, 303);
    });
}

#[test]
fn a_provider_that_hangs_is_asked_for_tokens_once() {
    on_each(async |world, elsewhere| {
        let (one, other) = (Browser::new(world), Browser::new(world));
        let first = way(&one, elsewhere, Said::of("nina", &[])).await;
        let second = way(&other, elsewhere, Said::of("otto", &[])).await;
        let before = elsewhere.asked();
        elsewhere.silent(true);
        for (browser, back) in [(&one, first), (&other, second)] {
            let refused = browser.get(&back).await;
            assert_eq!(refused.status, 502);
            assert!(refused.text().contains("does not answer"));
        }
        assert_eq!(elsewhere.asked(), before + 1, "the second did not wait as well");
    });
}

/// `email_verified` speaks of the claim `email` and of no other.
#[test]
fn an_address_counts_where_the_provider_vouches_for_that_very_one() {
    let logins = |sign_on: &mut SignOn| {
        sign_on.providers[0].claims.login = "email".into();
        sign_on.providers[0].claims.email = "mail".into();
    };
    on_each_with(logins, async |world, elsewhere| {
        let browser = Browser::new(world);
        let mut said = Said::of("nina", &[]);
        said.put("email", json!("boss@work.example"));
        let refused = come(&browser, elsewhere, said.clone()).await;
        assert!(refused.text().contains("an address has to be confirmed"), "{}", refused.text());
        said.put("email_verified", json!(true));
        assert_eq!(come(&browser, elsewhere, said).await.header("location"), "/me");
        assert!(account(world, "boss@work.example").is_some());
    });
    let second = |sign_on: &mut SignOn| sign_on.providers[0].claims.email = "second".into();
    on_each_with(second, async |world, elsewhere| {
        let vera = json!({ "name": "Vera", "email": "vera@work.example" });
        aside(|| world::make(&world.engine, "person", &vera));
        let browser = Browser::new(world);
        let mut said = Said::of("nina", &[]);
        said.put("email", json!("nina@work.example"));
        said.put("email_verified", json!(true));
        said.put("second", json!("vera@work.example"));
        assert_eq!(come(&browser, elsewhere, said).await.header("location"), "/me");
        assert_eq!(actor(world, "nina").name, "Nina from elsewhere");
        browser.post("/logout", &[]).await;
    });
    on_each(async |world, elsewhere| {
        let vera = json!({ "name": "Vera", "email": "vera@work.example" });
        aside(|| world::make(&world.engine, "person", &vera));
        let mut said = Said::of("v", &[]);
        said.put("email", json!("vera@work.example"));
        said.put("email_verified", json!(true));
        come(&Browser::new(world), elsewhere, said).await;
        assert_eq!(actor(world, "v").name, "Vera", "the person who is here already");
    });
}

#[test]
fn strangers_and_logins_of_others_are_refused_where_the_house_says_so() {
    let strict = |sign_on: &mut SignOn| {
        let policy = &mut sign_on.providers[0].policy;
        (policy.makes_accounts, policy.binds_by_login) = (false, false);
    };
    on_each_with(strict, async |world, elsewhere| {
        let browser = Browser::new(world);
        let refused = come(&browser, elsewhere, Said::of("nina", &["desk"])).await;
        assert_eq!(refused.status, 403);
        let said = refused.text();
        assert!(said.contains("There is no account &quot;nina&quot; here yet"), "{said}");
        assert_eq!(account(world, "nina"), None);
        let refused = come(&browser, elsewhere, Said::of("dora", &["desk"])).await.text();
        assert!(refused.contains("is not bound to you"), "{refused}");
        assert_eq!(kinds(world), ["sign_on_refused", "sign_on_refused"]);
    });
    on_each(async |world, elsewhere| {
        let browser = Browser::new(world);
        // An account that is closed here stays closed.
        allow(world, "anna");
        come(&browser, elsewhere, Said::of("anna", &["desk"])).await;
        browser.post("/logout", &[]).await;
        disable(world, "anna").await;
        let refused = come(&browser, elsewhere, Said::of("anna", &["desk"])).await.text();
        assert!(refused.contains("may not be used now"), "{refused}");
        let nameless = Said { login: "a\u{7}".into(), ..Said::of("x", &[]) };
        let refused = come(&browser, elsewhere, nameless).await.text();
        assert!(refused.contains("preferred_username"), "{refused}");
        allow(world, "dora");
        come(&browser, elsewhere, Said::of("dora", &[])).await;
        browser.post("/logout", &[]).await;
        // Somebody else at the provider takes the name of Dora, who is bound already.
        let thief = Said { subject: "thief".into(), ..Said::of("dora", &[]) };
        let refused = come(&browser, elsewhere, thief).await.text();
        assert!(refused.contains("is not bound to you"), "{refused}");
        // An administrator takes the binding away: now another may be allowed.
        let dora = Browser::new(world);
        come(&dora, elsewhere, Said::of("dora", &[])).await;
        let page = dora.get("/admin/accounts").await.text();
        let row = between(&page, "/admin/accounts/", ">dora</a>");
        let id = row.rsplit("/admin/accounts/").next().unwrap().trim_end_matches('"');
        let at = format!("/admin/accounts/{id}");
        assert!(dora.get(&at).await.text().contains("Bound to"));
        assert_eq!(dora.post(&format!("{at}/unbind"), &[]).await.status, 303);
        assert_eq!(dora.get(&at).await.status, 303, "and whoever was in is out");
        allow(world, "dora");
        come(&dora, elsewhere, Said { subject: "new".into(), ..Said::of("dora", &[]) }).await;
        assert!(dora.get(&at).await.text().contains("Binding removed"));
    });
}

async fn disable(world: &World, login: &str) {
    let listed = format!("/api/v1/account?where=login=='{login}'");
    let found = world.get(&world.dora, &listed).await.json();
    let id = found["records"][0]["id"].as_str().unwrap().to_string();
    let path = format!("/api/v1/account/{id}");
    let done = world.call(&world.dora, "PATCH", &path, json!({ "disabled": true })).await;
    assert_eq!(done.status, 200, "{}", done.text());
}

#[test]
fn a_second_factor_is_asked_of_those_who_have_one() {
    on_each(async |world, elsewhere| {
        give_password(world, "dora");
        allow(world, "dora");
        let dora = session(world, "dora");
        aside(|| {
            let enrolment = dora.begin_totp(PASSWORD).unwrap();
            let code = visitor::code(&enrolment.secret, world.now());
            dora.confirm_totp(&enrolment.text, &code, "es_x", Whence::default()).unwrap();
        });
        let browser = Browser::new(world);
        let half = come(&browser, elsewhere, Said::of("dora", &[])).await;
        assert_eq!(half.header("location"), "/login/code?to=%2Fme");
        assert_eq!(browser.session(), None);
    });
}

/// Whoever has no password shows who they are by a login of just now.
#[test]
fn what_opens_ways_in_wants_a_login_of_just_now() {
    on_each(async |world, elsewhere| {
        let browser = Browser::new(world);
        come(&browser, elsewhere, Said::of("nina", &["desk"])).await;
        let made = browser.post("/me/tokens", &[("name", "reports")]).await;
        assert!(made.text().contains("ek_"), "{}", made.text());
        world.pass(700);
        let page = browser.get("/me/tokens").await.text();
        assert!(!page.contains("name=\"old\""), "there is no password to ask");
        let refused = browser.post("/me/tokens", &[("name", "reports")]).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("Sign out and in again") || refused.text().contains("退出")
        );
        let refused = browser
            .post("/me/password", &[("old", ""), ("password", PASSWORD), ("again", PASSWORD)])
            .await;
        assert_eq!(refused.status, 422, "no way in beside the provider");
    });
}

#[test]
fn roles_that_do_not_go_together_are_told() {
    on_each_with(
        |sign_on| sign_on.providers[0].policy.roles[0].1 = Name::new("gone").unwrap(),
        async |world, elsewhere| {
            let browser = Browser::new(world);
            let refused = come(&browser, elsewhere, Said::of("nina", &["desk"])).await.text();
            assert!(refused.contains("cannot be brought in step"), "{refused}");
            assert_eq!(account(world, "nina"), None);
            let people = world.get(&world.dora, "/api/v1/person").await.json();
            let names: BTreeSet<&str> = people["records"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|r| r["name"].as_str())
                .collect();
            assert_eq!(
                names,
                BTreeSet::from(["Anna", "Bo", "Carl", "Dora"]),
                "no person is left over"
            );
        },
    );
}
