//! The floor: a bare row and an audit row, each pair durable before the next, written without the
//! product. It tells what the disk and the database can do, so that a figure can be read.

use crate::support::site::Site;
use rusqlite::{Connection, params};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, NoTls};

pub enum Floor {
    Sqlite(PathBuf),
    Postgres(String),
}

const INCIDENT: &str = "(id BIGINT PRIMARY KEY, number BIGINT, team BIGINT, state TEXT, \
    priority BIGINT, caller BIGINT, opened_at BIGINT, summary TEXT, description TEXT)";
const AUDIT: &str = "(id BIGINT PRIMARY KEY, incident BIGINT, actor BIGINT, at BIGINT, body TEXT)";
const INDEXES: [&str; 4] = [
    "CREATE INDEX floor_queue ON floor_incident (team, state, priority)",
    "CREATE INDEX floor_caller ON floor_incident (caller, opened_at)",
    "CREATE INDEX floor_opened ON floor_incident (opened_at)",
    "CREATE INDEX floor_audit_incident ON floor_audit (incident)",
];
const DESCRIPTION: &str = "a description of some length, as people write them when they report \
    that something does not work, for whom, since when, what has been tried so far; two hundred \
    letters are common, four hundred no rarity in practice, with what was on the screen";

impl Floor {
    /// Beside the records of the site: the same folder, the same cluster.
    pub fn open(site: &Site) -> Result<Floor, String> {
        let Some(cluster) = &site.cluster else {
            return Ok(Floor::Sqlite(site.folder.path().join("floor.db")));
        };
        // It may be there from the round before.
        let _ = cluster.create("floor", None);
        Ok(Floor::Postgres(cluster.url("floor")))
    }

    /// Pairs of rows a second. SQLite has one writer, whatever the number of clients.
    pub fn per_second(&self, clients: usize, time: Duration) -> Result<f64, String> {
        match self {
            Floor::Sqlite(path) => sqlite(path, time).map_err(|error| error.to_string()),
            Floor::Postgres(url) => {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                let runtime = runtime.map_err(|error| error.to_string())?;
                runtime.block_on(postgres(url, clients, time)).map_err(|error| error.to_string())
            }
        }
    }
}

fn sqlite(path: &PathBuf, time: Duration) -> rusqlite::Result<f64> {
    let connection = Connection::open(path)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    for sql in set_up() {
        connection.execute_batch(&sql)?;
    }
    let insert = "INSERT INTO floor_incident VALUES (?1, ?1, ?2, 'new', ?3, ?2, ?1, ?4, ?5)";
    let mut incident = connection.prepare(insert)?;
    let mut audit = connection.prepare("INSERT INTO floor_audit VALUES (?1, ?1, ?2, ?1, ?3)")?;
    let (begin, mut count) = (Instant::now(), 0);
    while begin.elapsed() < time {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let (team, priority) = (count % 20, count % 4);
        incident.execute(params![
            count,
            team,
            priority,
            "a summary of a few words",
            DESCRIPTION
        ])?;
        audit.execute(params![count, team, DESCRIPTION])?;
        connection.execute_batch("COMMIT")?;
        count += 1;
    }
    Ok(count as f64 / begin.elapsed().as_secs_f64())
}

/// Statements that begin afresh: a floor does not grow from round to round.
fn set_up() -> Vec<String> {
    let mut statements = vec![
        "DROP TABLE IF EXISTS floor_incident".to_string(),
        "DROP TABLE IF EXISTS floor_audit".to_string(),
        format!("CREATE TABLE floor_incident {INCIDENT}"),
        format!("CREATE TABLE floor_audit {AUDIT}"),
    ];
    statements.extend(INDEXES.map(str::to_string));
    statements
}

async fn postgres(url: &str, clients: usize, time: Duration) -> Result<f64, tokio_postgres::Error> {
    let first = connect(url).await?;
    for sql in set_up() {
        first.batch_execute(&sql).await?;
    }
    let begin = Instant::now();
    let tasks: Vec<_> = (0..clients as i64)
        .map(|client| {
            let url = url.to_string();
            tokio::spawn(async move { writer(&url, client, begin, time).await })
        })
        .collect();
    let mut count = 0;
    for task in tasks {
        count += task.await.unwrap_or(Ok(0))?;
    }
    Ok(count as f64 / begin.elapsed().as_secs_f64())
}

async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn writer(
    url: &str,
    client: i64,
    begin: Instant,
    time: Duration,
) -> Result<i64, tokio_postgres::Error> {
    let connection = connect(url).await?;
    let insert = "INSERT INTO floor_incident VALUES ($1, $1, $2, 'new', $3, $2, $1, $4, $5)";
    let incident = connection.prepare(insert).await?;
    let audit = connection.prepare("INSERT INTO floor_audit VALUES ($1, $1, $2, $1, $3)").await?;
    let mut count = 0;
    while begin.elapsed() < time {
        let (id, team, priority) = (client * 100_000_000 + count, count % 20, count % 4);
        connection.batch_execute("BEGIN").await?;
        let summary = "a summary of a few words";
        connection.execute(&incident, &[&id, &team, &priority, &summary, &DESCRIPTION]).await?;
        connection.execute(&audit, &[&id, &team, &DESCRIPTION]).await?;
        connection.batch_execute("COMMIT").await?;
        count += 1;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::Floor;
    use crate::support::postgres::{Cluster, programs};
    use std::time::Duration;

    const TIME: Duration = Duration::from_millis(50);

    #[test]
    fn sqlite_has_a_floor() {
        let folder = tempfile::tempdir().unwrap();
        let floor = Floor::Sqlite(folder.path().join("floor.db"));
        assert!(floor.per_second(4, TIME).unwrap() > 1.0);
        // A second round begins afresh.
        assert!(floor.per_second(4, TIME).unwrap() > 1.0);
    }

    #[test]
    fn postgres_has_a_floor() {
        if programs().is_none() {
            println!("skipped: PostgreSQL's initdb was not found");
            return;
        }
        let cluster = Cluster::start().unwrap();
        let floor = Floor::Postgres(cluster.url("evenkeel"));
        assert!(floor.per_second(4, TIME).unwrap() > 1.0);
    }
}
