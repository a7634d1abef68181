//! The commands: one file each, of the same shape. The words of the command line are read into a
//! struct that is also what goes through the socket, and `run` does it on a [`Host`].
//!
//! | a command | is done |
//! | --- | --- |
//! | on records | by the server that has them, else here, with the lock taken meanwhile |
//! | on files alone (`check`, `ledger verify EXPORT`) | here |
//! | `serve`, `restore` | here, and only where no server has the records |

mod apply;
pub mod backup;
mod check;
mod completions;
mod export;
mod import;
mod imports;
mod jobs;
mod ledger;
mod overlays;
mod plan;
mod restore;
mod rollback;
mod settings;
mod token;
mod trial;
mod user;
mod versions;

use self::ledger::Ledger;
pub use self::ledger::verify_live;
use crate::arguments::Arguments;
use crate::console::{Console, Sink, Teller};
use crate::environment::Environment;
use crate::failure::Result;
use crate::host::Host;
use crate::lock::{self, Duty, Taken};
use crate::settings::{self as settings_of, Given, Settings};
use crate::{serve, socket};
use clap::Subcommand;
use overlays::Overlays;
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
    Import(import::Import),
    Imports(imports::Imports),
    Export(export::Export),
    Check(check::Check),
    Plan(Overlays),
    Try(Overlays),
    Apply(Overlays),
    Versions(versions::Versions),
    Rollback(rollback::Rollback),
    Backup(backup::Backup),
    Restore(restore::Restore),
    #[command(subcommand)]
    Ledger(Ledger),
    Jobs(jobs::Jobs),
    Settings,
    Completions(completions::Completions),
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
    Import(import::Import),
    Imports(imports::Imports),
    Export(export::Export),
    Plan(Overlays),
    Try(Overlays),
    Apply(Overlays),
    Versions(versions::Versions),
    Rollback(rollback::Rollback),
    Backup(backup::Backup),
    LedgerVerify(ledger::verify::Verify),
    LedgerExport(ledger::export::Export),
    LedgerCheckpoint(ledger::checkpoint::Checkpoint),
    LedgerKey(ledger::key::Key),
    Jobs(jobs::Jobs),
}

/// Does what was asked for.
///
/// # Errors
/// [`crate::failure::Failure`], told by the caller.
pub fn run(arguments: Arguments, environment: Environment) -> Result<()> {
    let language = arguments.language(&environment);
    let mut teller = Teller::new(language, arguments.common.json).on_terminal(environment.terminal);
    let mut given = arguments.common.given();
    let read = |given: &Given| settings_of::read(given, &environment);
    let request = match arguments.command {
        Command::Serve(serve) => {
            serve.given(&mut given);
            return serve::run(&serve, read(&given)?, teller);
        }
        Command::Check(check) => return check::run(&check, &mut teller),
        Command::Completions(asked) => return completions::run(&asked, &mut teller),
        Command::Settings => return settings::run(&read(&given)?, &mut teller),
        Command::Restore(restore) => return restore::run(&restore, read(&given)?, &mut teller),
        Command::User(user) => user.request()?,
        Command::Token(token) => token.request(),
        Command::Plan(overlays) => Request::Plan(overlays.read()?),
        Command::Try(overlays) => Request::Try(overlays.read()?),
        Command::Apply(overlays) => Request::Apply(overlays.read()?),
        Command::Versions(versions) => Request::Versions(versions),
        Command::Rollback(rollback) => Request::Rollback(rollback),
        Command::Jobs(jobs) => Request::Jobs(jobs),
        Command::Imports(imports) => Request::Imports(imports),
        Command::Import(import) => {
            let (import, file) = import.read()?;
            teller = teller.reading_from(Box::new(file));
            Request::Import(import)
        }
        Command::Export(export) => {
            teller = match &export.everything {
                Some(path) => teller.writing_to(Sink::folder(path)?),
                None => to_file(teller, export.output.as_deref())?,
            };
            Request::Export(export)
        }
        Command::Backup(backup) => {
            teller = to_file(teller, Some(&backup.file))?;
            Request::Backup(backup)
        }
        Command::Ledger(asked) => return on_ledger(asked, read(&given)?, teller),
    };
    on_records(request, read(&given)?, teller)
}

fn on_ledger(asked: Ledger, settings: Settings, mut teller: Teller) -> Result<()> {
    let request = match asked {
        Ledger::Verify(verify) => {
            let verify = verify.read()?;
            if let Some(export) = verify.export.clone() {
                return ledger::verify::run_on_export(&verify, &export, &settings, &mut teller);
            }
            Request::LedgerVerify(verify)
        }
        Ledger::Export(export) => {
            teller = to_file(teller, Some(&export.file))?;
            Request::LedgerExport(export)
        }
        Ledger::Checkpoint(checkpoint) => Request::LedgerCheckpoint(checkpoint),
        Ledger::Key(key) => Request::LedgerKey(key),
    };
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
        Request::Import(asked) => import::run(host, asked, console),
        Request::Imports(asked) => imports::run(host, asked, console),
        Request::Export(asked) => export::run(host, asked, console),
        Request::Plan(asked) => plan::run(host, asked, console),
        Request::Try(asked) => trial::run(host, asked, console),
        Request::Apply(asked) => apply::run(host, asked, console),
        Request::Versions(asked) => versions::run(host, asked, console),
        Request::Rollback(asked) => rollback::run(host, asked, console),
        Request::Backup(asked) => backup::run(host, asked, console),
        Request::LedgerVerify(asked) => ledger::verify::run(host, asked, console),
        Request::LedgerExport(asked) => ledger::export::run(host, asked, console),
        Request::LedgerCheckpoint(asked) => ledger::checkpoint::run(host, asked, console),
        Request::LedgerKey(asked) => ledger::key::run(host, asked, console),
        Request::Jobs(asked) => jobs::run(host, asked, console),
    }
}

/// A result that goes to a file where one is named.
fn to_file(teller: Teller, output: Option<&std::path::Path>) -> Result<Teller> {
    match output {
        Some(path) => Ok(teller.writing_to(Sink::file(path)?)),
        None => Ok(teller),
    }
}
