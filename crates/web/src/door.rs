//! The way in for people with a browser: cookies, the proof that a form is ours, logging in and
//! out in one step or two, by a provider elsewhere, links that let somebody choose a password, the
//! first administrator.
//! Programs come by token and pass none of this.

pub mod code;
pub mod cookie;
pub mod csrf;
pub mod link;
pub mod login;
pub mod part;
pub mod passkey;
pub mod provider;
pub mod qr;
pub mod welcome;
