//! A guard against a slow mistake, not a benchmark: the limits hold in an unoptimized build on a
//! busy machine.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use quality::working_time::{Calendar, CalendarOutline, due, elapsed, intervals};

const DAY: i64 = 86_400_000_000;

#[test]
fn a_year_costs_well_under_100_microseconds_when_warm() {
    let mut outline = CalendarOutline { zone: "Europe/Berlin".into(), ..Default::default() };
    outline.week[..5].fill(vec!["09:00-12:00".to_owned(), "13:00-17:00".to_owned()]);
    let calendar = Calendar::new(&outline).unwrap();
    let start = "2025-03-06T15:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
    let cold = Instant::now();
    let year = elapsed(&calendar, start, start + 365 * DAY);
    println!("one year, cold: {:?}", cold.elapsed());
    let rounds = 10_000;
    let warm = time(rounds, |n| elapsed(&calendar, start + n, start + n + 365 * DAY));
    let inverse = time(rounds, |n| due(&calendar, start + n, year).unwrap());
    let listed = time(100, |n| intervals(&calendar, start + n, start + 365 * DAY).count() as i64);
    println!("one year, warm: elapsed {warm:?}, due {inverse:?}, intervals {listed:?}");
    assert!(warm < Duration::from_micros(50), "{warm:?}");
    assert!(inverse < Duration::from_micros(50), "{inverse:?}");
}

/// The mean time of a call.
fn time(rounds: i64, call: impl Fn(i64) -> i64) -> Duration {
    let begin = Instant::now();
    for n in 0..rounds {
        std::hint::black_box(call(n));
    }
    begin.elapsed() / rounds as u32
}
