//! Versions of a record as HTTP knows them. An entity tag is `"v3-5f0c2a91"`: the record's version,
//! which edits are based on, and a digest of what was shown, because links, titles of other
//! records and the reader's language change what is shown without a new version.

use crate::problem::{Problem, Result, Said};
use axum::http::{HeaderMap, StatusCode, header};

/// The tag of a version as shown.
pub fn tag(version: i64, shown: &[u8]) -> String {
    format!("\"v{version}-{:08x}\"", digest(shown))
}

/// FNV-1a, folded to 32 bits: enough to tell two forms of one version of one record apart.
fn digest(bytes: &[u8]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ (hash >> 32)) as u32
}

/// Whether the client has this form already (`If-None-Match`, compared weakly).
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    let mut given = values.flat_map(|value| value.split(',')).map(str::trim);
    given.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// The version an edit is based on (`If-Match`); none where the client does not say or says `*`.
/// Of several the latest counts.
///
/// | header | version |
/// | --- | --- |
/// | `"v3"`, `W/"v3"`, `"v3-5f0c2a91"` | 3 |
/// | `"v3", "v5"` | 5 |
/// | `*`, none | none |
///
/// # Errors
/// `malformed` for tags that are none of ours.
pub fn base(headers: &HeaderMap) -> Result<Option<i64>> {
    let values = headers.get_all(header::IF_MATCH).iter();
    let mut latest = None;
    for value in values {
        let text = value.to_str().map_err(|_| no_tag())?;
        for one in text.split(',').map(str::trim) {
            if one == "*" {
                return Ok(None);
            }
            latest = latest.max(Some(version(one).ok_or_else(no_tag)?));
        }
    }
    Ok(latest)
}

fn version(tag: &str) -> Option<i64> {
    let bare = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix("\"v")?.strip_suffix('"')?;
    let digits = bare.split('-').next()?;
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten().filter(|version| *version > 0)
}

fn no_tag() -> Box<Problem> {
    Problem::malformed(
        "If-Match names no version of a record; send the ETag that came with it, as in \"v3\".",
        "If-Match 未指明记录版本，请发送随记录返回的 ETag，例如 \"v3\"。",
    )
}

/// A version that does not exist yet cannot have been the base of an edit.
///
/// # Errors
/// `precondition-failed`.
pub fn exists(base: Option<i64>, current: i64) -> Result<()> {
    if base.is_none_or(|base| base <= current) {
        return Ok(());
    }
    let said = Said::new(
        format!("The record has no such version yet; it stands at version {current}."),
        format!("记录尚无此版本，当前为版本 {current}。"),
    );
    Err(Box::new(Problem::new(StatusCode::PRECONDITION_FAILED, "precondition-failed", said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn bases_are_read() {
        for (text, version) in [
            ("\"v3\"", Ok(Some(3))),
            ("W/\"v3\"", Ok(Some(3))),
            ("\"v3-5f0c2a91\"", Ok(Some(3))),
            ("\"v3\", \"v5\"", Ok(Some(5))),
            ("*", Ok(None)),
            ("v3", Err(())),
            ("\"v\"", Err(())),
            ("\"v-3\"", Err(())),
            ("\"abc\"", Err(())),
            ("", Err(())),
        ] {
            let read = base(&with(header::IF_MATCH, text)).map_err(|_| ());
            assert_eq!(read, version, "{text}");
        }
        assert_eq!(base(&HeaderMap::new()).ok(), Some(None));
    }

    #[test]
    fn known_forms_are_recognized() {
        let tag = tag(3, b"{}");
        for (text, known) in [(tag.clone(), true), (format!("W/{tag}"), true), ("*".into(), true)] {
            assert_eq!(is_known(&with(header::IF_NONE_MATCH, &text), &tag), known, "{text}");
        }
        assert!(!is_known(&with(header::IF_NONE_MATCH, "\"v3\""), &tag));
        assert_ne!(tag, super::tag(3, b"{ }"));
    }
}
