//! Commands: what somebody wants done with one record, already read from JSON or text into
//! values. Whether it may be done is decided in [`crate::decide`].

use model::value::Attachment;
use model::{Key, Name, Value};

/// One act on one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Create {
        values: Vec<(Name, Value)>,
        links: Vec<(Name, Vec<Key>)>,
    },
    Edit {
        values: Vec<(Name, Value)>,
    },
    Transition {
        name: Name,
        values: Vec<(Name, Value)>,
        note: Option<String>,
    },
    Link {
        link: Name,
        to: Key,
    },
    Unlink {
        link: Name,
        to: Key,
    },
    Comment {
        text: String,
        internal: bool,
    },
    Attach {
        file: Attachment,
        internal: bool,
    },
    Detach {
        sha256: String,
    },
    /// `approval` may be left out where just one is open to the person.
    Vote {
        approval: Option<Name>,
        approve: bool,
        note: Option<String>,
    },
    /// Lets another person give the approval in one's place.
    Delegate {
        approval: Option<Name>,
        to: Key,
    },
    Watch {
        person: Key,
    },
    Unwatch {
        person: Key,
    },
    Withdraw {
        note: Option<String>,
    },
}

impl Command {
    /// The word history and the ledger know the act by.
    pub fn kind(&self) -> &'static str {
        match self {
            Command::Create { .. } => "create",
            Command::Edit { .. } => "edit",
            Command::Transition { .. } => "transition",
            Command::Link { .. } => "link",
            Command::Unlink { .. } => "unlink",
            Command::Comment { .. } => "comment",
            Command::Attach { .. } => "attach",
            Command::Detach { .. } => "detach",
            Command::Vote { approve: true, .. } => "approve",
            Command::Vote { approve: false, .. } => "reject",
            Command::Delegate { .. } => "delegate",
            Command::Watch { .. } => "watch",
            Command::Unwatch { .. } => "unwatch",
            Command::Withdraw { .. } => "withdraw",
        }
    }
}
