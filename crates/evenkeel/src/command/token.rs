//! `evenkeel token`: what programs log in with. A token is shown once and kept as its hash.

pub mod create;
pub mod list;
pub mod revoke;

use super::Request;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Token {
    Create(create::Create),
    List(list::List),
    Revoke(revoke::Revoke),
}

impl Token {
    pub fn request(self) -> Request {
        match self {
            Token::Create(create) => Request::TokenCreate(create),
            Token::List(list) => Request::TokenList(list),
            Token::Revoke(revoke) => Request::TokenRevoke(revoke),
        }
    }
}

/// What a token is called by where it is revoked: the first half of a line of its hash.
fn short(hash: &[u8; 32]) -> String {
    hex::encode(&hash[..6])
}
