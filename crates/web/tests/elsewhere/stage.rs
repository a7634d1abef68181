//! A house with that other house: a provider called `office` and a directory, on each database
//! there is; and how people come from there.

use super::{Elsewhere, Said};
use crate::visitor::{Browser, PASSWORD, between, encoded};
use crate::world::{Answer, World, unlimited};
use engine::Session;
use engine::access::{Judge, Policy, SignOn, Whence};
use engine::actor::Actor;
use model::{Key, Name};
use std::sync::Arc;

/// A world with a provider called `office`, on each database there is.
pub fn on_each(test: impl AsyncFn(&World, &Elsewhere)) {
    on_each_with(|_| {}, test);
}

pub fn on_each_with(change: impl Fn(&mut SignOn), test: impl AsyncFn(&World, &Elsewhere)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let postgres = store::testing::postgres().map(|world| world.database);
    for database in std::iter::once(store::testing::sqlite().database).chain(postgres) {
        let (world, elsewhere) = {
            let _within = runtime.enter();
            let mut settings = unlimited();
            settings.base_url = Some("http://localhost:8020".into());
            let world = World::over(database, settings);
            let elsewhere = Elsewhere::new(world.engine.clone());
            let role = |group: &str, role: &str| (group.to_string(), Name::new(role).unwrap());
            let known = Policy {
                name: "office".into(),
                roles: vec![role("desk", "clerk"), role("heads", "manager")],
                makes_accounts: true,
                binds_by_login: true,
            };
            let directory = Policy { name: "ldap".into(), ..known.clone() };
            let mut sign_on = SignOn {
                providers: vec![elsewhere.provider(known)],
                directory: Some(Judge::new(directory, Arc::new(elsewhere.clone()))),
            };
            sign_on.providers[0].label = ["Work".into(), "公司账号".into()];
            change(&mut sign_on);
            world.engine.let_in_by(sign_on);
            (world, elsewhere)
        };
        runtime.block_on(test(&world, &elsewhere));
    }
}

/// Goes to the provider and comes back with a code for what the provider is to say.
pub async fn come(browser: &Browser<'_>, elsewhere: &Elsewhere, said: Said) -> Answer {
    let back = way(browser, elsewhere, said).await;
    let done = browser.get(&back).await;
    if done.status == 303 {
        browser.follow(&done).await;
    }
    done
}

/// The address that the provider sends a browser back to.
pub async fn way(browser: &Browser<'_>, elsewhere: &Elsewhere, said: Said) -> String {
    let sent = browser.get("/login/with/office?to=%2Fme").await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let code = elsewhere.code(sent.header("location"), said);
    let state = between(sent.header("location"), "&state=", "&");
    let issuer = encoded("https://id.example");
    format!("/login/with/office/back?code={code}&state={state}&iss={issuer}&session_state=x")
}

/// Asks the engine itself, which blocks.
pub fn aside<T>(ask: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(ask)
}

pub fn account(world: &World, login: &str) -> Option<Key> {
    aside(|| world.engine.account_of(login).unwrap())
}

pub fn actor(world: &World, login: &str) -> Actor {
    let key = account(world, login).unwrap();
    aside(|| world.engine.actor(key).unwrap())
}

pub fn session(world: &World, login: &str) -> Session {
    Session::new(&world.engine, Arc::new(actor(world, login)))
}

/// Dora allows somebody who is here already to be bound at the next sign-in.
pub fn allow(world: &World, login: &str) {
    let (dora, key) = (session(world, "dora"), account(world, login).unwrap());
    aside(|| dora.allow_binding(key, Whence::default()).unwrap());
}

pub fn give_password(world: &World, login: &str) {
    let key = account(world, login).unwrap();
    aside(|| world.engine.set_password(key, login, PASSWORD).unwrap());
}

pub fn roles(world: &World, login: &str) -> Vec<String> {
    actor(world, login).roles.iter().map(ToString::to_string).collect()
}

/// What happened at the door, newest first.
pub fn kinds(world: &World) -> Vec<String> {
    let dora = session(world, "dora");
    let events = aside(|| dora.door_events(None, None, 100).unwrap());
    events.into_iter().map(|event| event.kind).collect()
}
