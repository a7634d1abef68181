//! The databases that each test runs on.

use crate::world::World;
use store::Database;
use store::database::Location;
use store::sql::Dialect;

/// Runs the test on every database there is, each holding the world and nothing else.
pub fn each(world: &World, test: impl Fn(&Database, Dialect)) {
    let sqlite = Database::open(&Location::Temporary).unwrap();
    world.write(&sqlite, Dialect::Sqlite);
    test(&sqlite, Dialect::Sqlite);
}
