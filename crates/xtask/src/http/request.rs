//! Requests as bytes, made once and sent many times.

/// A whole request: line, headers, length, body.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256 + body.len());
    bytes.extend_from_slice(format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n").as_bytes());
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !body.is_empty() || method != "GET" {
        let length = body.len();
        bytes.extend_from_slice(format!("Content-Length: {length}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// A request with a token, and JSON where there is a body.
pub fn authorized(
    method: &str,
    path: &str,
    token: &str,
    more: &[(&str, &str)],
    body: &[u8],
) -> Vec<u8> {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("Authorization", bearer.as_str())];
    if !body.is_empty() {
        headers.push(("Content-Type", "application/json"));
    }
    headers.extend_from_slice(more);
    request(method, path, &headers, body)
}

/// A text as a part of a query (RFC 3986).
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{authorized, quoted};

    #[test]
    fn requests_are_whole() {
        let bytes = authorized("POST", "/x", "t", &[("A", "b")], b"{}");
        let wanted = "POST /x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n\
                      Content-Type: application/json\r\nA: b\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(String::from_utf8(bytes).unwrap(), wanted);
    }

    #[test]
    fn queries_are_quoted() {
        assert_eq!(quoted("state == '新'"), "state%20%3D%3D%20%27%E6%96%B0%27");
    }
}
