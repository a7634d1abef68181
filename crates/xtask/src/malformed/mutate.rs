//! Valid requests with something wrong in them: bytes flipped, cut, doubled, swapped between two
//! requests, values of other types, numbers out of range.

use crate::http::request::{authorized, request};
use crate::random::Random;

/// Requests that a server answers well: the ground that the mutations stand on.
pub fn valid_requests(token: &str) -> Vec<Vec<u8>> {
    let incident = br#"{"summary":"printer on fire","impact":"high","urgency":"high"}"#;
    let text = r#"{"summary":"打印机着火","description":"二楼\n三楼","confidential":false}"#;
    let queries = [
        "/api/v1/incident?limit=5",
        "/api/v1/incident?where=state%20%3D%3D%20%27new%27&sort=-priority,number&count=true",
        "/api/v1/incident?columns=number,summary&limit=2&cursor=AAAA",
        "/api/v1/incident?where=search%28%27printer%27%29",
        "/api/v1/incident?as_of=2026-01-01T00:00:00Z",
        "/api/v1/incident/INC-000001",
        "/api/v1/incident/INC-000001/history",
        "/api/v1/person?limit=1",
        "/api/v1/openapi.json",
        "/health",
        "/metrics",
    ];
    let edit = br#"{"symptom":"smoke"}"#;
    let mut all: Vec<Vec<u8>> =
        queries.iter().map(|path| authorized("GET", path, token, &[], b"")).collect();
    all.push(authorized("POST", "/api/v1/incident", token, &[("Idempotency-Key", "k1")], incident));
    all.push(authorized("POST", "/api/v1/incident", token, &[], text.as_bytes()));
    let path = "/api/v1/incident/INC-000001";
    all.push(authorized("PATCH", path, token, &[("If-Match", "\"1\"")], edit));
    let path = "/api/v1/incident/INC-000001/transition/take";
    all.push(authorized("POST", path, token, &[], br#"{"assigned_team":"Team 01"}"#));
    all.push(request("GET", "/api/v1/incident", &[], b""));
    all
}

/// Values that JSON allows and a field may not.
const VALUES: [&str; 16] = [
    "null",
    "true",
    "-1",
    "1e999",
    "9223372036854775808",
    "0.1",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[[[[[[[[]]]]]]]]",
    "\"' or 1=1 --\"",
    "{\"id\":\"x\"}",
    "\"9999-99-99\"",
    "NaN",
];

/// One valid request with one to four things wrong.
pub fn mutated(valid: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = valid[random.below(valid.len())].clone();
    for _ in 0..random.between(1, 4) {
        bytes = mutate(bytes, valid, random);
    }
    // The length is mended in half of the cases, so that the body is read at all.
    if random.chance(1, 2) { mended(bytes) } else { bytes }
}

fn mutate(mut bytes: Vec<u8>, valid: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    let at = random.below(bytes.len());
    match random.below(9) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = random.below(256) as u8,
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..(at + random.between(1, 8)).min(bytes.len()))),
        4 => {
            let part = bytes[at..(at + random.between(1, 40)).min(bytes.len())].to_vec();
            bytes.splice(at..at, part);
        }
        5 => {
            let other = &valid[random.below(valid.len())];
            let from = random.below(other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        6 => {
            bytes.splice(at..at, "A".repeat(1 << random.between(4, 15)).into_bytes()).for_each(drop)
        }
        7 => return with_value(bytes, random.pick(&VALUES)),
        _ => bytes.splice(at..at, "[".repeat(random.between(1, 4_000)).into_bytes()).for_each(drop),
    }
    bytes
}

/// The first value of the body replaced.
fn with_value(bytes: Vec<u8>, value: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return bytes };
    let Some((name, rest)) = body.split_once(':') else { return bytes };
    let after = rest.find([',', '}']).map_or("", |end| &rest[end..]);
    format!("{head}\r\n\r\n{name}:{value}{after}").into_bytes()
}

/// The request with the length that its body has.
fn mended(bytes: Vec<u8>) -> Vec<u8> {
    let Some(at) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { return bytes };
    let (head, body) = bytes.split_at(at);
    let head = String::from_utf8_lossy(head);
    let lines =
        head.split("\r\n").filter(|line| !line.to_lowercase().starts_with("content-length"));
    let mut out = lines.collect::<Vec<_>>().join("\r\n").into_bytes();
    let length = body.len() - 4;
    out.extend_from_slice(format!("\r\nContent-Length: {length}").as_bytes());
    out.extend_from_slice(body);
    out
}

#[cfg(test)]
mod tests {
    use super::{mended, mutated, valid_requests, with_value};
    use crate::random::Random;
    use std::collections::BTreeSet;

    #[test]
    fn mutations_are_many_and_repeatable() {
        let valid = valid_requests("token");
        let make = || {
            let mut random = Random::new(3);
            (0..2_000).map(|_| mutated(&valid, &mut random)).collect::<Vec<_>>()
        };
        let made = make();
        assert_eq!(made, make());
        assert!(made.iter().collect::<BTreeSet<_>>().len() > 1_900);
        let untouched = made.iter().filter(|request| valid.contains(request)).count();
        assert!(untouched < 60, "{untouched} are valid");
    }

    #[test]
    fn lengths_are_mended_and_values_replaced() {
        let request = b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{\"a\":1}".to_vec();
        let mended = String::from_utf8(mended(with_value(request, "null"))).unwrap();
        assert_eq!(mended, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{\"a\":null}");
    }
}
