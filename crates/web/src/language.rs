//! Which language an answer is written in: what the request asks for, else the person's own.

use axum::http::{HeaderMap, header};
use model::Language;

/// The best of `Accept-Language` among those the program speaks; none where it names neither.
///
/// | header | language |
/// | --- | --- |
/// | `zh-CN,zh;q=0.9,en;q=0.8` | Chinese |
/// | `en-GB` | English |
/// | `fr, zh;q=0.2` | Chinese |
/// | `fr`, `zh;q=0`, nothing | none |
pub fn asked(headers: &HeaderMap) -> Option<Language> {
    let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(Language, f32)> = None;
    for range in header.split(',').take(20) {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or("").trim().to_ascii_lowercase();
        let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
        let quality: f32 = quality.unwrap_or(1.0);
        let primary = tag.split('-').next().unwrap_or("");
        let spoken = Language::REQUIRED.into_iter().find(|known| known.as_str() == primary);
        if let Some(language) = spoken
            && quality > best.map_or(0.0, |(_, quality)| quality)
        {
            best = Some((language, quality));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_spoken_language_is_taken() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::ZH)),
            ("en-GB", Some(Language::EN)),
            ("fr, zh;q=0.2", Some(Language::ZH)),
            ("en;q=0.1, zh-Hans;q=0.5", Some(Language::ZH)),
            ("fr", None),
            ("zh;q=0", None),
            ("", None),
            (";;;,,q=", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, header.parse().unwrap());
            assert_eq!(asked(&headers), language, "{header}");
        }
        assert_eq!(asked(&HeaderMap::new()), None);
    }
}
