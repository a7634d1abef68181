//! Tests of the whole language: what is accepted and what it becomes, what is refused and where,
//! what it yields, what hostile text does, and that the documentation is true.

mod accepted;
mod documented;
mod grammar;
mod hostile;
mod moments;
mod reads;
mod refused;
mod yielded;
