//! `evenkeel jobs`: work that waits, and work that failed for good.

use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::Host;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::job::{self, Job};

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Jobs {
    #[arg(long)]
    pub failed: bool,
    #[arg(long, value_name = "KEY")]
    pub retry: Option<i64>,
    #[arg(long, default_value_t = 50, value_name = "COUNT")]
    pub most: usize,
}

/// The queue of the engine's own jobs.
const QUEUE: &str = "engine";

/// Does it: a line a job, the next due first.
///
/// # Errors
/// A failed read or write.
pub fn run(host: &Host, asked: Jobs, console: &mut dyn Console) -> Result<()> {
    let database = host.engine.database();
    let most = asked.most.clamp(1, 1000);
    if let Some(key) = asked.retry {
        host.engine.retry_job(key)?;
        let text = text(format!("Job {key} is tried again."), format!("作业 {key} 将重试。"));
        return console.answer(&json!({ "retried": key }), &text);
    }
    let jobs = match asked.failed {
        true => job::failed(database, QUEUE, most)?,
        false => job::open(database, QUEUE, most)?,
    };
    jobs.iter().try_for_each(|job| tell(job, console))
}

fn tell(job: &Job, console: &mut dyn Console) -> Result<()> {
    let instant = |at: i64| jiff::Timestamp::from_microsecond(at).map(|at| at.to_string()).ok();
    let error = job.error.as_deref();
    let json = json!({
        "key": job.key, "kind": &*job.kind, "due_at": instant(job.due_at),
        "attempts": job.attempts, "holder": job.holder.as_deref(), "error": error,
    });
    let due = instant(job.due_at).unwrap_or_default();
    let end = error.map(|error| format!("\t{error}")).unwrap_or_default();
    let line = format!("{}\t{}\t{due}\t{}{end}", job.key, job.kind, job.attempts);
    console.answer(&json, &text(line.clone(), line))
}
