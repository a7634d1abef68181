//! Tests of the whole: the definitions of the product on real databases. One binary, so that it is
//! linked once; a module for each thing that is tested.
// Tests read their files and settings themselves, and a test that meets nothing may fail at once.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used)]

mod administering;
mod canary;
mod cli;
mod demo;
mod event_log;
mod exports;
mod files;
mod flips;
mod hidden;
mod home;
mod jobs;
mod links;
mod pages;
mod restored;
mod rights;
mod rules;
mod scenario;
mod several;
mod simulation;
mod standing_in;
mod world;
