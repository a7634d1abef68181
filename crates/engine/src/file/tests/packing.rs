//! Packed files: unpacked by content, within limits, one layer deep; archives that would unpack
//! to far more than they are end early.

use super::{slip, texts};
use crate::file::{Limits, Reading, open};
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn packed_files_are_read_by_content() {
    let plain = b"a,b\n1,2\n".as_slice();
    let packed = [
        (gzip(plain), "a.csv.gz"),
        (xz(plain), "a.csv.xz"),
        (zstd::encode_all(plain, 3).unwrap(), "a.csv.zst"),
        ([gzip(b"a,b\n"), gzip(b"1,2\n")].concat(), "a.csv"),
        ([xz(b"a,b\n"), xz(b"1,2\n")].concat(), "a"),
    ];
    for (bytes, name) in packed {
        let rows = open(bytes.as_slice(), name, &Reading::default()).unwrap();
        let rows: Vec<_> = rows.collect::<Result<_, _>>().unwrap();
        assert_eq!(texts(&rows), [(2, vec!["1".to_string(), "2".to_string()])], "{name}");
    }
}

#[test]
fn damaged_and_nested_packing_is_refused() {
    let reading = Reading::default();
    let mut cut = gzip(b"a,b\n1,2\n");
    cut.truncate(cut.len() / 2);
    assert!(slip(&cut, "a.csv.gz", &reading).en.starts_with("The file cannot be read"));
    let twice = gzip(&xz(b"a,b\n"));
    assert!(slip(&twice, "a.csv.gz", &reading).en.starts_with("The file is packed twice"));
}

#[test]
fn bombs_end_at_the_limits() {
    let plain =
        [b"a\n".as_slice(), &[b"0".repeat(4095), b"\n".to_vec()].concat().repeat(2048)].concat();
    for bomb in [gzip(&plain), xz(&plain), zstd::encode_all(plain.as_slice(), 3).unwrap()] {
        let said = slip(&bomb, "a.csv", &Reading::default()).en;
        assert!(said.starts_with("The file unpacks to far more"), "{said}");
        let limits = Limits { ratio: u64::MAX, unpacked_bytes: 1024 * 1024, ..Limits::default() };
        let said = slip(&bomb, "a.csv", &Reading { limits, ..Reading::default() }).en;
        assert_eq!(said, "The file is larger than 1 MiB unpacked; split it.");
    }
}

#[test]
fn workbooks_are_measured_before_they_are_opened() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/sharedStrings.xml", options).unwrap();
    archive.write_all(&vec![b' '; 8 * 1024 * 1024]).unwrap();
    let bomb = archive.finish().unwrap().into_inner();
    let said = slip(&bomb, "a.xlsx", &Reading::default()).en;
    assert!(said.starts_with("The file unpacks to far more"), "{said}");

    let said = slip(b"PK\x03\x04 and no more", "a.xlsx", &Reading::default()).en;
    assert!(said.starts_with("The workbook is damaged"), "{said}");
}
