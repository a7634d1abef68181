//! Requests put together from parts of which each may be wrong: methods, paths, versions, headers,
//! lengths, bodies. Most are far from any valid request.

use crate::random::Random;

const METHODS: [&str; 10] =
    ["GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "TRACE", "get", "G\0T", ""];
const PATHS: [&str; 16] = [
    "/",
    "/api/v1/incident",
    "/api/v1/incident/",
    "/api/v1/no_such_thing",
    "/api/v1/incident/%00",
    "/api/v1/incident/../../etc/passwd",
    "/api/v1/incident?limit=-1",
    "/api/v1/incident?limit=1e9",
    "/api/v1/incident?where=%28%28%28%28",
    "/api/v1/incident?sort=%27",
    "/api/v1/incident?cursor=%ff",
    "/api/v1/incident?as_of=yesterday",
    "*",
    "http://[::1",
    "/%",
    "/api/v1/openapi.json?x=1",
];
const VERSIONS: [&str; 6] = ["HTTP/1.1", "HTTP/1.0", "HTTP/9.9", "HTTP/", "", "HTTP/1.1\0"];
const HEADERS: [&str; 18] = [
    "Host: localhost",
    "Host: a\r\nHost: b",
    "Authorization: Bearer x",
    "Authorization: Basic ==",
    "Authorization:",
    "Content-Type: application/json",
    "Content-Type: text/html; charset=utf-7",
    "Content-Length: -1",
    "Content-Length: 18446744073709551616",
    "Content-Length: 5\r\nContent-Length: 6",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 3",
    "Transfer-Encoding: gzip, chunked",
    "If-Match: \"\"",
    "If-Match: *, \"",
    "Expect: 100-continue",
    " folded: header",
    "Idempotency-Key: \u{7f}\u{1}",
];
const BODIES: [&str; 10] = [
    "",
    "{",
    "[]",
    "null",
    "{\"summary\":",
    "{\"summary\":1}",
    "{\"a\":1,\"a\":2}",
    "\u{feff}{}",
    "zz\r\nxx\r\n0\r\n\r\n",
    "ffffffffffffffff\r\n",
];

pub fn request(random: &mut Random) -> Vec<u8> {
    let (method, path) = (random.pick(&METHODS), random.pick(&PATHS));
    let mut text = format!("{method} {path} {}\r\n", random.pick(&VERSIONS));
    for _ in 0..random.below(6) {
        text += random.pick(&HEADERS);
        text += "\r\n";
    }
    match random.below(40) {
        0 => text += &format!("X: {}\r\n", "y".repeat(1 << random.between(10, 20))),
        1 => text += &"A: b\r\n".repeat(random.between(100, 5_000)),
        2 => text += &format!("Cookie: {}\r\n", "a=b;".repeat(random.between(1, 20_000))),
        _ => {}
    }
    text += random.pick(&["\r\n", "\n", "\r\n", "\r\n", ""]);
    text += random.pick(&BODIES);
    if random.chance(1, 30) {
        text += &"{\"a\":".repeat(random.between(100, 100_000));
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::request;
    use crate::random::Random;

    #[test]
    fn requests_of_a_seed_are_the_same_and_bounded() {
        let make = || {
            let mut random = Random::new(9);
            (0..500).map(|_| request(&mut random)).collect::<Vec<_>>()
        };
        assert_eq!(make(), make());
        assert!(make().iter().all(|request| request.len() < 4 << 20));
    }
}
