//! The parts of the pages that are the same for everybody: styles, scripts, pictures. Each is named
//! by its content, so that a browser keeps it for ever and gets a new one the moment it changes.

use crate::answer::{Answer, Content};
use crate::call::Call;
use crate::page::HTML;
use crate::problem::{Problem, Result};
use axum::http::header;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::LazyLock;

struct Source {
    name: &'static str,
    media_type: &'static str,
    texts: &'static [&'static str],
}

/// One asset, made ready once.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    url: String,
    plain: Vec<u8>,
    packed: Vec<u8>,
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// What runs beside the pages, under a policy of its own: that of its answer.
const WORKER: &str = "live-worker.js";
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

const SOURCES: &[Source] = &[
    Source {
        name: "app.css",
        media_type: CSS,
        texts: &[
            include_str!("../asset/tokens.css"),
            include_str!("../asset/base.css"),
            include_str!("../asset/components.css"),
            include_str!("../asset/blocks.css"),
            include_str!("../asset/product.css"),
            include_str!("../asset/live.css"),
        ],
    },
    Source { name: "print.css", media_type: CSS, texts: &[include_str!("../asset/print.css")] },
    Source { name: "htmx.js", media_type: SCRIPT, texts: &[include_str!("../asset/htmx.js")] },
    Source {
        name: "app.js",
        media_type: SCRIPT,
        texts: &[
            include_str!("../asset/app.js"),
            include_str!("../asset/mention.js"),
            include_str!("../asset/api.js"),
        ],
    },
    Source {
        name: "live.js",
        media_type: SCRIPT,
        texts: &[
            include_str!("../asset/live-stream.js"),
            include_str!("../asset/live.js"),
            include_str!("../asset/presence.js"),
        ],
    },
    Source {
        name: WORKER,
        media_type: SCRIPT,
        texts: &[include_str!("../asset/live-stream.js"), include_str!("../asset/live-worker.js")],
    },
    Source { name: "door.js", media_type: SCRIPT, texts: &[include_str!("../asset/door.js")] },
    Source { name: "icons.svg", media_type: SVG, texts: &[include_str!("../asset/icons.svg")] },
    Source { name: "mark.svg", media_type: SVG, texts: &[include_str!("../asset/mark.svg")] },
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| SOURCES.iter().map(ready).collect());

fn ready(source: &Source) -> Asset {
    let plain = source.texts.join("\n").into_bytes();
    let digest = hex::encode(&Sha256::digest(&plain)[..6]);
    let (stem, kind) = source.name.rsplit_once('.').unwrap_or((source.name, ""));
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; a pack that did would only be left empty and unused.
    let packed = packer.write_all(&plain).and_then(|()| packer.finish()).unwrap_or_default();
    Asset {
        name: source.name,
        media_type: source.media_type,
        url: format!("/asset/{stem}.{digest}.{kind}"),
        plain,
        packed,
    }
}

/// The address of an asset; an unknown one has none, which a test rules out.
pub fn url(name: &str) -> &'static str {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    found.map_or("", |asset| asset.url.as_str())
}

/// The same answer where the server lives below a path: what its HTML loads is named with the path.
/// Pictures are drawn in many places that know nothing of it. No text of a person is meant by it,
/// because its quotes are escaped.
#[must_use]
pub fn below(prefix: &str, mut answer: Answer) -> Answer {
    if let Content::Bytes { media_type: HTML, bytes } = &mut answer.content
        && !prefix.is_empty()
        && let Ok(page) = std::str::from_utf8(bytes)
    {
        *bytes = page.replace("=\"/asset/", &format!("=\"{prefix}/asset/")).into_bytes();
    }
    answer
}

/// Answers one asset, packed where the browser takes that.
pub fn read(call: &Call) -> Result<Answer> {
    let named = format!("/asset/{}", call.part("name"));
    let asset = ASSETS.iter().find(|asset| asset.url == named).ok_or_else(Problem::missing)?;
    let accepted = call.headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let packed = accepted.is_some_and(|text| text.contains("gzip")) && !asset.packed.is_empty();
    let bytes = if packed { asset.packed.clone() } else { asset.plain.clone() };
    let mut answer = Answer::nothing().status(axum::http::StatusCode::OK);
    answer.content = Content::Bytes { media_type: asset.media_type, bytes };
    if packed {
        answer = answer.header(header::CONTENT_ENCODING, "gzip");
    }
    if asset.name == WORKER {
        answer = answer.header(header::CONTENT_SECURITY_POLICY, WORKER_POLICY);
    }
    Ok(answer
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::VARY, "accept-encoding"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::grammar::ICONS;

    #[test]
    fn every_asset_has_an_address_of_its_content() {
        for source in SOURCES {
            assert!(url(source.name).starts_with("/asset/"), "{}", source.name);
        }
        assert_eq!(url("none.css"), "");
    }

    #[test]
    fn every_picture_that_definitions_may_name_is_drawn() {
        let sprite = include_str!("../asset/icons.svg");
        for icon in ICONS {
            assert!(sprite.contains(&format!("id=\"{icon}\"")), "{icon}");
        }
    }
}
