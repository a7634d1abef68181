//! Figures about the server for Prometheus. Labels are names of routes and statuses, never what a
//! person asked for.

use crate::app::App;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

/// The recorder of this process: there can be one only, however many servers it runs.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Bounds of the histogram of durations, in seconds.
const BOUNDS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

const SECONDS: &str = "evenkeel_http_request_seconds";
const IN_FLIGHT: &str = "evenkeel_http_in_flight";

/// Counts and times requests.
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    pub fn new() -> Metrics {
        let handle = RECORDER.get_or_init(|| {
            let matcher = Matcher::Full(SECONDS.into());
            let builder = PrometheusBuilder::new().set_buckets_for_metric(matcher, &BOUNDS);
            let recorder = builder.unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
            let handle = recorder.handle();
            // Where the program has a recorder of its own already, that one stays.
            let _ = metrics::set_global_recorder(recorder);
            metrics::describe_histogram!(SECONDS, "How long requests took, by route and status.");
            metrics::describe_gauge!(IN_FLIGHT, "Requests being answered.");
            handle
        });
        Metrics { handle: handle.clone() }
    }

    pub fn answered(&self, method: &'static str, route: &'static str, status: u16, took: Duration) {
        let labels = [("method", method), ("route", route), ("status", text(status))];
        metrics::histogram!(SECONDS, &labels).record(took.as_secs_f64());
    }

    /// To be called every few seconds, or samples pile up until somebody asks for them.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// All figures as text, with those that are read off at this moment.
    pub fn render(&self, app: &App) -> String {
        let count = |number: usize| number as f64;
        metrics::gauge!("evenkeel_calls_busy").set(count(app.calls.busy()));
        metrics::gauge!("evenkeel_calls_waiting").set(count(app.calls.waiting()));
        metrics::gauge!("evenkeel_transfers_busy").set(count(app.transfers.busy()));
        metrics::gauge!("evenkeel_live_streams").set(count(app.live.streams()));
        let version = app.engine.catalogue().version;
        metrics::gauge!("evenkeel_definition_version").set(version as f64);
        if let Some(bytes) = app.settings.resident_bytes.and_then(|read| read()) {
            metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
        }
        self.handle.render()
    }
}

/// One request being answered; counted until it is dropped, however it ends.
pub struct InFlight;

impl InFlight {
    pub fn new() -> InFlight {
        metrics::gauge!(IN_FLIGHT).increment(1.0);
        InFlight
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::gauge!(IN_FLIGHT).decrement(1.0);
    }
}

/// A status as a label.
fn text(status: u16) -> &'static str {
    match status {
        200 => "200",
        201 => "201",
        204 => "204",
        304 => "304",
        400 => "400",
        401 => "401",
        403 => "403",
        404 => "404",
        405 => "405",
        406 => "406",
        408 => "408",
        409 => "409",
        410 => "410",
        412 => "412",
        413 => "413",
        414 => "414",
        415 => "415",
        422 => "422",
        429 => "429",
        431 => "431",
        500 => "500",
        503 => "503",
        507 => "507",
        _ => "other",
    }
}
