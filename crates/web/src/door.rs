//! The way in for people with a browser: cookies, the proof that a form is ours, logging in and
//! out. Programs come by token and pass none of this.

pub mod cookie;
pub mod csrf;
pub mod login;
