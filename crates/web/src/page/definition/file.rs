//! The files as they are written: with numbered lines on the page, and to be saved.

use super::overlay_name;
use super::show::TypePage;
use crate::answer::Answer;
use crate::call::Call;
use crate::media;
use crate::percent;
use crate::problem::{Problem, Result};
use crate::route::Parameter;
use crate::show::mark::icon;
use axum::http::header;
use maud::{Markup, html};

pub const FILE: &[Parameter] =
    &[Parameter::text("path", 200, "The path of a file of the version in force.").needed()];

/// One file of the version in force, as it is.
pub fn file(call: &Call) -> Result<Answer> {
    let standing = call.session.definitions()?;
    let path = call.query.text("path").unwrap_or("");
    let text = standing.files.get(path).ok_or_else(Problem::missing)?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let answer = Answer::bytes("application/toml; charset=utf-8", text.clone().into_bytes());
    Ok(answer.header(header::CONTENT_DISPOSITION, &media::attachment(name)))
}

/// What a line of a file is called on the page that shows the file; lines from 1.
pub fn line_id(path: &str, line: usize) -> String {
    let name: String =
        path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{name}-{line}")
}

impl TypePage<'_> {
    /// The declaring file and each overlay, folded.
    pub fn source(&self) -> Markup {
        let name = &self.definition.name;
        let own = self.standing.places.at(name, "record", "");
        let declared = own.iter().filter(|place| !place.is_overlay).map(|place| &*place.path);
        let paths: Vec<&str> = declared.chain(self.standing.places.overlays(name)).collect();
        html! {
            section.below aria-labelledby="source" {
                div.sec {
                    h2 #source { (self.t("Source", "源文件")) }
                    span.count { (paths.len()) }
                }
                @for path in paths { (self.listing(path)) }
            }
        }
    }

    fn listing(&self, path: &str) -> Markup {
        let text = self.standing.files.get(path).map_or("", String::as_str);
        let saved = self.page.to(&format!("/administration/file?path={}", percent::encode(path)));
        let is_overlay = path != overlay_name(path);
        html! {
            details.fold-sec.below-s {
                summary {
                    (icon("chevron-right"))
                    h3 { code { (path) } }
                    @if is_overlay { " " span.tag { (self.t("overlay", "叠加")) } }
                    span.count { (text.lines().count()) (self.t(" lines", " 行")) }
                }
                p.btns {
                    a.btn href=(saved) hx-boost="false" {
                        (icon("download")) (self.t("Save the file", "下载文件"))
                        span.vh { " " (path) }
                    }
                    @if is_overlay && !self.standing.keeps_files {
                        a.btn href=(self.page.to(&format!("/administration/overlay?name={}",
                            percent::encode(overlay_name(path))))) {
                            (icon("pencil")) (self.t("Edit the text", "编辑文本"))
                        }
                    }
                }
                div.listing tabindex="0" role="region" aria-label=(path) {
                    ol { @for (place, line) in text.lines().enumerate() {
                        li id=(line_id(path, place + 1)) { code { (line) } }
                    } }
                }
            }
        }
    }
}
