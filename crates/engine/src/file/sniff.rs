//! What separates the cells of a CSV file, and what its text is written in, told from its
//! beginning.

use super::{Charset, FileSlip};

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Rows that are compared.
const ROWS: usize = 20;

/// The separator that cuts the first rows most evenly, and of several such the one that cuts
/// the header most often; a comma where nothing is cut.
///
/// | beginning | separator |
/// | --- | --- |
/// | `a,b` / `1,2` | comma |
/// | `a;b` / `1,5;2` | semicolon |
/// | `a⇥b` | tab |
/// | `"a;b",c` | comma: quoted ones do not count |
/// | `a` | comma |
pub fn separator(prefix: &[u8]) -> u8 {
    let mut best = (b',', 0, 1);
    for separator in SEPARATORS {
        let widths = widths(prefix, separator);
        let header = widths.first().copied().unwrap_or(1);
        let even = widths.iter().filter(|width| **width == header).count();
        if header > 1 && (even, header) > (best.1, best.2) {
            best = (separator, even, header);
        }
    }
    best.0
}

/// How many cells each of the first rows has; a row that the prefix cuts off is not among them.
fn widths(prefix: &[u8], separator: u8) -> Vec<usize> {
    let mut builder = csv::ReaderBuilder::new();
    let mut reader =
        builder.has_headers(false).flexible(true).delimiter(separator).from_reader(prefix);
    let mut widths = Vec::new();
    let mut record = csv::ByteRecord::new();
    while widths.len() < ROWS && reader.read_byte_record(&mut record).unwrap_or(false) {
        widths.push(record.len());
    }
    let cut_off = prefix.len() as u64 == super::PREFIX && widths.len() < ROWS;
    if cut_off && widths.len() > 1 {
        widths.pop();
    }
    widths
}

/// Refuses what spreadsheets save as "Unicode text".
///
/// # Errors
/// How to save it instead.
pub fn not_utf16(prefix: &[u8]) -> Result<(), FileSlip> {
    if prefix.starts_with(&[0xFF, 0xFE]) || prefix.starts_with(&[0xFE, 0xFF]) {
        return Err(FileSlip::new(
            "The file is written in UTF-16; save it as CSV UTF-8.",
            "文件编码为 UTF-16，请另存为 UTF-8 编码的 CSV。",
        ));
    }
    Ok(())
}

/// The text of a cell.
///
/// # Errors
/// The byte, counted from 1, that does not belong into it.
pub fn decode(bytes: &[u8], charset: Charset) -> Result<String, FileSlip> {
    let said = match charset {
        Charset::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(text.to_string()),
            Err(error) => {
                let at = error.valid_up_to();
                let bad = bytes.get(at).copied().unwrap_or(0);
                let (at, save) = (at + 1, "save the file as UTF-8, or say that it is GB18030");
                let en = format!("Byte {at} (0x{bad:02X}) is not UTF-8; {save}.");
                let zh = "请将文件另存为 UTF-8，或声明编码为 GB18030";
                FileSlip::new(en, format!("第 {at} 个字节（0x{bad:02X}）不是 UTF-8；{zh}。"))
            }
        },
        // In GB18030 no byte of a longer character is a comma, quote or newline, so cells can
        // be cut first and decoded one by one.
        Charset::Gb18030 => {
            let decoder = encoding_rs::GB18030;
            match decoder.decode_without_bom_handling_and_without_replacement(bytes) {
                Some(text) => return Ok(text.into_owned()),
                None => FileSlip::new(
                    "The text is not GB18030; save the file as UTF-8.",
                    "文本不是 GB18030 编码，请将文件另存为 UTF-8。",
                ),
            }
        }
    };
    Err(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_as_the_table_says() {
        let cases = [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2\n", b';'),
            ("a;b\n1,5;2,5\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("\"a;b\",c\n", b','),
            ("a\n1;2\n", b','),
            ("", b','),
        ];
        for (prefix, wanted) in cases {
            assert_eq!(separator(prefix.as_bytes()), wanted, "{prefix}");
        }
    }

    #[test]
    fn cells_are_decoded() {
        assert_eq!(decode("网络".as_bytes(), Charset::Utf8).unwrap(), "网络");
        assert_eq!(decode(&[0xCD, 0xF8, 0xC2, 0xE7], Charset::Gb18030).unwrap(), "网络");
        let slip = decode(&[b'a', 0xCD, 0xF8], Charset::Utf8).unwrap_err();
        assert!(slip.en.starts_with("Byte 2 (0xCD)"), "{}", slip.en);
        assert!(decode(&[0xFF, 0xFF], Charset::Gb18030).is_err());
    }
}
