//! `/api`: the interface for programs, one record type at a time, as the description that the
//! server makes from the definitions in force tells it. A form sends a request with the session of
//! the browser: what it does, it does by the right of whoever sends it.

mod chinese;
mod schema;

use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::openapi;
use crate::problem::Result;
use crate::route::{Parameter, Route};
use crate::routes::ROUTES;
use crate::show::mark::icon;
use maud::{Markup, html};
use model::definition::RecordType;
use model::{Language, Name};
use schema::Schemas;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

pub const QUERY: &[Parameter] = &[
    Parameter::text("type", 64, "The record type; what belongs to none where left out."),
    Parameter::text("try", 200, "The operation that the form is filled for."),
];

/// What a writer may say beside the body, whatever is written.
const WRITERS_HEADERS: [&str; 2] = ["If-Match", "Idempotency-Key"];

/// One operation of the description.
struct Operation<'o> {
    verb: String,
    path: &'o str,
    id: &'o str,
    json: &'o Json,
}

/// What is shown of one record type.
struct ApiPage<'p> {
    page: &'p Page<'p>,
    of: Option<Arc<RecordType>>,
    schemas: Schemas<'p>,
    parameters: Json,
}

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let name = call.query.text("type").unwrap_or("");
    let of = match name {
        "" => None,
        name => Some(page.seen_type(name)?),
    };
    let about = openapi::about(&page.catalogue.model, of.as_deref());
    let schemas = Schemas { page: &page, of: of.clone(), all: &about["schemas"] };
    let shown = ApiPage { page: &page, of, schemas, parameters: openapi::shared_parameters() };
    let operations = operations(&about);
    let tried = call.query.text("try");
    let tried = tried.and_then(|id| operations.iter().find(|one| one.id == id));
    let title = page.t("Interface for programs", "程序接口");
    let body = html! {
        (shown.head(title))
        (shown.types())
        (shown.form(tried))
        section.below aria-labelledby="operations" {
            div.sec {
                h2 #operations { (page.t("Operations", "操作")) }
                span.count { (operations.len()) }
            }
            @for one in &operations { (shown.operation(one)) }
        }
        (shown.schemas.shown())
        (shown.problems())
    };
    let scene = Scene {
        title: title.to_string(),
        trail: vec![Trail::here(title)],
        tools: html! {},
        here: "/api".into(),
        body,
        bleeds: false,
    };
    Ok(page.frame(scene))
}

/// What an answer may hold, by its media type.
fn contents(answer: &Json) -> impl Iterator<Item = (&String, &Json)> {
    answer["content"].as_object().into_iter().flatten()
}

/// Every operation, in the order of the description.
fn operations(about: &Json) -> Vec<Operation<'_>> {
    let paths = about["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().map(|(verb, json)| Operation {
            verb: verb.to_ascii_uppercase(),
            path,
            id: json["operationId"].as_str().unwrap_or(""),
            json,
        })
    });
    all.collect()
}

impl Page<'_> {
    /// What the description says, in the reader's language.
    fn described<'t>(&self, en: &'t str) -> &'t str {
        match self.language() == Language::ZH {
            true => chinese::chinese(en).unwrap_or(en),
            false => en,
        }
    }
}

impl Operation<'_> {
    fn route(&self) -> Option<&'static Route> {
        let id = self.id.split('-').next().unwrap_or("");
        ROUTES.iter().find(|route| route.id == id)
    }

    /// The name of the transition that it performs.
    fn transition(&self) -> Option<Name> {
        self.id.strip_prefix("transition-")?.split('-').nth(1).and_then(Name::new)
    }

    fn body(&self) -> Option<&Map<String, Json>> {
        self.json["requestBody"]["content"].as_object()
    }

    fn takes_file(&self) -> bool {
        self.body().is_some_and(|content| content.contains_key("multipart/form-data"))
    }
}

impl ApiPage<'_> {
    fn t<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.page.t(en, zh)
    }

    fn address(&self, name: &str) -> String {
        match name {
            "" => self.page.to("/api"),
            name => self.page.to(&format!("/api?type={name}")),
        }
    }

    fn head(&self, title: &str) -> Markup {
        html! {
            div.page-head {
                div {
                    h1 { (title) }
                    p {
                        (self.t(
                            "What programs can ask of this server, with the rights of whoever \
                             asks. Made from the definitions in force.",
                            "程序可向本服务器发出的请求，权限与请求者相同；内容由当前生效的定义生成。",
                        ))
                    }
                }
                div.btns {
                    a.btn href=(self.page.to("/me/tokens")) {
                        (icon("key-round")) (self.t("Tokens of programs", "程序令牌"))
                    }
                    a.btn href=(self.page.to("/api/v1/openapi.json")) hx-boost="false" {
                        (icon("download")) "OpenAPI"
                    }
                }
            }
        }
    }

    /// The choice of the record type.
    fn types(&self) -> Markup {
        let language = self.page.language();
        let all = self.page.catalogue.model.record_types.values();
        let seen = all.filter(|one| self.page.session().may_see_type(&one.name));
        let mut seen: Vec<_> = seen.collect();
        seen.sort_by(|a, b| a.label.text(language).cmp(b.label.text(language)));
        let here = self.of.as_ref().map_or("", |of| of.name.as_str());
        html! {
            form.api-type method="get" action=(self.page.to("/api")) {
                div.field {
                    label for="type" { (self.t("Record type", "记录类型")) }
                    select.select #type name="type" {
                        option value="" selected[here.is_empty()] {
                            (self.t("None: who asks, what there is", "无：请求者与总览"))
                        }
                        @for one in seen {
                            option value=(one.name) selected[*one.name == *here] {
                                (one.label.text(language)) " (" (one.name) ")"
                            }
                        }
                    }
                }
                button.btn type="submit" { (self.t("Show", "显示")) }
            }
        }
    }

    /// Sends a request; filled for one operation where that was asked for.
    fn form(&self, tried: Option<&Operation>) -> Markup {
        let verb = tried.map_or("GET", |one| one.verb.as_str());
        let path = match (tried, &self.of) {
            (Some(one), _) => one.path.to_string(),
            (None, Some(of)) => format!("/api/v1/{}?limit=5", of.name),
            (None, None) => "/api/v1/me".into(),
        };
        let schema = tried.and_then(|one| one.body()?.get("application/json"));
        let body = schema.map_or_else(String::new, |body| self.schemas.example(&body["schema"]));
        html! {
            section.below aria-labelledby="try" {
                div.sec { h2 #try { (self.t("Try it", "试一试")) } }
                noscript { p.second {
                    (self.t("Sending from this page needs scripts.", "从本页发送请求需要启用脚本。"))
                } }
                form.form data-api hx-boost="false" hidden
                    data-foreign=(self.t(
                        "Only addresses that begin with /api/v1/, /health or /metrics.",
                        "地址必须以 /api/v1/、/health 或 /metrics 开头。",
                    ))
                    data-failed=(self.t("The server did not answer.", "服务器没有响应。")) {
                    p.second {
                        (self.t(
                            "What is sent here is done, as you and with your rights.",
                            "此处发送的请求会以您的身份和权限真实执行。",
                        ))
                    }
                    (self.inputs(verb, &path, &body))
                    (self.header_inputs(tried))
                    @if tried.is_none_or(Operation::takes_file) { (self.file_input()) }
                    div.btns {
                        button.btn.btn-solid type="submit" { (self.t("Send", "发送")) }
                    }
                }
                (self.answer())
            }
        }
    }

    fn inputs(&self, verb: &str, path: &str, body: &str) -> Markup {
        html! {
            div.field {
                label for="verb" { (self.t("Method", "方法")) }
                select.select #verb name="verb" {
                    @for one in ["GET", "POST", "PATCH", "DELETE"] {
                        option selected[one == verb] { (one) }
                    }
                }
            }
            div.field {
                label for="path" { (self.t("Address", "地址")) }
                input.input.mono #path name="path" value=(path) required maxlength="8192"
                    autocomplete="off" spellcheck="false";
            }
            div.field {
                label for="body" {
                    (self.t("Body (JSON)", "正文（JSON）")) " "
                    span.opt { (self.t("not with GET", "GET 请求不需要")) }
                }
                textarea.area.mono #body name="body" rows="8" spellcheck="false" {
                    "\n" (body)
                }
            }
        }
    }

    /// Headers that the operation knows; without one, those that change what a write does.
    fn header_inputs(&self, tried: Option<&Operation>) -> Markup {
        let parameters = tried.and_then(|one| one.json["parameters"].as_array());
        let known = parameters.into_iter().flatten().map(|found| self.resolved(found));
        let known = known.filter(|found| found["in"] == "header");
        let names: Vec<&str> = match tried {
            Some(_) => known.filter_map(|found| found["name"].as_str()).collect(),
            None => WRITERS_HEADERS.to_vec(),
        };
        html! { @for name in names {
            div.field {
                label for=(format!("header-{name}")) {
                    code { (name) } " " span.opt { (self.t("header", "请求头")) }
                }
                input.input.mono id=(format!("header-{name}")) data-header=(name) maxlength="1024"
                    autocomplete="off" spellcheck="false";
            }
        } }
    }

    fn file_input(&self) -> Markup {
        html! {
            div.field {
                label for="file" {
                    (self.t("File", "文件")) " "
                    span.opt { (self.t("instead of the body", "代替正文发送")) }
                }
                input.input #file name="file" type="file";
            }
        }
    }

    /// Where scripts put what was answered.
    fn answer(&self) -> Markup {
        html! {
            div.below-s #answer hidden {
                h3 { (self.t("Answer", "响应")) }
                p.num role="status" data-status {}
                pre.answer-text data-headers tabindex="0" role="region"
                    aria-label=(self.t("Headers of the answer", "响应头")) {}
                pre.answer-text data-body tabindex="0" role="region"
                    aria-label=(self.t("Body of the answer", "响应正文")) {}
            }
        }
    }

    fn operation(&self, one: &Operation) -> Markup {
        let says = one.route().map_or("", |route| route.says);
        let language = self.page.language();
        let step = one.transition().and_then(|name| self.of.as_ref()?.transitions.get(&name));
        let here = self.of.as_ref().map_or("", |of| of.name.as_str());
        let try_it = match here {
            "" => self.page.to(&format!("/api?try={}#try", one.id)),
            here => self.page.to(&format!("/api?type={here}&try={}#try", one.id)),
        };
        html! {
            details.fold-sec.operation {
                summary {
                    (icon("chevron-right")) span.tag { (one.verb) } code { (one.path) }
                    span.second {
                        (self.page.described(says))
                        @if let Some(step) = step {
                            (self.t(": ", "：")) (step.label.text(language))
                        }
                    }
                }
                div {
                    (self.parameters_of(one))
                    (self.body_of(one))
                    (self.answers_of(one))
                    p.btns {
                        a.btn href=(try_it) hx-boost="false" {
                            (self.t("Try it", "试一试")) span.vh { " " (one.verb) " " (one.path) }
                        }
                    }
                }
            }
        }
    }

    fn parameters_of(&self, one: &Operation) -> Markup {
        let all = one.json["parameters"].as_array().into_iter().flatten();
        let all: Vec<&Json> = all.map(|found| self.resolved(found)).collect();
        html! { @if !all.is_empty() {
            p.label { (self.t("Parameters", "参数")) }
            ul.members { @for found in all {
                li {
                    code { (found["name"].as_str().unwrap_or("")) } " "
                    span.second {
                        (self.place(found)) (self.t(", ", "，"))
                        (self.schemas.kind(&found["schema"]))
                    }
                    @if let Some(says) = found["description"].as_str() {
                        ". " (self.page.described(says))
                    }
                }
            } }
        } }
    }

    /// A parameter itself, also where it is described elsewhere.
    fn resolved<'r>(&'r self, found: &'r Json) -> &'r Json {
        let name = found["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        name.map_or(found, |name| &self.parameters[name])
    }

    fn place(&self, parameter: &Json) -> String {
        let place = match parameter["in"].as_str() {
            Some("path") => self.t("in the address", "地址中"),
            Some("header") => self.t("header", "请求头"),
            _ => self.t("query", "查询参数"),
        };
        let needed = parameter["in"] == "query" && parameter["required"] == true;
        format!("{place}{}", if needed { self.t(", needed", "，必填") } else { "" })
    }

    fn body_of(&self, one: &Operation) -> Markup {
        let Some(content) = one.body() else { return html! {} };
        let needed = one.json["requestBody"]["required"] == true;
        html! {
            p.label {
                (self.t("Body", "正文"))
                @if !needed { (self.t(" (may be left out)", "（可省略）")) }
            }
            @for (media_type, body) in content {
                p { code { (media_type) } (self.t(": ", "：")) (self.schemas.kind(&body["schema"])) }
            }
            @if let Some(says) = one.json["requestBody"]["description"].as_str() {
                p.second { (self.page.described(says)) }
            }
        }
    }

    fn answers_of(&self, one: &Operation) -> Markup {
        let all = one.json["responses"].as_object().into_iter().flatten();
        let (good, bad): (Vec<_>, Vec<_>) = all.partition(|(_, found)| found["$ref"].is_null());
        html! {
            p.label { (self.t("Answers", "响应")) }
            ul.members {
                @for (status, found) in good {
                    li {
                        code { (status) } " "
                        (self.page.described(found["description"].as_str().unwrap_or("")))
                        @for (media_type, body) in contents(found) {
                            (self.t("; ", "；")) code { (media_type) } (self.t(": ", "："))
                            (self.schemas.kind(&body["schema"]))
                        }
                    }
                }
                li.second {
                    a href="#problems" { (self.t("Problems", "问题")) } " "
                    (bad.iter().map(|(status, _)| status.as_str()).collect::<Vec<_>>().join(" "))
                }
            }
        }
    }

    /// What each status of a problem means.
    fn problems(&self) -> Markup {
        let all = openapi::problems();
        html! {
            section.below aria-labelledby="problems" {
                div.sec { h2 #problems { (self.t("Problems", "问题")) } }
                dl.facts { @for (status, found) in all.as_object().into_iter().flatten() {
                    div {
                        dt { code { (status) } }
                        dd { (self.page.described(found["description"].as_str().unwrap_or(""))) }
                    }
                } }
                @if self.of.is_some() {
                    p.below-s { a href=(self.address("")) {
                        (self.t("Forms that all record types share", "所有记录类型共用的结构"))
                    } }
                }
            }
        }
    }
}
