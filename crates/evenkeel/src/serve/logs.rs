//! The log on stderr, as lines for people or JSON for programs, and traces sent out where an
//! endpoint is set. What is logged holds no secrets: no token, password, value of a field.

use crate::failure::{Failure, Result};
use crate::settings::Settings;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// Traces that wait to be sent.
pub struct Logs(Option<SdkTracerProvider>);

/// Starts logging.
///
/// # Errors
/// Refused where the filter or the endpoint cannot be used.
pub fn start(settings: &Settings) -> Result<Logs> {
    let filter = EnvFilter::try_new(settings.text("log.filter")).map_err(|error| {
        let (en, zh) = ("The setting \"log.filter\" cannot be used", "设置“log.filter”无法使用");
        Failure::refused("bad-setting", format!("{en}: {error}."), format!("{zh}：{error}。"))
    })?;
    let provider = settings.some("traces.endpoint").map(provider).transpose()?;
    let traces = provider.as_ref().map(|provider| {
        tracing_opentelemetry::layer().with_tracer(provider.tracer("evenkeel")).boxed()
    });
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match settings.text("log.format") {
        "json" => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(std::io::stderr)
            .boxed(),
        _ => tracing_subscriber::fmt::layer().with_ansi(false).with_writer(std::io::stderr).boxed(),
    };
    let layers = match traces {
        Some(traces) => traces.and_then(lines).boxed(),
        None => lines,
    };
    // A second subscriber is refused; the first one of this process is ours.
    let _ = tracing_subscriber::registry().with(layers.with_filter(filter)).try_init();
    Ok(Logs(provider))
}

fn provider(endpoint: &str) -> Result<SdkTracerProvider> {
    let refused = |error: &dyn std::fmt::Display| {
        let (en, zh) = ("Traces cannot be sent there", "无法向该地址发送追踪");
        Failure::refused("bad-setting", format!("{en}: {error}."), format!("{zh}：{error}。"))
    };
    let client = reqwest::blocking::Client::builder().build().map_err(|error| refused(&error))?;
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(endpoint)
        .build()
        .map_err(|error| refused(&error))?;
    let resource = Resource::builder().with_service_name("evenkeel").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

impl Logs {
    /// Sends what waits.
    pub fn stop(self) {
        if let Some(provider) = self.0
            && let Err(error) = provider.shutdown()
        {
            eprintln!("evenkeel: traces were not sent: {error}");
        }
    }
}
