//! From the table of routes to a router: each address once, its methods told apart here, so that
//! what is answered to all others is the same everywhere.

use crate::app::App;
use crate::front::front;
use crate::page::{DECLARED, PAGES, is_declared};
use crate::problem::{Problem, Said};
use crate::respond::{self, Asked, Told};
use crate::route::{Route, Verb};
use crate::routes::ROUTES;
use crate::settings::Settings;
use crate::shell;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, RawPathParams, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use engine::Engine;
use model::Language;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// All routes over an engine, as a service that needs no server: what tests call.
pub fn router(engine: Engine, settings: Settings) -> Router {
    of(Arc::new(App::new(engine, settings)))
}

pub fn of(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for (path, routes) in by_path() {
        let routes: Arc<[&'static Route]> = routes.into();
        let handler =
            move |State(app): State<Arc<App>>, params: RawPathParams, request: Request| {
                let routes = routes.clone();
                async move { choose(app, &routes, &params, request).await }
            };
        router = router.route(path, any(handler));
    }
    router
        .fallback(nowhere)
        .layer(DefaultBodyLimit::disable())
        .layer(axum::middleware::from_fn_with_state(app.clone(), front))
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(CompressionLayer::new().gzip(true))
        .with_state(app)
}

/// The routes of each address, in the order of the table.
pub fn by_path() -> BTreeMap<&'static str, Vec<&'static Route>> {
    let mut paths: BTreeMap<&'static str, Vec<&'static Route>> = BTreeMap::new();
    for route in ROUTES.iter().chain(PAGES) {
        paths.entry(route.path).or_default().push(route);
    }
    paths
}

async fn choose(
    app: Arc<App>,
    routes: &[&'static Route],
    params: &RawPathParams,
    mut request: Request,
) -> Response {
    let Some(asked) = request.extensions_mut().remove::<Asked>() else {
        return panicked();
    };
    let verb = match *request.method() {
        Method::GET | Method::HEAD => Some(Verb::Get),
        Method::POST => Some(Verb::Post),
        Method::PATCH => Some(Verb::Patch),
        Method::DELETE => Some(Verb::Delete),
        _ => None,
    };
    if verb == Some(Verb::Get) && is_declared(&app, request.uri().path()) {
        return shell::run(app, &DECLARED, Vec::new(), asked, request).await;
    }
    let found = verb.and_then(|verb| routes.iter().find(|route| route.verb == verb));
    if verb == Some(Verb::Get)
        && found.is_none()
        && let Some(back) = readable_above(&app, routes, request.uri().path())
    {
        return back;
    }
    let Some(route) = found else { return other_method(routes, &asked, request.method()) };
    let path = params.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    shell::run(app, route, path, asked, request).await
}

/// The address that a form of a page is sent to holds no page itself; who loads it again is sent to
/// the page above it that does.
fn readable_above(app: &App, routes: &[&'static Route], path: &str) -> Option<Response> {
    let mut pattern = routes.first().filter(|route| route.is_page())?.path;
    let mut path = path;
    loop {
        pattern = pattern.rsplit_once('/')?.0;
        path = path.rsplit_once('/')?.0;
        let is_read = |route: &&Route| route.path == pattern && route.verb == Verb::Get;
        if PAGES.iter().any(|route| is_read(&route)) {
            let to = format!("{}{path}", crate::page::prefix(app.settings.base()));
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SEE_OTHER;
            let to = HeaderValue::from_str(&to).ok()?;
            response.headers_mut().insert(header::LOCATION, to);
            return Some(response);
        }
    }
}

/// OPTIONS tells what is possible here; any other method is not.
fn other_method(routes: &[&'static Route], asked: &Asked, method: &Method) -> Response {
    let mut response = match *method {
        Method::OPTIONS => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        _ => {
            let said = Said::new(
                "This address does not know the method; Allow names those it knows.",
                "此地址不支持该方法；可用方法见 Allow。",
            );
            let status = StatusCode::METHOD_NOT_ALLOWED;
            let problem = Problem::new(status, "method-not-allowed", said);
            respond::problem(&problem, asked.language.unwrap_or(Language::EN), &asked.id)
        }
    };
    let allowed = HeaderValue::from_str(&allowed(routes));
    response.headers_mut().extend(allowed.ok().map(|allowed| (header::ALLOW, allowed)));
    let mut told = response.extensions_mut().remove::<Told>().unwrap_or_default();
    told.route = routes.first().map(|route| route.path);
    response.extensions_mut().insert(told);
    response
}

fn allowed(routes: &[&'static Route]) -> String {
    let mut verbs: Vec<&str> = routes.iter().map(|route| route.verb.as_str()).collect();
    if verbs.contains(&"GET") {
        verbs.push("HEAD");
    }
    verbs.push("OPTIONS");
    verbs.sort_unstable();
    verbs.join(", ")
}

/// What no route has may still be a page that a process declares.
async fn nowhere(State(app): State<Arc<App>>, mut request: Request) -> Response {
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    if is_read
        && is_declared(&app, request.uri().path())
        && let Some(asked) = request.extensions_mut().remove::<Asked>()
    {
        return shell::run(app, &DECLARED, Vec::new(), asked, request).await;
    }
    let asked = request.extensions().get::<Asked>();
    let language = asked.and_then(|asked| asked.language).unwrap_or(Language::EN);
    respond::problem(&Problem::no_route(), language, asked.map_or("", |asked| &asked.id))
}

/// The last resort: something failed outside every handler.
fn panicked() -> Response {
    respond::problem(&Problem::fault("panic"), Language::EN, "0")
}

/// Every method of every address, a line each: what a review of the endpoints reads.
pub fn endpoints() -> String {
    let mut lines = String::new();
    for (path, routes) in by_path() {
        for route in routes {
            let verb = route.verb.as_str();
            lines.push_str(&format!("{verb:6} {path} {:?} {}\n", route.who, route.good()));
        }
    }
    lines
}
