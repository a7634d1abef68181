//! Creating incidents by REST with 4 and with 64 clients, in turn with the floor: product and bare
//! database take the same disk at the same hour, twice each.

use super::Bench;
use super::figures::Figure;
use super::floor::Floor;
use super::incidents::{Incident, SEED};
use crate::Done;
use crate::http::load::{Load, Measured};
use crate::http::request::authorized;
use crate::people::add_teams;
use crate::random::Random;
use crate::support::server::Server;
use crate::support::site::Site;
use std::time::Duration;

/// Different bodies, made before the clock runs: the generator must not share the processor.
const BODIES: usize = 2_000;

pub fn measure(bench: &mut Bench) -> Done {
    let site = Site::new("create", bench.arguments)?;
    let server = site.serve()?;
    let teams = add_teams(&mut site.admin_api(&server)?)?;
    let mut random = Random::new(SEED);
    let bodies: Vec<String> = (0..BODIES)
        .map(|number| Incident::new(&mut random, number).body(&teams).to_string())
        .collect();
    let goals = if site.cluster.is_some() { [1_000.0, 2_000.0] } else { [2_000.0, 4_000.0] };
    for (clients, goal) in [4, 64].into_iter().zip(goals) {
        let seconds = bench.arguments.sized(1, 8);
        let rounds = bench.arguments.sized(1, 2);
        measure_clients(bench, &site, &server, &bodies, (clients, goal, seconds, rounds))?;
    }
    server.stop()?;
    site.program.verify(&site.place)
}

fn measure_clients(
    bench: &mut Bench,
    site: &Site,
    server: &Server,
    bodies: &[String],
    (clients, goal, seconds, rounds): (usize, f64, u64, usize),
) -> Done {
    let floor = Floor::open(site)?;
    let (mut floors, mut products) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        floors.push(floor.per_second(clients, Duration::from_secs(seconds))?);
        products.push(create(site, server, bodies, clients, seconds)?);
    }
    let rate = mean(products.iter().map(Measured::per_second));
    let floor = mean(floors.into_iter());
    let p50 = mean(products.iter().map(|product| product.latencies.percentile(50.0)));
    let p99 = mean(products.iter().map(|product| product.latencies.percentile(99.0)));
    let measured = format!(
        "{rate:.0}/s (p50 {p50:.2} ms, p99 {p99:.2} ms); floor {floor:.0} tx/s, {:.0} % of it",
        rate * 100.0 / floor.max(1.0)
    );
    let what = format!("create an incident by REST, {clients} clients");
    let goal_words = format!("≥ {goal:.0}/s");
    bench.add(Figure::new(&what, &goal_words, measured, Some(rate >= goal)));
    Ok(())
}

fn create(
    site: &Site,
    server: &Server,
    bodies: &[String],
    clients: usize,
    seconds: u64,
) -> Result<Measured, String> {
    let load = Load {
        address: server.address,
        clients,
        warm_up: Duration::from_millis(500),
        time: Duration::from_secs(seconds),
    };
    let make = |client: usize, number: u64| {
        let body = &bodies[(client * 31 + number as usize) % bodies.len()];
        authorized("POST", "/api/v1/incident", &site.agent, &[], body.as_bytes())
    };
    load.run(make, |answer| answer.status == 201).clean()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}
