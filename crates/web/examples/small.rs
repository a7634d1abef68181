//! A small server for trying the interface by hand: prints its address and a token of the manager.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "../tests/world/mod.rs"]
mod world;

#[tokio::main]
async fn main() {
    let mut settings = world::unlimited();
    settings.listen = ([127, 0, 0, 1], 8021).into();
    let database = match std::env::args().nth(1).as_deref() {
        Some("postgres") => store::testing::postgres().unwrap().database,
        _ => store::testing::sqlite().database,
    };
    let world = world::World::over(database, settings.clone());
    for summary in ["Ink", "Paper", "Pens"] {
        world.purchase(summary).await;
    }
    world.seal();
    println!("{}", world.bo);
    println!("{}", world.anna);
    let server = web::Server::bind(world.engine.clone(), settings).unwrap();
    server.run(std::future::pending()).await;
}
