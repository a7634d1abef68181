//! What a person sees where there is no page for them: what is the matter, and the way on. Inside
//! the frame where it is known who asks, else on a page of its own; who is not logged in is sent
//! to the door.

use super::frame::{Head, Scene, Trail, document, html_answer, wordmark};
use super::{Page, prefix};
use crate::answer::Answer;
use crate::app::App;
use crate::asset;
use crate::call::Call;
use crate::door::cookie::Theme;
use crate::percent;
use crate::problem::{Problem, Result};
use crate::respond::{self, Told};
use crate::route::Route;
use crate::title;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::Response;
use maud::{Markup, html};
use model::Language;
use std::sync::Arc;

/// The page of a problem within the frame.
pub fn refused(call: &Call, problem: &Problem, id: &str) -> Result<Answer> {
    if problem.status == StatusCode::UNAUTHORIZED {
        return Err(Box::new(problem.clone()));
    }
    log(problem, id);
    let page = Page::new(call);
    let title = title::of(problem.code, page.language()).to_string();
    let scene = Scene {
        trail: vec![Trail::here(title.clone())],
        title,
        tools: html! {},
        here: call.record_type().to_string(),
        body: said(problem, page.language(), id, &page.to("/")),
        bleeds: false,
    };
    let mut answer = page.frame(scene).status(problem.status);
    answer.headers.extend(problem.headers.iter().cloned());
    Ok(answer)
}

fn log(problem: &Problem, id: &str) {
    if let Some(fault) = &problem.fault {
        tracing::error!(request = id, fault = %fault, "fault");
    }
}

/// What is the matter, and the way on.
fn said(problem: &Problem, language: Language, id: &str, home: &str) -> Markup {
    let zh = language == Language::ZH;
    html! {
        div.empty {
            h1 { (title::of(problem.code, language)) }
            p { (problem.said.text(language)) }
            @if problem.fault.is_some() {
                p { (if zh { "错误编号：" } else { "Number of the fault: " }) code { (id) } }
            }
            p.btns { a.btn href=(home) { (if zh { "回到我的工作" } else { "To my work" }) } }
        }
    }
}

/// What is needed to answer a problem before anybody is known.
#[derive(Clone)]
pub struct Bare {
    is_page: bool,
    target: String,
    theme: Theme,
    app: Arc<App>,
    /// Where the browser is, if it asks for a part of the page there.
    within: Option<String>,
}

impl Bare {
    pub fn of(route: &Route, target: &str, theme: Theme, app: &Arc<App>) -> Bare {
        let (is_page, target) = (route.is_page(), target.to_string());
        Bare { is_page, target, theme, app: app.clone(), within: None }
    }

    /// The same for a request with these headers: a part of a page cannot become the door.
    #[must_use]
    pub fn within(mut self, headers: &HeaderMap) -> Bare {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let is_part = text("hx-request").is_some() && text("hx-boosted").is_none();
        let url = text("hx-current-url").filter(|_| is_part);
        let path = url.and_then(|url| url.split_once("://")?.1.split_once('/'));
        self.within = path.map(|(_, path)| format!("/{path}"));
        self
    }

    /// A problem as it suits who asked: JSON for programs, a page for people, the door for those
    /// who have not come in.
    pub fn problem(&self, problem: &Problem, language: Language, id: &str) -> Response {
        if !self.is_page {
            return respond::problem(problem, language, id);
        }
        let prefix = prefix(self.app.settings.base());
        let answer = match problem.status {
            StatusCode::UNAUTHORIZED if self.within.is_some() => {
                let to = self.within.as_deref().unwrap_or("/");
                let to = format!("{prefix}/login?to={}", percent::encode(to));
                let answer = Answer::nothing().status(StatusCode::UNAUTHORIZED);
                answer.header(HeaderName::from_static("hx-redirect"), &to)
            }
            StatusCode::UNAUTHORIZED => {
                let to = format!("{prefix}/login?to={}", percent::encode(&self.target));
                let answer = Answer::nothing().status(StatusCode::SEE_OTHER);
                answer.header(header::LOCATION, &to)
            }
            _ => {
                log(problem, id);
                let title = title::of(problem.code, language);
                let (theme, csrf) = (self.theme, "");
                let head = Head { title, language, theme, csrf, prefix };
                let body = html! {
                    main {
                        a.brand href=(format!("{prefix}/")) { (wordmark()) }
                        (said(problem, language, id, &format!("{prefix}/")))
                    }
                };
                html_answer(problem.status, document(&head, "door", &body))
            }
        };
        let (mut response, _) = respond::answer(asset::below(prefix, answer), language);
        problem.add_headers(response.headers_mut());
        response.headers_mut().remove(header::WWW_AUTHENTICATE);
        response.extensions_mut().insert(Told { code: Some(problem.code), ..Told::default() });
        response
    }
}
