//! `evenkeel user`: people who log in. Their records are those of the definitions; here they are
//! reached by login.

pub mod account;
pub mod add;
pub mod disable;
pub mod enable;
pub mod list;
pub mod password;

pub use account::{account, accounts};

use super::Request;
use crate::failure::{Failure, Result};
use clap::Subcommand;
use std::io::Read;

#[derive(Debug, Subcommand)]
pub enum User {
    Add(add::Add),
    List(list::List),
    Disable(disable::Disable),
    Enable(enable::Enable),
    Password(password::Password),
}

impl User {
    /// What goes to the records; reads the password where it comes from stdin.
    ///
    /// # Errors
    /// Asked wrongly where stdin holds no password.
    pub fn request(self) -> Result<Request> {
        Ok(match self {
            User::Add(mut add) => {
                if add.password_stdin {
                    add.password = Some(password_of_stdin()?);
                }
                Request::UserAdd(add)
            }
            User::List(list) => Request::UserList(list),
            User::Disable(disable) => Request::UserDisable(disable),
            User::Enable(enable) => Request::UserEnable(enable),
            User::Password(mut password) => {
                password.password = Some(password_of_stdin()?);
                Request::UserPassword(password)
            }
        })
    }
}

/// The first line of stdin, so that both `echo` and `printf` give the same.
fn password_of_stdin() -> Result<String> {
    let mut text = String::new();
    let read = std::io::stdin().take(4096).read_to_string(&mut text);
    let line = text.lines().next().unwrap_or_default();
    if read.is_err() || line.is_empty() {
        return Err(Failure::usage(
            "There is no password on stdin; send it as one line of text.",
            "标准输入中没有密码，请以一行文本传入。",
        ));
    }
    Ok(line.to_string())
}
