//! What PostgreSQL's error codes mean for a caller.

use crate::database::failure::Failure;
use tokio_postgres::Error;

/// What to do about an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The server undid it and it may work next time: serialization, deadlock.
    Again(Failure),
    /// A statement was prepared for tables that have changed since.
    Stale,
    /// Somebody else held a lock for longer than it was waited for.
    Locked(Failure),
    /// The connection is gone.
    Lost(String),
    Failed(Failure),
}

/// The trouble that an error stands for.
pub(super) fn trouble(error: &Error) -> Trouble {
    let Some(told) = error.as_db_error() else {
        // Without word from the server: the line is dead, or the bytes made no sense to us.
        return if error.is_closed() || is_line(error) {
            Trouble::Lost(describe(error))
        } else {
            Trouble::Failed(Failure::Fault(describe(error)))
        };
    };
    let fault = || Failure::Fault(format!("{}: {}", told.code().code(), told.message()));
    match told.code().code() {
        "40001" | "40P01" => Trouble::Again(Failure::Unavailable(told.message().into())),
        "0A000" if told.message().contains("cached plan") => Trouble::Stale,
        "26000" => Trouble::Stale,
        "23505" => {
            let index = told.constraint().unwrap_or_default().to_string();
            Trouble::Failed(Failure::Duplicate { index })
        }
        "57014" => Trouble::Failed(Failure::TooLong),
        "55P03" => Trouble::Locked(Failure::Unavailable(told.message().into())),
        "53100" | "25006" => Trouble::Failed(Failure::Full),
        // It cannot be used any more, or not yet.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Trouble::Lost(told.message().into()),
        code if code.starts_with("08") => Trouble::Lost(told.message().into()),
        code if code.starts_with("53") => {
            Trouble::Failed(Failure::Unavailable(told.message().into()))
        }
        _ => Trouble::Failed(fault()),
    }
}

/// A statement that checks its own row count fails in this way where the count is another.
pub(super) fn is_guard(error: &Error) -> bool {
    error.as_db_error().is_some_and(|told| told.code().code() == "22012")
}

/// For a read, or a write that certainly was not committed.
pub(super) fn failure(error: &Error) -> Failure {
    trouble(error).into()
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Again(failure) | Trouble::Locked(failure) | Trouble::Failed(failure) => {
                failure
            }
            Trouble::Stale => Failure::Unavailable("the tables have just changed".into()),
            Trouble::Lost(why) => Failure::Unavailable(why),
        }
    }
}

/// The error with its cause, which the driver leaves out of its own words.
pub(super) fn describe(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

fn is_line(error: &Error) -> bool {
    let cause = std::error::Error::source(error);
    cause.is_some_and(|cause| cause.downcast_ref::<std::io::Error>().is_some())
}
