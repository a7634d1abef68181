//! The world outside of the running program: a collector that takes its traces, a disk that takes
//! no more.

use super::program::{Place, Server};
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc;

/// Takes requests until it has one; gives each request line with its body.
fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let (taken, all) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut head: Vec<String> = Vec::new();
            while head.last().is_none_or(|line| !line.is_empty()) {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                head.push(line.trim_end().to_ascii_lowercase());
            }
            let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            stream.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.get_mut().write_all(answer).unwrap();
            if taken.send((head[0].clone(), body)).is_err() {
                return;
            }
        }
    });
    (endpoint, all)
}

#[test]
fn traces_reach_a_collector_and_hold_no_values() {
    let (endpoint, requests) = collector();
    let place = Place::with_people();
    let token = place.token("desk");
    place.write("data/evenkeel.toml", &format!("[traces]\nendpoint = '{endpoint}'\n"));
    let server = place.serve(&[]);
    let made = server.post(&token, "/api/v1/incident", &json!({ "summary": "Tracer-51c8" }));
    assert_eq!(made.status, 201, "{made:?}");
    // Whatever waits is sent before the end.
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    let all: Vec<(String, Vec<u8>)> = requests.try_iter().collect();
    assert!(!all.is_empty(), "nothing came: {log}");
    assert!(all.iter().all(|(line, _)| line == "post /v1/traces http/1.1"));
    let bytes: Vec<u8> = all.into_iter().flat_map(|(_, body)| body).collect();
    let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    for told in ["service.name", "evenkeel", "http", "method", "POST"] {
        assert!(holds(told), "{told}");
    }
    assert!(!holds("Tracer-51c8") && !holds(&token), "values and secrets stay in the house");
}

/// A server whose files can grow to this size and no further: writes fail in the middle.
fn serve_within(place: &Place, kilobytes: u64) -> Server {
    place.serve_by(&[], |command| {
        let mut within = Command::new("bash");
        let limit = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        within.arg("-c").arg(limit).arg(command.get_program()).args(command.get_args());
        within.current_dir(command.get_current_dir().unwrap());
        within
    })
}

/// A write that the disk does not take is never acknowledged; reads go on; what was acknowledged
/// is there, and work goes on where there is room again.
#[test]
fn a_write_that_fails_is_refused_and_nothing_acknowledged_is_lost() {
    let place = Place::with_people();
    let token = place.token("desk");
    drop(place.serve(&[]).stop());
    let held = std::fs::read_dir(place.data()).unwrap();
    let largest = held.map(|file| file.unwrap().metadata().unwrap().len()).max().unwrap();
    let server = serve_within(&place, largest / 1024 + 512);
    let long = "words ".repeat(2_000);
    let mut acknowledged = Vec::new();
    let refused = loop {
        let body = json!({ "summary": "Grows", "description": long });
        let made = server.post(&token, "/api/v1/incident", &body);
        if made.status != 201 {
            break made;
        }
        acknowledged.push(made.json["number"].as_str().unwrap().to_string());
        assert!(acknowledged.len() < 2_000, "the limit was never met");
    };
    assert!([500, 503, 507].contains(&refused.status), "{refused:?}");
    assert!(!acknowledged.is_empty());
    let there = |server: &Server| {
        let total = &server.get(&token, "/api/v1/incident?limit=1&count=true").json["total"];
        assert_eq!(*total, acknowledged.len(), "what was refused is not there");
        for number in &acknowledged {
            let read = server.get(&token, &format!("/api/v1/incident/{number}"));
            assert_eq!(read.status, 200, "{number}");
        }
    };
    there(&server);
    server.kill();
    let server = place.serve(&[]);
    there(&server);
    let made = server.post(&token, "/api/v1/incident", &json!({ "summary": "Room again" }));
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(server.stop().0, Some(0));
    place.good(&["ledger", "verify"]);
}
