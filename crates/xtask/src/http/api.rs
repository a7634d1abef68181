//! REST by its contract, for what is not measured: JSON in, JSON out, one person.

use super::connection::Connection;
use super::request::{authorized, quoted};
use serde_json::Value;
use std::net::SocketAddr;

pub struct Api {
    connection: Connection,
    address: SocketAddr,
    pub token: String,
}

/// An answer with its body as JSON (`null` where it is none).
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Value,
}

impl Api {
    pub fn open(address: SocketAddr, token: &str) -> Result<Api, String> {
        let connection = Connection::open(address).map_err(|error| error.to_string())?;
        Ok(Api { connection, address, token: token.to_string() })
    }

    /// Sends a request. An error means that no answer came: the outcome is unknown.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply, String> {
        let text = body.map(Value::to_string).unwrap_or_default();
        let bytes = authorized(method, path, &self.token, headers, text.as_bytes());
        let answer = match self.connection.send(&bytes) {
            Ok(answer) => answer,
            Err(error) => {
                // The next request finds a fresh connection, if there is a server.
                if let Ok(connection) = Connection::open(self.address) {
                    self.connection = connection;
                }
                return Err(format!("{method} {path}: {error}"));
            }
        };
        let etag = answer.header("etag").map(str::to_string);
        let body = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        Ok(Reply { status: answer.status, etag, body })
    }

    /// A read that must succeed.
    pub fn get(&mut self, path: &str) -> Result<Value, String> {
        let reply = self.send("GET", path, &[], None)?;
        if reply.status == 200 { Ok(reply.body) } else { Err(unexpected("GET", path, &reply)) }
    }

    /// A new record; its answer.
    pub fn create(&mut self, record_type: &str, fields: &Value) -> Result<Value, String> {
        let path = format!("/api/v1/{record_type}");
        let reply = self.send("POST", &path, &[], Some(fields))?;
        if reply.status == 201 { Ok(reply.body) } else { Err(unexpected("POST", &path, &reply)) }
    }

    /// The history of a record, as a list of entries.
    pub fn history(&mut self, record_type: &str, record: &str) -> Result<Vec<Value>, String> {
        let answer = self.get(&format!("/api/v1/{record_type}/{record}/history"))?;
        entries(&answer).ok_or_else(|| format!("the history of {record} is no list: {answer}"))
    }

    /// How many records a list holds.
    pub fn total(&mut self, list: &List) -> Result<u64, String> {
        let path = list.clone().limit(1).path() + "&count=true";
        let answer = self.get(&path)?;
        answer["total"].as_u64().ok_or_else(|| format!("{path}: no total in {answer}"))
    }

    /// Goes through a list page by page until `each` says stop or the list ends.
    pub fn each(
        &mut self,
        list: &List,
        mut each: impl FnMut(&Value) -> bool,
    ) -> Result<(), String> {
        let mut page = list.clone();
        loop {
            let answer = self.get(&page.path())?;
            let records = answer["records"].as_array().ok_or("a page without `records`")?;
            if !records.iter().all(&mut each) {
                return Ok(());
            }
            match answer["next"].as_str() {
                Some(cursor) => page.cursor = Some(cursor.to_string()),
                None => return Ok(()),
            }
        }
    }
}

/// The entries of a history: the answer itself, or its `records` or `entries`.
fn entries(answer: &Value) -> Option<Vec<Value>> {
    let lists = [answer, &answer["records"], &answer["entries"], &answer["history"]];
    lists.iter().find_map(|value| value.as_array().cloned())
}

fn unexpected(method: &str, path: &str, reply: &Reply) -> String {
    format!("{method} {path}: {} {}", reply.status, reply.body)
}

/// A list by its contract.
#[derive(Clone, Debug, Default)]
pub struct List {
    record_type: String,
    condition: String,
    sort: String,
    columns: String,
    limit: usize,
    pub cursor: Option<String>,
}

impl List {
    pub fn of(record_type: &str) -> List {
        List { record_type: record_type.to_string(), limit: 50, ..List::default() }
    }

    pub fn when(mut self, condition: &str) -> List {
        self.condition = condition.to_string();
        self
    }

    pub fn sort(mut self, sort: &str) -> List {
        self.sort = sort.to_string();
        self
    }

    pub fn columns(mut self, columns: &str) -> List {
        self.columns = columns.to_string();
        self
    }

    pub fn limit(mut self, limit: usize) -> List {
        self.limit = limit;
        self
    }

    pub fn path(&self) -> String {
        let mut path = format!("/api/v1/{}?limit={}", self.record_type, self.limit);
        let cursor = self.cursor.as_deref().unwrap_or_default();
        let parts = [
            ("where", self.condition.as_str()),
            ("sort", &self.sort),
            ("columns", &self.columns),
            ("cursor", cursor),
        ];
        for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
            path += &format!("&{name}={}", quoted(value));
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::{List, entries};
    use serde_json::json;

    #[test]
    fn lists_are_asked_for_by_the_contract() {
        let list = List::of("incident").when("state == 'new'").sort("-priority,number").limit(9);
        let wanted =
            "/api/v1/incident?limit=9&where=state%20%3D%3D%20%27new%27&sort=-priority%2Cnumber";
        assert_eq!(list.path(), wanted);
    }

    #[test]
    fn a_history_is_found() {
        assert_eq!(entries(&json!({ "records": [1] })), Some(vec![json!(1)]));
        assert_eq!(entries(&json!([1])), Some(vec![json!(1)]));
        assert_eq!(entries(&json!({})), None);
    }
}
