//! The tables that are there whatever the definitions say. One file below for what is done with
//! each; here stands which columns they have. Tables of records come from `layout` and `sync`.

pub mod attachment;
pub mod blob;
pub mod clock;
pub mod course;
pub mod credential;
pub mod definition;
pub mod factor;
pub mod guard;
pub mod history;
pub mod idempotency;
pub mod identity;
pub mod import_line;
pub mod import_run;
pub mod job;
pub mod kept;
pub mod lease;
pub mod link;
pub mod login_event;
pub mod movement;
pub mod notification;
pub mod one_time;
pub mod presence;
pub(crate) mod reading;
pub mod seal;
pub mod sequence;
pub mod setting;
pub mod spine;
pub mod throttle;
pub mod token;
pub mod vote;

use crate::database::{Database, Failure};
use crate::sync::schema::{IndexShape, Schema, TableShape, index, table};

/// Makes the tables of this file, or adds to them what an older program did not know. Called at
/// each start, before anything else; several processes may call it at once.
///
/// # Errors
/// [`Failure`].
pub fn prepare(database: &Database) -> Result<(), Failure> {
    let schema = schema();
    // Before names were unique, two might be alike: the index that keeps them apart waits for that.
    if !crate::sync::prepare(database, &schema)? && kept::name_apart(database)? > 0 {
        crate::sync::prepare(database, &schema)?;
    }
    Ok(())
}

/// The core tables with their indexes.
pub(crate) fn schema() -> Schema {
    let tables = [records(), ledger(), work(), people(), kept(), files()].concat();
    Schema { tables, indexes: indexes(), views: Vec::new() }
}

fn records() -> Vec<TableShape> {
    vec![
        table(
            "record",
            "key",
            "key integer, id blob, type text, counter text?, number integer?, title text, \
             title_key text",
        ),
        table(
            "link",
            "from_key name to_key since",
            "name text, from_key integer, to_key integer, since integer, until integer?",
        ),
        table(
            "history",
            "key",
            "key integer, id blob, record_key integer, type text, kind text, transition \
             text?, at integer, recorded_at integer, actor_key integer?, actor text, \
             definition integer, version integer, internal boolean, body blob",
        ),
        table(
            "movement",
            "record_key field at entry_key",
            "record_key integer, field text, at integer, entry_key integer, value text?",
        ),
        table(
            "clock",
            "record_key name",
            "record_key integer, name text, state text, started_at integer, stopped_at \
             integer?, counted integer, target integer?, target_days integer?, due_at \
             integer?, warn_at integer?, warned_at integer?, breached_at integer?, calendar \
             text, time_zones text, computed_at integer, detail text?",
        ),
        table(
            "vote",
            "record_key approval round person_key",
            "record_key integer, approval text, round integer, person_key integer, \
             other_key integer?, decision text, at integer, digest blob, note text?",
        ),
    ]
}

fn ledger() -> Vec<TableShape> {
    vec![
        table("unsealed", "place", "place place, entry_key integer"),
        table("leaf", "position", "position integer, entry_key integer, hash blob"),
        table("tree_node", "level position", "level integer, position integer, hash blob"),
        table("checkpoint", "size", "size integer, note text, at integer"),
    ]
}

fn work() -> Vec<TableShape> {
    vec![
        table(
            "import_run",
            "id",
            "id text, record_type text, mapping text, input text, actor text, rows integer, \
             done integer, records integer, entries integer, started_at integer, changed_at \
             integer, finished_at integer?, file text?, bytes integer?, account_key integer?, \
             state text?, rules text?, found text?, fault text?, undone_at integer?",
        ),
        table(
            "import_line",
            "import_id entry_key",
            "import_id text, entry_key integer, row integer, record_type text, record_key \
             integer, version integer, kind text, link text?, far_key integer?, outcome text?, \
             why text?",
        ),
        table("guard", "name", "name text, version integer"),
        table("sequence", "name", "name text, next integer"),
        table("lease", "name", "name text, holder text, fence integer, until integer"),
        table("setting", "name", "name text, value text"),
        table("built", "name", "name text, kind text, text text"),
        table(
            "job",
            "key",
            "key integer, queue text, kind text, unique_key text?, body text, due_at \
             integer, attempts integer, holder text?, fence integer, again boolean, \
             created_at integer, finished_at integer?, error text?",
        ),
        table(
            "idempotency",
            "key account_key",
            "key text, account_key integer, digest blob, status integer, response text, at \
             integer",
        ),
        table(
            "definition",
            "number",
            "number integer, at integer, actor_key integer?, actor text, state text, note \
             text?, files blob",
        ),
    ]
}

fn people() -> Vec<TableShape> {
    vec![
        table(
            "token",
            "hash",
            "hash blob, account_key integer, kind text, name text, scopes text, created_at \
             integer, expires_at integer?, last_used_at integer?, revoked_at integer?",
        ),
        table(
            "credential",
            "account_key",
            "account_key integer, hash text, changed_at integer, failed_count integer, \
             locked_until integer?",
        ),
        table(
            "one_time",
            "hash",
            "hash blob, kind text, account_key integer?, body text, made_by integer?, \
             created_at integer, expires_at integer",
        ),
        table(
            "throttle",
            "name",
            "name text, failed_count integer, locked_until integer?, changed_at integer",
        ),
        table(
            "totp",
            "account_key",
            "account_key integer, secret blob, last_step integer, created_at integer",
        ),
        table("recovery_code", "hash", "hash blob, account_key integer, created_at integer"),
        table(
            "passkey",
            "id",
            "id blob, account_key integer, name text, body text, created_at integer, \
             last_used_at integer?",
        ),
        table(
            "identity",
            "issuer subject",
            "issuer text, subject text, account_key integer, provider text, bound_at integer",
        ),
        table(
            "presence",
            "record_key person_key",
            "record_key integer, person_key integer, until integer, typing_until integer?, \
             changed_at integer",
        ),
        table(
            "notification",
            "person_key entry_key",
            "person_key integer, entry_key integer, record_key integer, kind text, detail \
             text?, at integer, read_at integer?",
        ),
        table(
            "login_event",
            "id",
            "id blob, at integer, kind text, account_key integer?, login text, by_key \
             integer?, address text, browser text",
        ),
    ]
}

/// What people keep under a name: views of lists, templates of forms.
fn kept() -> Vec<TableShape> {
    vec![
        table(
            "saved_view",
            "id",
            "id blob, record_type text, name text, body text, owner_key integer, audience text, \
             team_key integer?, changed_at integer",
        ),
        table(
            "form_template",
            "id",
            "id blob, record_type text, name text, body text, owner_key integer, audience text, \
             team_key integer?, changed_at integer",
        ),
    ]
}

fn files() -> Vec<TableShape> {
    vec![
        table("blob", "content", "content integer, sha256 text?, bytes integer, at integer"),
        table("blob_part", "content part", "content integer, part integer, bytes blob"),
        table(
            "attachment",
            "key",
            "key integer, record_key integer, field text?, entry_key integer?, sha256 text, \
             name text, media_type text, bytes integer, internal boolean, at integer, \
             removed_at integer?",
        ),
    ]
}

fn indexes() -> Vec<IndexShape> {
    vec![
        index("record_id", "record", "id").unique(),
        index("record_number", "record", "counter number").unique(),
        index("record_title", "record", "type title_key key"),
        index("link_current", "link", "name from_key to_key").unique().only("\"until\" IS NULL"),
        index("link_to", "link", "name to_key from_key"),
        index("history_record", "history", "record_key version key"),
        index("history_actor", "history", "actor_key at").only("\"actor_key\" IS NOT NULL"),
        index("clock_due", "clock", "due_at").only("\"stopped_at\" IS NULL"),
        index("vote_person", "vote", "person_key at"),
        index("vote_other", "vote", "other_key at").only("\"decision\" = 'delegated'"),
        index("leaf_entry", "leaf", "entry_key").unique(),
        index("import_line_record", "import_line", "import_id record_key"),
        index("job_unique", "job", "unique_key").unique(),
        index("job_due", "job", "queue due_at").only("\"finished_at\" IS NULL"),
        index("job_finished", "job", "finished_at").only("\"finished_at\" IS NOT NULL"),
        index("idempotency_at", "idempotency", "at"),
        index("definition_active", "definition", "state").unique().only("\"state\" = 'active'"),
        index("token_account", "token", "account_key"),
        index("one_time_account", "one_time", "account_key kind"),
        index("recovery_code_account", "recovery_code", "account_key"),
        index("passkey_account", "passkey", "account_key"),
        index("identity_account", "identity", "account_key"),
        index("presence_changed", "presence", "changed_at"),
        index("notification_unread", "notification", "person_key entry_key")
            .only("\"read_at\" IS NULL"),
        index("notification_read", "notification", "read_at").only("\"read_at\" IS NOT NULL"),
        index("login_event_at", "login_event", "at"),
        index("login_event_account", "login_event", "account_key at"),
        index("saved_view_type", "saved_view", "record_type owner_key"),
        index("saved_view_name", "saved_view", "owner_key record_type name").unique(),
        index("form_template_type", "form_template", "record_type owner_key"),
        index("form_template_name", "form_template", "owner_key record_type name").unique(),
        index("blob_sha256", "blob", "sha256").unique(),
        index("attachment_record", "attachment", "record_key"),
        index("attachment_sha256", "attachment", "sha256"),
    ]
}
