//! The commands: one file each, of the same shape. The words of the command line are read into a
//! struct that is also what goes through the socket, and `run` does it on a [`Host`].
//!
//! | a command | is done |
//! | --- | --- |
//! | on records | by the server that has them, else here, with the lock taken meanwhile |
//! | on files alone (`check`, `ledger verify EXPORT`) | here |
//! | `serve`, `restore` | here, and only where no server has the records |

pub mod backup;
mod token;
mod user;

use crate::arguments::Arguments;
use crate::console::{Console, Sink, Teller};
use crate::environment::Environment;
use crate::failure::Result;
use crate::host::Host;
use crate::lock::{self, Duty, Taken};
use crate::settings::{self, Settings};
use crate::{serve, socket};
use clap::Subcommand;
use serde::{Deserialize, Serialize};
use store::Location;

pub use token::create::create_token;
pub use user::account;
pub use user::accounts;
pub use user::add::{NewUser, add_user};

/// Everything that can be asked for.
#[derive(Debug, Subcommand)]
pub enum Command {
    Serve(serve::Serve),
    #[command(subcommand)]
    User(user::User),
    #[command(subcommand)]
    Token(token::Token),
}

/// What is done on the records, as it goes through the socket.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    UserAdd(user::add::Add),
    UserList(user::list::List),
    UserDisable(user::disable::Disable),
    UserEnable(user::enable::Enable),
    UserPassword(user::password::Password),
    TokenCreate(token::create::Create),
    TokenList(token::list::List),
    TokenRevoke(token::revoke::Revoke),
}

/// Does what was asked for.
///
/// # Errors
/// [`crate::failure::Failure`], told by the caller.
pub fn run(arguments: Arguments, environment: Environment) -> Result<()> {
    let language = arguments.language(&environment);
    let teller = Teller::new(language, arguments.common.json).on_terminal(environment.terminal);
    let mut given = arguments.common.given();
    let request = match arguments.command {
        Command::Serve(serve) => {
            serve.given(&mut given);
            let settings = settings::read(&given, &environment)?;
            return serve::run(&serve, settings, teller);
        }
        Command::User(user) => user.request()?,
        Command::Token(token) => token.request(),
    };
    let settings = settings::read(&given, &environment)?;
    on_records(request, settings, teller)
}

/// Has a request done by whoever has the records, and finishes its result.
fn on_records(request: Request, settings: Settings, mut teller: Teller) -> Result<()> {
    let done = dispatch(request, settings, &mut teller);
    let finished = teller.finish(done.is_ok());
    done.and(finished)
}

fn dispatch(request: Request, settings: Settings, console: &mut dyn Console) -> Result<()> {
    let is_file = matches!(settings.location(), Location::File(_));
    let lock = match lock::take(&settings, Duty::Command)? {
        Taken::ByServer(holder) if is_file || holder.database == settings.location_shown() => {
            let database = settings.location_shown();
            return socket::ask(&lock::place(&settings), database, request, console);
        }
        Taken::ByServer(_) => None,
        Taken::Ours(lock) => Some(lock),
    };
    // PostgreSQL takes several processes: a command need not keep others out.
    let lock = lock.filter(|_| is_file);
    let host = Host::open(settings, None, false, console)?;
    let done = perform(&host, request, console);
    let closed = host.close();
    drop(lock);
    done.and(closed)
}

/// Does what was asked for on the records.
///
/// # Errors
/// As each command.
pub fn perform(host: &Host, request: Request, console: &mut dyn Console) -> Result<()> {
    match request {
        Request::UserAdd(asked) => user::add::run(host, asked, console),
        Request::UserList(asked) => user::list::run(host, asked, console),
        Request::UserDisable(asked) => user::disable::run(host, asked, console),
        Request::UserEnable(asked) => user::enable::run(host, asked, console),
        Request::UserPassword(asked) => user::password::run(host, asked, console),
        Request::TokenCreate(asked) => token::create::run(host, asked, console),
        Request::TokenList(asked) => token::list::run(host, asked, console),
        Request::TokenRevoke(asked) => token::revoke::run(host, asked, console),
    }
}

/// A result that goes to a file where one is named.
fn to_file(teller: Teller, output: Option<&std::path::Path>) -> Result<Teller> {
    match output {
        Some(path) => Ok(teller.writing_to(Sink::file(path)?)),
        None => Ok(teller),
    }
}
