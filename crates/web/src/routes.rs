//! Every route there is. What is not in this table is not answered; what is, is checked, counted,
//! documented and listed in `tests/output/endpoints.txt` by it.

use crate::handle::{
    attachment, bulk, clock, comment, definition, export, feed, figure, import, link, me, movement,
    notice, operate, past, record, search, template, token, view, vote, watch,
};
use crate::parameters::{
    ATTACH, BRING, CHANGES, CLAIM, EXPORT, IMPORTS, LIST, MEASURE, NOTICES, PAGE, SEARCH, STOOD,
    UNWATCH,
};
use crate::route::{Form, Gives, Route, Takes, Who, delete, get, patch, post};
use Form::{Comment, Create, Delegate, Edit, Note, Vote};
use Takes::{File, Json, MaybeJson, Nothing};

/// All routes.
pub static ROUTES: &[Route] = &[
    get(
        "/health",
        "health",
        "Whether the server and its database work",
        Gives::Health,
        &[],
        operate::health,
    )
    .by(Who::Anybody),
    get(
        "/metrics",
        "metrics",
        "Figures about the server for Prometheus",
        Gives::Metrics,
        &[],
        operate::metrics,
    )
    .by(Who::Operator),
    get(
        "/api/v1/openapi.json",
        "describe",
        "This description, made from the definitions in force",
        Gives::OpenApi,
        &[],
        operate::description,
    ),
    get("/api/v1/me", "me", "Who asks: person, roles, scopes", Gives::Me, &[], me::me),
    get(
        "/api/v1/record_types",
        "list_record_types",
        "The record types that the asker may see",
        Gives::RecordTypes,
        &[],
        definition::list,
    ),
    get(
        "/api/v1/record_types/{name}",
        "read_record_type",
        "One record type: fields, links, states, transitions, lists",
        Gives::RecordType,
        &[],
        definition::read,
    ),
    get(
        "/api/v1/search",
        "search",
        "Search all records by words, newest first",
        Gives::Hits,
        SEARCH,
        search::search,
    ),
    get(
        "/api/v1/changes",
        "changes",
        "What has changed since a cursor, in order, at least once",
        Gives::Changes,
        CHANGES,
        feed::changes,
    ),
    get(
        "/api/v1/notifications",
        "list_notifications",
        "What the asker was told of, newest first",
        Gives::Notices,
        NOTICES,
        notice::list,
    ),
    post(
        "/api/v1/notifications/read",
        "read_notifications",
        "Mark as read what the asker was told of: the entries named, or all",
        MaybeJson(Form::Read),
        Gives::Nothing,
        notice::read,
    ),
    get("/api/v1/tokens", "list_tokens", "The asker's own tokens", Gives::Tokens, &[], token::list),
    post(
        "/api/v1/tokens",
        "make_token",
        "Make a token for oneself; its text is answered this once",
        Json(Form::Token),
        Gives::Token,
        token::make,
    ),
    delete("/api/v1/tokens/{id}", "end_token", "End one of one's own tokens", &[], token::end),
    get(
        "/api/v1/imports",
        "list_imports",
        "Imports, the latest first; those of the command line too",
        Gives::Imports,
        IMPORTS,
        import::list,
    ),
    post(
        "/api/v1/imports",
        "bring_import",
        "Bring a table that is to become records; its columns are mapped as well as can be guessed",
        File,
        Gives::NewImport,
        import::bring,
    )
    .with(BRING),
    get(
        "/api/v1/imports/{import}",
        "import",
        "How an import stands: its mapping, its stage, its numbers",
        Gives::Import,
        &[],
        import::show,
    ),
    patch(
        "/api/v1/imports/{import}",
        "map_import",
        "Write the mapping of an import anew",
        Json(Form::Mapping),
        Gives::Import,
        import::map,
    ),
    delete(
        "/api/v1/imports/{import}",
        "forget_import",
        "Forget an import that has written nothing, and its file",
        &[],
        import::forget,
    ),
    post(
        "/api/v1/imports/{import}/check",
        "check_import",
        "Check the whole file; the import tells what was found",
        Nothing,
        Gives::Import,
        import::check,
    ),
    post(
        "/api/v1/imports/{import}/run",
        "run_import",
        "Write what the file holds, or go on where it was stopped; the import tells how far it is",
        Nothing,
        Gives::Import,
        import::run,
    ),
    post(
        "/api/v1/imports/{import}/stop",
        "stop_import",
        "Stop the check or the import; what was written stays",
        Nothing,
        Gives::Import,
        import::stop,
    ),
    post(
        "/api/v1/imports/{import}/undo",
        "undo_import",
        "Take back what an import wrote, where nobody has changed it since",
        Nothing,
        Gives::Import,
        import::take_back,
    ),
    get(
        "/api/v1/imports/{import}/refusals",
        "list_import_refusals",
        "The rows that cannot be taken, and why",
        Gives::Refusals,
        PAGE,
        import::refusals,
    ),
    get(
        "/api/v1/imports/{import}/left",
        "list_import_left",
        "The records that taking the import back has left alone, and why",
        Gives::Left,
        PAGE,
        import::left,
    ),
    get("/api/v1/{record_type}", "list", "A page of records", Gives::Records, LIST, record::list),
    post(
        "/api/v1/{record_type}",
        "create",
        "Create a record",
        Json(Create),
        Gives::NewRecord,
        record::create,
    ),
    post(
        "/api/v1/{record_type}/bulk",
        "bulk",
        "Do the same to many records, each on its own",
        Json(Form::Bulk),
        Gives::Results,
        bulk::bulk,
    ),
    get(
        "/api/v1/{record_type}/views",
        "list_views",
        "The kept views of a record type that the asker finds",
        Gives::Views,
        &[],
        view::list,
    ),
    post(
        "/api/v1/{record_type}/views",
        "keep_view",
        "Keep a view: what a list shows, under a name",
        Json(Form::View),
        Gives::NewView,
        view::keep,
    ),
    patch(
        "/api/v1/{record_type}/views/{view}",
        "change_view",
        "Write a view of one's own anew",
        Json(Form::View),
        Gives::View,
        view::change,
    ),
    delete(
        "/api/v1/{record_type}/views/{view}",
        "drop_view",
        "Take a view of one's own away",
        &[],
        view::end,
    ),
    get(
        "/api/v1/{record_type}/templates",
        "list_templates",
        "The kept templates of a form that the asker finds",
        Gives::Templates,
        &[],
        template::list,
    ),
    post(
        "/api/v1/{record_type}/templates",
        "keep_template",
        "Keep a template: values of a new record, under a name",
        Json(Form::Template),
        Gives::NewTemplate,
        template::keep,
    ),
    get(
        "/api/v1/{record_type}/templates/{template}",
        "template",
        "A template, with what of it the asker may set",
        Gives::Template,
        &[],
        template::show,
    ),
    patch(
        "/api/v1/{record_type}/templates/{template}",
        "change_template",
        "Write a template of one's own anew",
        Json(Form::Template),
        Gives::Template,
        template::change,
    ),
    delete(
        "/api/v1/{record_type}/templates/{template}",
        "drop_template",
        "Take a template of one's own away",
        &[],
        template::end,
    ),
    get(
        "/api/v1/{record_type}/export",
        "export",
        "A whole list as a table: CSV, JSON lines or XLSX",
        Gives::Table,
        EXPORT,
        export::export,
    ),
    get(
        "/api/v1/{record_type}/measures/{measure}",
        "measure",
        "A figure over time",
        Gives::Figures,
        MEASURE,
        figure::measure,
    ),
    get(
        "/api/v1/{record_type}/evidence/{claim}",
        "evidence",
        "For how many records a claim holds, and a page of those that fail",
        Gives::Evidence,
        CLAIM,
        figure::evidence,
    ),
    get(
        "/api/v1/{record_type}/{record}",
        "read",
        "One record, by its number or its id",
        Gives::Record,
        STOOD,
        record::read,
    ),
    patch(
        "/api/v1/{record_type}/{record}",
        "edit",
        "Change fields of a record",
        Json(Edit),
        Gives::Record,
        record::edit,
    ),
    delete(
        "/api/v1/{record_type}/{record}",
        "remove",
        "Withdraw a record: it leaves all lists, its history stays",
        &[],
        record::withdraw,
    ),
    post(
        "/api/v1/{record_type}/{record}/withdraw",
        "withdraw",
        "Withdraw a record, saying why",
        MaybeJson(Note),
        Gives::Nothing,
        record::withdraw,
    ),
    get(
        "/api/v1/{record_type}/{record}/transitions",
        "list_transitions",
        "The steps from here: which are open, and why the others are not",
        Gives::Moves,
        &[],
        movement::list,
    ),
    post(
        "/api/v1/{record_type}/{record}/transition/{transition}",
        "transition",
        "Perform a step",
        MaybeJson(Form::Transition),
        Gives::Record,
        movement::perform,
    ),
    post(
        "/api/v1/{record_type}/{record}/approve",
        "approve",
        "Give an approval",
        MaybeJson(Vote),
        Gives::Record,
        vote::approve,
    ),
    post(
        "/api/v1/{record_type}/{record}/reject",
        "reject",
        "Refuse an approval",
        MaybeJson(Vote),
        Gives::Record,
        vote::reject,
    ),
    post(
        "/api/v1/{record_type}/{record}/delegate",
        "delegate",
        "Let somebody else give an approval in one's place",
        Json(Delegate),
        Gives::Record,
        vote::delegate,
    ),
    post(
        "/api/v1/{record_type}/{record}/link/{link}",
        "link",
        "Link a record to another",
        Json(Form::Link),
        Gives::Record,
        link::begin,
    ),
    delete(
        "/api/v1/{record_type}/{record}/link/{link}/{to}",
        "unlink",
        "End a link",
        &[],
        link::end,
    ),
    get(
        "/api/v1/{record_type}/{record}/comments",
        "list_comments",
        "What people have said on a record, newest first",
        Gives::Comments,
        PAGE,
        comment::list,
    ),
    post(
        "/api/v1/{record_type}/{record}/comments",
        "comment",
        "Say something on a record",
        Json(Comment),
        Gives::Comment,
        comment::add,
    ),
    get(
        "/api/v1/{record_type}/{record}/attachments",
        "list_attachments",
        "The files of a record, oldest first",
        Gives::Attachments,
        &[],
        attachment::list,
    ),
    post(
        "/api/v1/{record_type}/{record}/attachments",
        "attach",
        "Add a file to a record",
        File,
        Gives::Attachment,
        attachment::add,
    )
    .with(ATTACH),
    get(
        "/api/v1/{record_type}/{record}/attachments/{sha256}",
        "download",
        "The content of a file, to be saved",
        Gives::Content,
        &[],
        attachment::content,
    ),
    delete(
        "/api/v1/{record_type}/{record}/attachments/{sha256}",
        "detach",
        "Take a file off a record",
        &[],
        attachment::remove,
    ),
    get(
        "/api/v1/{record_type}/{record}/history",
        "history",
        "Who did what when, newest first",
        Gives::History,
        PAGE,
        past::list,
    ),
    get(
        "/api/v1/{record_type}/{record}/clocks",
        "list_clocks",
        "How long a record may take, how long it has taken, and why",
        Gives::Clocks,
        &[],
        clock::list,
    ),
    post(
        "/api/v1/{record_type}/{record}/watch",
        "watch",
        "Watch a record",
        MaybeJson(Form::Watch),
        Gives::Record,
        watch::begin,
    ),
    delete(
        "/api/v1/{record_type}/{record}/watch",
        "unwatch",
        "Stop watching a record",
        UNWATCH,
        watch::end,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A record type called like one of these would have no address.
    #[test]
    fn the_loader_knows_every_word_that_no_record_type_may_be_called() {
        let api = ROUTES.iter().filter_map(|route| route.path.strip_prefix("/api/v1/"));
        let other = ROUTES.iter().chain(crate::page::PAGES);
        let other = other.filter_map(|route| route.path.strip_prefix('/'));
        // A record is called by its number or id, but "new" is a page.
        let first = api.chain(other).filter_map(|path| path.split('/').next()).chain(["new"]);
        let words: BTreeSet<&str> = first.filter(|w| model::Name::new(w).is_some()).collect();
        assert_eq!(words, BTreeSet::from(model::grammar::ADDRESSES));
    }

    /// A declared page there would stand before one of ours.
    #[test]
    fn the_loader_knows_every_word_that_no_declared_page_may_begin_with() {
        let all = ROUTES.iter().chain(crate::page::PAGES);
        let first = all.filter_map(|route| route.path.strip_prefix('/')?.split('/').next());
        let words: BTreeSet<&str> = first.filter(|w| model::Name::new(w).is_some()).collect();
        assert_eq!(words, BTreeSet::from(model::grammar::PAGE_ADDRESSES));
    }
}
