//! What a route is: one line of the table in [`crate::routes`], from which the router, the checks
//! of each request, the OpenAPI description and the reviewed list of endpoints are made.

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;

/// One method of one address.
pub struct Route {
    pub verb: Verb,
    /// With `{record_type}`, `{record}` and the like where a value stands.
    pub path: &'static str,
    /// What programs made from the OpenAPI description call it.
    pub id: &'static str,
    /// What it does, for the OpenAPI description.
    pub says: &'static str,
    pub who: Who,
    pub takes: Takes,
    pub gives: Gives,
    pub query: &'static [Parameter],
    pub run: fn(&Call) -> Result<Answer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Patch,
    Delete,
}

/// Who may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Without a token.
    Anybody,
    /// Whoever is logged in as themselves, and everybody else as nobody.
    Guest,
    /// Programs on the same machine, and tokens with the scope `admin`.
    Operator,
    /// Whoever is logged in, with the scope `read`.
    Reader,
    /// Whoever is logged in, with the scope `write`.
    Writer,
}

/// What stands in the body of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    Json(Form),
    /// An object that may be left out.
    MaybeJson(Form),
    /// A file, raw or as the one part of a form.
    File,
    /// Fields of a form of a page, percent-encoded.
    Fields,
    /// The same, where the work may take long.
    Work,
}

/// The forms of bodies; what each holds is described in [`crate::openapi`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Create,
    Edit,
    Transition,
    Link,
    Comment,
    Note,
    Vote,
    Delegate,
    Bulk,
    Watch,
    Read,
    Token,
    View,
    Template,
    Mapping,
}

/// What the answer holds where all went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// 204.
    Nothing,
    /// Events, for as long as the browser listens.
    Stream,
    Record,
    /// 201.
    NewRecord,
    Records,
    Moves,
    Comments,
    /// 201.
    Comment,
    Attachments,
    /// 201.
    Attachment,
    Content,
    History,
    Clocks,
    Results,
    Hits,
    Changes,
    Notices,
    Figures,
    Evidence,
    Table,
    Me,
    RecordTypes,
    RecordType,
    Tokens,
    /// 201.
    Token,
    Views,
    View,
    /// 201.
    NewView,
    Templates,
    Template,
    /// 201.
    NewTemplate,
    Imports,
    Import,
    /// 201.
    NewImport,
    Refusals,
    Left,
    OpenApi,
    /// HTML, or the way to another page.
    Page,
    /// A part of the pages themselves: the same for everybody, for ever.
    Asset,
    Health,
    Metrics,
}

/// One parameter of the query.
#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    pub says: &'static str,
    pub required: bool,
}

impl Parameter {
    /// Text of at most so many characters, which may be left out.
    pub const fn text(name: &'static str, max: usize, says: &'static str) -> Parameter {
        Parameter { name, kind: Kind::Text { max }, says, required: false }
    }

    /// The same, but it may not be left out.
    pub const fn needed(self) -> Parameter {
        Parameter { required: true, ..self }
    }
}

/// What a parameter holds.
#[derive(Debug)]
pub enum Kind {
    Text { max: usize },
    Number { min: i64, max: i64 },
    YesNo,
    Instant,
    OneOf(&'static [&'static str]),
}

impl Verb {
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        }
    }
}

impl Route {
    /// The same for others.
    pub const fn by(mut self, who: Who) -> Route {
        self.who = who;
        self
    }

    /// The same with parameters.
    pub const fn with(mut self, query: Query) -> Route {
        self.query = query;
        self
    }

    /// Whether it changes something.
    pub fn writes(&self) -> bool {
        matches!(self.who, Who::Writer | Who::Guest) && self.verb != Verb::Get
    }

    /// Whether people read the answer in a browser.
    pub fn is_page(&self) -> bool {
        self.gives == Gives::Page
    }

    /// Whether bytes flow for long: such requests have places of their own, so that they never
    /// take those of quick ones.
    pub fn transfers(&self) -> bool {
        matches!(self.takes, Takes::File | Takes::Work)
            || matches!(self.gives, Gives::Table | Gives::Content)
    }

    /// The status where all went well.
    pub fn good(&self) -> u16 {
        match self.gives {
            Gives::Nothing => 204,
            Gives::NewRecord
            | Gives::Comment
            | Gives::Attachment
            | Gives::Token
            | Gives::NewImport
            | Gives::NewView
            | Gives::NewTemplate => 201,
            _ => 200,
        }
    }
}

type Run = fn(&Call) -> Result<Answer>;
type Text = &'static str;
type Query = &'static [Parameter];

/// What readers ask for.
pub const fn get(path: Text, id: Text, says: Text, gives: Gives, query: Query, run: Run) -> Route {
    let (verb, who, takes) = (Verb::Get, Who::Reader, Takes::Nothing);
    Route { verb, path, id, says, who, takes, gives, query, run }
}

/// What writers have done; a body as it is said.
pub const fn post(path: Text, id: Text, says: Text, takes: Takes, gives: Gives, run: Run) -> Route {
    let (verb, who, query) = (Verb::Post, Who::Writer, &[]);
    Route { verb, path, id, says, who, takes, gives, query, run }
}

/// What writers change.
pub const fn patch(
    path: Text,
    id: Text,
    says: Text,
    takes: Takes,
    gives: Gives,
    run: Run,
) -> Route {
    let (verb, who, query) = (Verb::Patch, Who::Writer, &[]);
    Route { verb, path, id, says, who, takes, gives, query, run }
}

/// What writers take away.
pub const fn delete(path: Text, id: Text, says: Text, query: Query, run: Run) -> Route {
    let (verb, who, takes, gives) = (Verb::Delete, Who::Writer, Takes::Nothing, Gives::Nothing);
    Route { verb, path, id, says, who, takes, gives, query, run }
}
