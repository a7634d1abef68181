//! The databases that each test runs on.

use crate::world::World;
use store::Database;
use store::sql::Dialect;
use store::testing::on_each;

/// Runs the test on every database there is, each holding the world and nothing else.
pub fn each(world: &World, test: impl Fn(&Database, Dialect)) {
    on_each(|fresh| {
        world.write(&fresh.database);
        fresh.database.optimize().unwrap();
        test(&fresh.database, fresh.database.dialect());
    });
}
