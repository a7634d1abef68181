//! Sequences: numbers of several threads and processes never meet.

use std::collections::HashSet;
use store::sequence::{Sequences, raise_above, take};
use store::testing::on_each;
use store::{Database, Unit};

#[test]
fn numbers_of_threads_and_processes_are_apart() {
    on_each(|world| {
        // A second handle on the same database stands for a second process.
        let other = match &world.location {
            store::Location::Postgres(_) => Database::open(&world.location).unwrap(),
            _ => world.database.clone(),
        };
        let processes = [Sequences::new(world.database.clone()), Sequences::new(other)];
        let all: Vec<i64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|thread| {
                    let process = &processes[thread % 2];
                    scope.spawn(move || {
                        (0..500).map(|_| process.next("key").unwrap()).collect::<Vec<i64>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let apart: HashSet<i64> = all.iter().copied().collect();
        assert_eq!((all.len(), apart.len()), (4000, 4000));
    });
}

#[test]
fn numbers_ascend_and_what_is_left_is_given_back() {
    on_each(|world| {
        let process = Sequences::new(world.database.clone());
        let next = |count: usize| -> Vec<i64> {
            (0..count).map(|_| process.next("incident").unwrap()).collect()
        };
        assert_eq!(next(6), [1, 2, 3, 4, 5, 6]);
        process.give_back().unwrap();
        assert_eq!(take(&world.database, "incident", 2).unwrap(), 7..9);
        assert_eq!(next(1), [9]);
        let mut unit = Unit::new();
        raise_above(&mut unit, "incident", 500);
        raise_above(&mut unit, "incident", 20);
        world.database.write(unit).unwrap();
        process.skip("incident", 500);
        assert_eq!(next(1), [501]);
        assert_eq!(process.run("incident", 100).unwrap().count(), 100);
    });
}
