//! The frame of every page: the head that loads styles and scripts, the side, the bar, the place
//! for what is said. Nothing here stands in a line: no script, no style, so that the policy of the
//! page can forbid both.

use super::{HTML, POLICY, Page};
use crate::answer::Answer;
use crate::asset;
use crate::door::cookie::{self, Theme};
use crate::show::mark::{icon, key};
use axum::http::{StatusCode, header};
use maud::{DOCTYPE, Markup, html};
use model::Language;

/// What a page puts into the frame.
pub struct Scene {
    pub title: String,
    pub trail: Vec<Trail>,
    /// What stands at the right of the bar.
    pub tools: Markup,
    /// The name of the record type or page that is shown, for the side.
    pub here: String,
    pub body: Markup,
    /// Without the padding of a page: a list fills its width.
    pub bleeds: bool,
}

/// One step of the way to here; the last has no address.
pub struct Trail {
    pub label: String,
    pub address: Option<String>,
}

impl Trail {
    pub fn to(label: impl Into<String>, address: impl Into<String>) -> Trail {
        Trail { label: label.into(), address: Some(address.into()) }
    }

    pub fn here(label: impl Into<String>) -> Trail {
        Trail { label: label.into(), address: None }
    }
}

/// How scripts are told to behave: nothing of a page is kept in the browser, nothing is evaluated.
const HTMX: &str = concat!(
    r#"{"allowEval":false,"allowScriptTags":false,"includeIndicatorStyles":false,"#,
    r#""historyCacheSize":0,"refreshOnHistoryMiss":true,"selfRequestsOnly":true,"#,
    r#""scrollIntoViewOnBoost":false,"timeout":30000,"responseHandling":[{"code":"204","#,
    r#""swap":false},{"code":"[23]..","swap":true},{"code":"[45]..","swap":true,"#,
    r#""error":true}]}"#,
);

impl Page<'_> {
    /// The whole page, 200.
    pub fn frame(&self, scene: Scene) -> Answer {
        let shell = html! {
            a.skip href="#main" { (self.t("Skip to content", "跳到正文")) }
            div.shell {
                (self.side(&scene.here))
                div.main {
                    (self.bar(&scene))
                    (self.live())
                    (self.view_bar())
                    p.print-head {
                        b { "Evenkeel" } " · " (scene.title) " · " (self.reader_name()) " · "
                        (self.watch.whole(self.watch.now))
                    }
                    main #main .main[scene.bleeds] .page[!scene.bleeds] tabindex="-1" {
                        (scene.body)
                    }
                    p.print-foot {
                        (self.t("Address: ", "地址：")) (self.printed_address())
                    }
                }
            }
            (self.toasts())
            (self.palette())
        };
        let head = Head {
            title: &scene.title,
            language: self.language(),
            theme: self.call.kept.theme,
            csrf: &self.csrf(),
            prefix: self.prefix,
        };
        let page = document(&head, "", &shell);
        let answer = html_answer(StatusCode::OK, page);
        match self.call.kept.said {
            Some(_) if !self.is_unattended() => answer
                .header(header::SET_COOKIE, &cookie::nothing_said(self.call.secure))
                .header(header::SET_COOKIE, &cookie::nothing_to_undo(self.call.secure)),
            _ => answer,
        }
    }

    /// Who reads the page, by name where there is one.
    fn reader_name(&self) -> &str {
        let actor = self.session().actor();
        if actor.name.is_empty() { &actor.login } else { &actor.name }
    }

    /// Where what is printed was found: whole where the address of the house is known.
    fn printed_address(&self) -> String {
        let base = self.call.app.settings.base().trim_end_matches('/');
        format!("{base}{}", self.call.target)
    }

    fn bar(&self, scene: &Scene) -> Markup {
        html! {
            header.bar {
                button.btn.btn-icon.narrow type="button" popovertarget="side"
                    aria-label=(self.t("Menu", "菜单")) { (icon("menu")) }
                nav aria-label=(self.t("Where you are", "当前位置")) {
                    ol.trail {
                        @for step in &scene.trail {
                            li {
                                @match &step.address {
                                    Some(address) => a href=(address) { (step.label) },
                                    None => span aria-current="page" { (step.label) },
                                }
                            }
                        }
                    }
                }
                span.push {}
                (scene.tools)
                (self.bell())
                button.btn.btn-icon.wide type="button" data-open="keys"
                    aria-label=(self.t("Help and keys", "帮助与快捷键")) { (icon("circle-help")) }
            }
        }
    }

    /// What was done on the page before, said once; scripts put their own here.
    fn toasts(&self) -> Markup {
        let said = self.call.kept.said.as_ref().filter(|_| !self.is_unattended());
        html! {
            div #toasts role="status" aria-live="polite" {
                @if let Some(said) = said {
                    div.over.toast { (icon("check")) span { (said) } (self.undo()) }
                }
            }
        }
    }

    /// Search or do: an address for those without scripts, a dialog for the others.
    fn palette(&self) -> Markup {
        html! {
            dialog #palette .over.palette aria-label=(self.t("Search or do", "搜索或执行")) {
                form action=(self.to("/search")) method="get" {
                    div.ask {
                        (icon("search"))
                        input name="q" type="search" autocomplete="off" maxlength="500"
                            placeholder=(self.t("Words, a number, or > and an act",
                                "词语、编号，或以 > 开头的操作"))
                            aria-label=(self.t("Search or do", "搜索或执行"))
                            hx-get=(self.to("/search/quick")) hx-target="#found"
                            hx-trigger="input changed delay:120ms" hx-sync="this:replace";
                    }
                }
                div #found .found {}
                div.foot {
                    span { (key("↑")) (key("↓")) " " (self.t("choose", "选择")) }
                    span { (key("↵")) " " (self.t("open", "打开")) }
                    span { (key("Esc")) " " (self.t("close", "关闭")) }
                }
            }
            dialog #keys .over.keys aria-labelledby="keys-title" {
                (self.key_map())
            }
        }
    }

    fn key_map(&self) -> Markup {
        let keys = [
            ("/", self.t("Search or do", "搜索或执行")),
            (">", self.t("Do something", "执行操作")),
            ("g w", self.t("My work", "我的工作")),
            ("g i", self.t("The first list of the side", "侧栏的第一个列表")),
            ("j  k", self.t("Next and previous row", "下一行与上一行")),
            ("Enter", self.t("Open", "打开")),
            ("Space", self.t("Preview", "预览")),
            ("x", self.t("Choose a row", "选中一行")),
            ("c", self.t("New", "新建")),
            ("f", self.t("Filter", "筛选")),
            ("e", self.t("Edit the field in focus", "编辑当前字段")),
            ("n", self.t("Write a note", "写备注")),
            ("t", self.t("As of another day", "查看历史时点")),
            ("Ctrl Enter", self.t("Save", "保存")),
            ("z", self.t("Undo what was just done", "撤销刚才的操作")),
            ("?", self.t("This map", "本说明")),
            ("Esc", self.t("One step back", "返回一步")),
        ];
        html! {
            h2 #keys-title { (self.t("Keys", "快捷键")) }
            dl.facts {
                @for (press, does) in keys {
                    div {
                        dt { @for one in press.split_whitespace() { (key(one)) " " } }
                        dd { (does) }
                    }
                }
            }
            p.below-s { a href=(self.to("/api")) { (self.t("Interface for programs", "程序接口")) } }
            form method="dialog" { button.btn { (self.t("Close", "关闭")) } }
        }
    }
}

/// What the head of a document needs.
pub struct Head<'h> {
    pub title: &'h str,
    pub language: Language,
    pub theme: Theme,
    pub csrf: &'h str,
    pub prefix: &'h str,
}

/// A whole document around its body.
pub fn document(head: &Head, class: &str, body: &Markup) -> Markup {
    let tag = if head.language == Language::ZH { "zh-Hans" } else { "en" };
    let theme = (head.theme != Theme::Auto).then(|| head.theme.as_str());
    html! {
        (DOCTYPE)
        html lang=(tag) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="htmx-config" content=(HTMX);
                meta name="csrf" content=(head.csrf);
                meta name="prefix" content=(head.prefix);
                title { (head.title) " · Evenkeel" }
                link rel="icon" href=(asset::url("mark.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(asset::url("app.css"));
                link rel="stylesheet" href=(asset::url("print.css")) media="print";
                script src=(asset::url("htmx.js")) defer {}
                script src=(asset::url("app.js")) defer {}
                script src=(asset::url("live.js")) defer {}
                script src=(asset::url("door.js")) defer {}
            }
            body class=[(!class.is_empty()).then_some(class)] hx-boost="true" { (body) }
        }
    }
}

/// HTML as an answer, with the policy of a page.
pub fn html_answer(status: StatusCode, page: Markup) -> Answer {
    Answer::bytes(HTML, page.into_string().into_bytes())
        .status(status)
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::VARY, "accept-language, cookie")
}

/// The letters of the wordmark, without the bars of its four e.
const LETTERS: &str = concat!(
    "M10 5A5 5 0 1 0 8.4 8.7M13 0l4.4 10L21.8 0M34.8 5a5 5 0 1 0-1.6 3.7M39.6 10V0m0 ",
    "4.6a4.2 4.2 0 0 1 8.4 0V10M52.4-5v15m7.4-10-7.4 6m2.9-2.4 4.9 6.4M73.4 5a5 5 0 1",
    " 0-1.6 3.7M86.6 5a5 5 0 1 0-1.6 3.7M91-5v15",
);

/// The wordmark.
pub fn wordmark() -> Markup {
    html! {
        svg viewBox="0 0 102 24" role="img" aria-label="Evenkeel" {
            g transform="translate(1 8)" {
                path d=(LETTERS) {}
                path.level d="M0 5h10.9M24.8 5h10.9M63.4 5h10.9M76.6 5h10.9" {}
            }
        }
    }
}
