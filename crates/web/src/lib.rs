//! The server: REST over the engine, from the definitions in force.
//!
//! A request passes, in this order: [`client`] and [`front`] (address, limits, language, number),
//! [`router`] (which route), [`shell`] (body, token, a place among the workers), one function of
//! [`handle`] on a blocking thread, and back as an [`answer`] or a [`problem`]. The routes are one
//! table, [`routes`], from which the description in [`openapi`] is made too.
//!
//! It knows no process and no table: what may be seen and done, the engine's session says.

mod answer;
mod app;
mod asset;
mod block;
mod call;
mod client;
mod conditional;
mod door;
mod form;
mod front;
mod handle;
mod json;
mod language;
mod limiter;
mod live;
mod media;
mod metrics;
mod openapi;
mod page;
mod parameters;
mod percent;
mod picture;
mod pieces;
mod pool;
mod problem;
mod query;
mod receive;
mod refused;
mod respond;
mod route;
mod router;
mod routes;
mod serve;
mod settings;
mod shell;
mod show;
mod title;
mod tls;
mod upload;

pub use client::Network;
pub use router::{endpoints, router};
pub use serve::Server;
pub use settings::{Limits, Pem, Settings, TlsFiles};
