//! Tests of the whole: the definitions of the product on real databases. One binary, so that it is
//! linked once; a module for each thing that is tested.
#![allow(clippy::disallowed_methods)] // tests read their files and settings themselves

mod event_log;
mod jobs;
mod rights;
mod rules;
mod scenario;
mod world;
