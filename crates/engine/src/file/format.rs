//! Which format a file has: by the end of its name, checked against its first bytes. A file
//! without a telling name is known by content alone.

use super::{FileSlip, Format};

/// The first bytes of a ZIP archive, which a workbook is, and of workbooks before 2007.
const ZIP: &[u8] = b"PK\x03\x04";
const OLD_WORKBOOK: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// | name | first bytes | format |
/// | --- | --- | --- |
/// | `a.csv`, `a.TSV`, `a.txt.gz` | text | CSV |
/// | `a.jsonl`, `a.ndjson.zst` | text | JSON lines |
/// | `a.xlsx` | `PK` | XLSX |
/// | `a.csv`, `a.jsonl` | `PK` | refused |
/// | `a.xlsx` | text | refused |
/// | `a.xls`, `a.ods`, `a.zip` | any | refused |
/// | other | `PK`; `{`; else | XLSX; JSON lines; CSV |
///
/// # Errors
/// What the file is instead, and what to send.
pub fn of(name: &str, prefix: &[u8]) -> Result<Format, FileSlip> {
    if prefix.starts_with(OLD_WORKBOOK) {
        return Err(old_workbook());
    }
    let name = name.to_lowercase();
    let packings = [".xz", ".gz", ".zst"];
    let plain = packings.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let ending = plain.rsplit_once('.').map_or("", |(_, ending)| ending);
    let zip = prefix.starts_with(ZIP);
    match ending {
        "csv" | "tsv" | "txt" | "jsonl" | "ndjson" if zip => Err(not_text()),
        "csv" | "tsv" | "txt" => Ok(Format::Csv),
        "jsonl" | "ndjson" => Ok(Format::Jsonl),
        "xlsx" if zip => Ok(Format::Xlsx),
        "xlsx" => Err(FileSlip::new(
            "The file is named .xlsx but is no workbook; save it again as .xlsx, or as CSV.",
            "文件扩展名为 .xlsx，但内容不是工作簿，请重新另存为 .xlsx 或 CSV。",
        )),
        "xls" => Err(old_workbook()),
        "ods" | "zip" | "json" | "xml" | "pdf" => Err(FileSlip::new(
            format!("A .{ending} file is not taken; send CSV, XLSX or JSON lines."),
            format!("不支持 .{ending} 文件，请使用 CSV、XLSX 或 JSON Lines。"),
        )),
        _ if zip => Ok(Format::Xlsx),
        _ => Ok(by_text(prefix)),
    }
}

fn by_text(prefix: &[u8]) -> Format {
    let text = prefix.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(prefix);
    if text.trim_ascii_start().starts_with(b"{") { Format::Jsonl } else { Format::Csv }
}

fn not_text() -> FileSlip {
    FileSlip::new(
        "The name says text, but the content is a workbook or an archive; name a workbook .xlsx.",
        "文件扩展名表示文本，但内容是工作簿或压缩包；如为工作簿，请改用 .xlsx 扩展名。",
    )
}

fn old_workbook() -> FileSlip {
    FileSlip::new(
        "Workbooks of the old kind (.xls) are not taken; save it as .xlsx or CSV.",
        "不支持旧版 .xls 工作簿，请另存为 .xlsx 或 CSV。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_as_the_table_says() {
        let zip = b"PK\x03\x04..".as_slice();
        let cases = [
            ("a.csv", b"x".as_slice(), Some(Format::Csv)),
            ("a.TSV", b"x", Some(Format::Csv)),
            ("a.txt.gz", b"x", Some(Format::Csv)),
            ("a.jsonl", b"{}", Some(Format::Jsonl)),
            ("a.ndjson.zst", b"{}", Some(Format::Jsonl)),
            ("a.xlsx", zip, Some(Format::Xlsx)),
            ("a.csv", zip, None),
            ("a.jsonl", zip, None),
            ("a.xlsx", b"x", None),
            ("a.xls", b"x", None),
            ("a.ods", zip, None),
            ("a.zip", zip, None),
            ("a", &[0xD0, 0xCF, 0x11, 0xE0], None),
            ("a", zip, Some(Format::Xlsx)),
            ("-", b"\xEF\xBB\xBF {\"a\":1}", Some(Format::Jsonl)),
            ("-", b"a,b", Some(Format::Csv)),
        ];
        for (name, prefix, wanted) in cases {
            assert_eq!(of(name, prefix).ok(), wanted, "{name}");
        }
    }
}
