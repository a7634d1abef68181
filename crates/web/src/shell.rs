//! What stands around every handler: reading the body, a place among the workers, who asks and
//! whether they may, the time it may take. Handlers themselves are plain functions on a blocking
//! thread; a call that has begun there runs to its end, also when the client leaves.

use crate::answer::{Answer, Content};
use crate::app::App;
use crate::asset;
use crate::call::{Call, Payload, demand_scope};
use crate::door::cookie::{self, Kept};
use crate::door::{csrf, provider};
use crate::form::Form;
use crate::page;
use crate::pieces::Pieces;
use crate::problem::{Problem, Result, Said};
use crate::query::Query;
use crate::receive;
use crate::respond::{self, Asked, Told};
use crate::route::{Gives, Route, Takes, Verb, Who};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use engine::Session;
use engine::refusal::Refusal;
use model::Language;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Instant;

/// Everything a blocking thread needs to know of a request.
#[derive(Clone)]
struct Ask {
    app: Arc<App>,
    route: &'static Route,
    path: Vec<(String, String)>,
    target: String,
    query: String,
    headers: HeaderMap,
    asked: Asked,
    kept: Kept,
    secure: bool,
}

/// Answers one request of a route.
pub async fn run(
    app: Arc<App>,
    route: &'static Route,
    path: Vec<(String, String)>,
    asked: Asked,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map(|both| both.as_str().to_string());
    let secure = asked.client.https || (app.settings.is_https() && !asked.client.local);
    let kept = cookie::read(&parts.headers, secure);
    let ask = Ask {
        app: app.clone(),
        route,
        path,
        target: target.unwrap_or_default(),
        query: parts.uri.query().unwrap_or("").to_string(),
        headers: parts.headers,
        asked,
        kept,
        secure,
    };
    let language = ask.kept.language.or(ask.asked.language).unwrap_or(Language::EN);
    let id = ask.asked.id.clone();
    let bare = page::Bare::of(route, &ask.target, ask.kept.theme, &app).within(&ask.headers);
    let mut response = match respond_to(ask, body).await {
        Ok(response) => response,
        Err(problem) => bare.problem(&problem, language, &id),
    };
    let mut told = response.extensions_mut().remove::<Told>().unwrap_or_default();
    told.route = Some(route.path);
    response.extensions_mut().insert(told);
    response
}

async fn respond_to(ask: Ask, body: axum::body::Body) -> Result<Response> {
    receive::demand_accepted(ask.route, &ask.headers)?;
    if matches!(ask.route.who, Who::Reader | Who::Writer) && by_cookie(&ask).is_none() {
        token(&ask.headers)?;
    }
    let payload = receive::payload(&ask.app, ask.route, &ask.headers, body).await?;
    if ask.route.gives == Gives::Changes {
        return wait(ask).await;
    }
    one(ask, payload).await
}

/// One call of the engine, within the time it may take.
async fn one(ask: Ask, payload: Payload) -> Result<Response> {
    let limits = &ask.app.settings.limits;
    let (pool, time) = match ask.route.transfers() {
        true => (&ask.app.transfers, limits.transfer_time),
        false => (&ask.app.calls, limits.request_time),
    };
    let place = pool.enter().await?;
    let (reply, answered) = oneshot::channel();
    let writes = ask.route.writes();
    tokio::task::spawn_blocking(move || answer(ask, payload, reply, place));
    match tokio::time::timeout(time, answered).await {
        Ok(Ok(response)) => Ok(response),
        // The thread ended without an answer: it panicked.
        Ok(Err(_)) => Err(Problem::fault("a handler panicked")),
        Err(_) if writes => Err(Refusal::Unknown.into()),
        Err(_) => Err(Problem::busy(5)),
    }
}

/// Marks what a page asks by itself; its value says nothing.
pub const UNATTENDED: &str = "x-unattended";

/// How often somebody who waits for changes is looked after.
const LOOK: Duration = Duration::from_millis(400);

/// Asks for changes again until there are some, or the time is over that the client wants to wait.
async fn wait(ask: Ask) -> Result<Response> {
    let query = Query::parse(&ask.query, ask.route.query)?;
    let seconds = u64::try_from(query.number("wait").unwrap_or(0)).unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut stopping = ask.app.stopping.subscribe();
    let mut seat: Option<OwnedSemaphorePermit> = None;
    loop {
        let mut response = one(ask.clone(), Payload::None).await?;
        let waits = response.extensions_mut().remove::<Waits>().is_some();
        if seat.is_none() {
            seat = ask.app.watchers.clone().try_acquire_owned().ok();
        }
        let over = Instant::now() + LOOK > end || *stopping.borrow();
        if !waits || over || seat.is_none() {
            return Ok(response);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
}

/// Marks an answer that is still empty.
#[derive(Clone)]
struct Waits;

/// On a blocking thread: the call itself, and its answer on the way back.
fn answer(
    ask: Ask,
    payload: Payload,
    reply: oneshot::Sender<Response>,
    place: OwnedSemaphorePermit,
) {
    let id = ask.asked.id.clone();
    let patience = Duration::from_secs(30).min(ask.app.settings.limits.transfer_time);
    let mut language = ask.kept.language.or(ask.asked.language).unwrap_or(Language::EN);
    let app = ask.app.clone();
    let prefix = page::prefix(app.settings.base());
    let bare = page::Bare::of(ask.route, &ask.target, ask.kept.theme, &ask.app);
    let bare = bare.within(&ask.headers);
    let mut login = None;
    let answered = call(ask, payload, &mut language, &mut login);
    let mark = |mut response: Response, code: Option<&'static str>| {
        let told = Told { route: None, login: login.clone(), code };
        response.extensions_mut().insert(told);
        response
    };
    let refused =
        |problem: &Problem| mark(bare.problem(problem, language, &id), Some(problem.code));
    let (mut response, rest) = match answered {
        Ok(answer) => respond::answer(asset::below(prefix, answer), language),
        Err(problem) => (refused(&problem), None),
    };
    if let Some(Content::Produced { produce, .. }) = rest {
        let mut pieces = Pieces::new(reply, mark(response, None), patience);
        let made = produce(&mut pieces);
        let left = pieces.end(made.is_ok());
        match (made, left) {
            (Err(problem), Some(reply)) => drop(reply.send(refused(&problem))),
            (Err(problem), None) => {
                // Too late to answer it: the log is the only place left.
                let said = problem.fault.as_ref().unwrap_or(&problem.said.en);
                tracing::warn!(request = &*id, said, "an answer was broken off");
            }
            (Ok(()), _) => {}
        }
    } else {
        if rest.is_some() {
            response.extensions_mut().insert(Waits);
        }
        if response.extensions().get::<Told>().is_none() {
            response = mark(response, None);
        }
        // A client that has left does not hear the answer.
        let _ = reply.send(response);
    }
    drop(place);
}

/// Who asks, whether they may, and the handler itself.
fn call(
    ask: Ask,
    payload: Payload,
    language: &mut Language,
    login: &mut Option<Arc<str>>,
) -> Result<Answer> {
    demand_ours(&ask, &payload)?;
    let session = session(&ask)?;
    *language = session.language();
    *login = Some(session.actor().login.as_str().into());
    // A declared page knows its own parameters, and a provider adds what it likes.
    let is_open = std::ptr::eq(ask.route, &page::DECLARED) || ask.route.path == provider::BACK;
    let query = match is_open {
        true => Query::default(),
        false => Query::parse(&ask.query, ask.route.query)?,
    };
    let id = ask.asked.id.clone();
    let Ask { app, route, path, target, headers, kept, secure, asked, .. } = ask;
    let client = asked.client;
    let call =
        Call { app, route, session, path, query, headers, payload, target, kept, secure, client };
    match demand_own_view(&call).and_then(|()| (call.route.run)(&call)) {
        Err(problem) if route.is_page() => page::refused(&call, &problem, &id),
        answered => answered,
    }
}

/// Whoever views as another role changes nothing, but the view itself and how pages look.
fn demand_own_view(call: &Call) -> Result<()> {
    if call.route.verb == Verb::Get || page::KEEPS_VIEWS.contains(&call.route.path) {
        return Ok(());
    }
    Ok(call.session.demand_own_view()?)
}

/// The session's token where the browser, and no program, asks.
fn by_cookie(ask: &Ask) -> Option<&str> {
    let named = ask.headers.contains_key(header::AUTHORIZATION);
    if named { None } else { ask.kept.session.as_deref() }
}

/// What writes by the right of a cookie must come from a page of ours.
fn demand_ours(ask: &Ask, payload: &Payload) -> Result<()> {
    if !ask.route.writes() || ask.headers.contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    csrf::demand_own_site(&ask.headers)?;
    let Some(session) = by_cookie(ask).filter(|_| ask.route.who == Who::Writer) else {
        return Ok(());
    };
    let header = ask.headers.get(csrf::HEADER).and_then(|value| value.to_str().ok());
    match payload {
        Payload::Bytes(bytes) if matches!(ask.route.takes, Takes::Fields | Takes::Work) => {
            let form = Form::parse(bytes)?;
            csrf::demand_token(session, form.text(csrf::FIELD).or(header))
        }
        Payload::File(upload) => {
            let upload = upload.borrow();
            csrf::demand_token(session, upload.fields.text(csrf::FIELD).or(header))
        }
        _ => csrf::demand_token(session, header),
    }
}

/// The session of the one who asks. A route that anybody may call gets one that may do nothing,
/// whoever asks: a probe with a token that has ended still learns whether the server works.
fn session(ask: &Ask) -> Result<Session> {
    let engine = &ask.app.engine;
    let unnamed = ask.headers.get(header::AUTHORIZATION).is_none();
    let open = match ask.route.who {
        Who::Anybody => true,
        Who::Operator => ask.asked.client.local && unnamed,
        Who::Guest => by_cookie(ask).is_none(),
        Who::Reader | Who::Writer => false,
    };
    // The door speaks as was chosen there, else as the browser does.
    let nobody = || match ask.kept.language.or(ask.asked.language) {
        Some(language) if ask.route.who == Who::Guest => Session::nobody(engine).speaking(language),
        _ => Session::nobody(engine),
    };
    if open {
        return Ok(nobody());
    }
    let known = match by_cookie(ask) {
        Some(session) if ask.headers.contains_key(UNATTENDED) => {
            engine.authenticate_unattended(session)
        }
        Some(session) => engine.authenticate_session(session),
        None => engine.authenticate(token(&ask.headers)?),
    };
    let actor = match known {
        // A session that is over leaves a guest.
        Err(error) if ask.route.who == Who::Guest && is_not_logged_in(&error) => {
            return Ok(nobody());
        }
        known => known?,
    };
    let account = actor.account.map_or(0, |key| key.0);
    let within = ask.app.accounts.take(account, Instant::now());
    within.map_err(|retry_after_seconds| Refusal::TooMany { retry_after_seconds })?;
    let session = Session::new(engine, actor);
    let scope = match ask.route.who {
        Who::Anybody | Who::Guest | Who::Reader => "read",
        // Refused by `demand_own_view`, on a page from which the view can be left.
        Who::Writer if session.actor().viewing.is_some() => "read",
        Who::Writer => "write",
        Who::Operator => {
            return match session.actor().administers() {
                true => Ok(session),
                false => Err(Refusal::OutOfScope { scope: "admin".into() }.into()),
            };
        }
    };
    let asked = match by_cookie(ask) {
        // A person's own language stands before that of the browser, and before what was chosen at
        // its door.
        // While one views as a role nothing is written, so the choice is that of the browser.
        Some(_) => ask.kept.language.filter(|_| speaks_here(&session)),
        None => ask.asked.language,
    };
    let session = match asked {
        Some(language) if language != session.language() => session.speaking(language),
        _ => session,
    };
    demand_scope(&session, scope)?;
    Ok(session)
}

/// Whether the language chosen in this browser counts for whoever is in.
fn speaks_here(session: &Session) -> bool {
    session.actor().person.is_none() || session.actor().viewing.is_some()
}

fn is_not_logged_in(error: &engine::Error) -> bool {
    matches!(error, engine::Error::Refused(refusal) if **refusal == Refusal::NotLoggedIn)
}

/// The token of the request (RFC 6750).
fn token(headers: &HeaderMap) -> Result<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Refusal::NotLoggedIn.into());
    };
    let text = value.to_str().unwrap_or("");
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    let token = token.trim();
    match scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 512 {
        true => Ok(token),
        false => Err(Refusal::NotLoggedIn.into()),
    }
}

/// A request that took too long to arrive.
pub fn late() -> Box<Problem> {
    let said = Said::new("The request did not arrive in time.", "请求未能及时送达。");
    Box::new(Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", said))
}
