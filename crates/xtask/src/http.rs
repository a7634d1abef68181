//! HTTP/1.1 for the rigs: a small client that keeps connections and costs little, because it shares
//! the machine with the server that it measures; load from many connections; a histogram.

pub mod answer;
pub mod api;
pub mod connection;
pub mod histogram;
pub mod load;
pub mod request;
