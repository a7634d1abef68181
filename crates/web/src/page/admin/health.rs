//! `/admin/health`: whether the server works: its version, its database, the definitions in force.

use super::scene;
use crate::answer::Answer;
use crate::call::Call;
use crate::page::{Page, Trail};
use crate::problem::Result;
use crate::show::mark::icon;
use maud::html;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let facts = call.session.health()?;
    let title = page.t("Health", "运行状况");
    let (mark, answers) = match facts.answers {
        true => ("circle-check", page.t("answers", "正常响应")),
        false => ("octagon-alert", page.t("does not answer", "无响应")),
    };
    let body = html! {
        div.page-head {
            div {
                h1 { (title) }
                p { (page.t(
                    "This server as it stands now. Programs read the same at the two addresses.",
                    "本服务器的当前状况；程序可通过右侧两个地址读取。",
                )) }
            }
            div.btns {
                a.btn href=(page.to("/health")) hx-boost="false" { code { "/health" } }
                a.btn href=(page.to("/metrics")) hx-boost="false" { code { "/metrics" } }
            }
        }
        dl.facts {
            div {
                dt { (page.t("Version", "版本")) }
                dd { "Evenkeel " (call.app.settings.version) }
            }
            div {
                dt { (page.t("Database", "数据库")) }
                dd { (facts.database) " · " (icon(mark)) " " (answers) }
            }
            div {
                dt { (page.t("Definitions", "定义")) }
                dd {
                    a href=(page.to("/administration/definitions")) {
                        (page.t("Version ", "版本 ")) (page.catalogue.version)
                    }
                    @if let Some(at) = facts.in_force_since {
                        (page.t(", in force since ", "，生效时间 ")) (page.at(at))
                    }
                }
            }
        }
    };
    Ok(scene(&page, title, vec![Trail::here(title)], "/admin/health", body))
}
