//! How things look: the small parts that all pages share, each a function from data to HTML. No
//! reading, no rights, no addresses but those that are handed in.

pub mod clock;
pub mod mark;
pub mod prose;
pub mod time;
pub mod value;
