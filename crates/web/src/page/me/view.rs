//! Viewing as another role: chosen on `/me` by whoever administers, told on every page, left by the
//! button there. What is read meanwhile, the session of the engine says.

use super::this;
use crate::answer::Answer;
use crate::call::Call;
use crate::door::csrf;
use crate::door::part::{FormErrors, Origin, choice};
use crate::page::Page;
use crate::problem::Result;
use crate::show::mark::icon;
use maud::{Markup, html};

/// Where the view is left.
pub const END: &str = "/me/view/end";

pub fn begin(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let role = form.text("role").unwrap_or("");
    call.session.view_as(this(call)?, role, origin.whence())?;
    Ok(page.go(&page.to("/"), None))
}

pub fn end(call: &Call) -> Result<Answer> {
    let (page, session) = (Page::new(call), this(call)?);
    csrf::demand_token(session, call.form()?.text(csrf::FIELD))?;
    call.session.end_view(session, Origin::of(call).whence())?;
    Ok(page.go(&page.to("/me"), Some(page.t("This is your own view again", "已返回自己的视角"))))
}

impl Page<'_> {
    /// The choice of a role; nothing for those who do not administer.
    pub(super) fn view_form(&self) -> Markup {
        let roles = self.session().roles_to_view_as(&self.catalogue);
        let roles: Vec<(String, String)> =
            roles.iter().map(|role| (role.to_string(), self.roles([role]))).collect();
        let first = roles.first().map_or("", |(name, _)| name.as_str());
        html! {
            @if !roles.is_empty() {
                section aria-labelledby="view" {
                    div.sec { h2 #view { (self.t("View as another role", "以其他角色查看")) } }
                    form.form method="post" action=(self.to("/me/view")) hx-boost="false" {
                        input type="hidden" name="csrf" value=(self.csrf());
                        @let none = FormErrors::default();
                        (choice("role", self.t("Role", "角色"), first, &roles, &none))
                        p.help {
                            (self.t(
                                "You see what both you and somebody with this role may read, and \
                                 change nothing. Beginning and end are written into the logins.",
                                "仅显示您本人与该角色均可查看的内容，且不能修改。\
                                 开始与结束会记入登录记录。",
                            ))
                        }
                        div.btns {
                            button.btn type="submit" { (self.t("View as this role", "开始查看")) }
                        }
                    }
                }
            }
        }
    }

    /// What says on every page that it is not one's own view, and the way back.
    pub(in crate::page) fn view_bar(&self) -> Markup {
        let Some(viewed) = &self.session().actor().viewing else { return html! {} };
        html! {
            section.past-bar aria-label=(self.t("View as another role", "以其他角色查看")) {
                (icon("eye"))
                span {
                    (self.t("You view as “", "您正在以“"))
                    b { (viewed.label.text(self.language())) }
                    (self.t("”, as far as you may read yourself. Nothing can be changed.",
                        "”的视角查看（不超出您本人的权限），不能修改任何内容。"))
                }
                form method="post" action=(self.to(END)) hx-boost="false" {
                    input type="hidden" name="csrf" value=(self.csrf());
                    button.btn type="submit" { (self.t("Back to my own view", "返回自己的视角")) }
                }
            }
        }
    }
}
