//! The fields of a form as a browser sends them: names and texts, a name as often as it was given.

use crate::percent;
use crate::problem::{Problem, Result};

/// Names and texts in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

/// Fields of one form, at most.
const MOST: usize = 5_000;

impl Form {
    /// Reads `a=1&b=2`; line ends become newlines.
    ///
    /// # Errors
    /// `malformed`.
    pub fn parse(bytes: &[u8]) -> Result<Form> {
        let unreadable = || {
            Problem::malformed(
                "The form cannot be read; send it again.",
                "无法读取表单，请重新提交。",
            )
        };
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable())?;
        let mut fields = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = percent::decode(name, true).map_err(|_| unreadable())?;
            let value = percent::decode(value, true).map_err(|_| unreadable())?;
            fields.push((name, value.replace("\r\n", "\n")));
            if fields.len() > MOST {
                return Err(unreadable());
            }
        }
        Ok(Form(fields))
    }

    /// These fields.
    pub fn of(fields: Vec<(String, String)>) -> Form {
        Form(fields)
    }

    /// The first text of this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// The first text of this name that holds more than blanks.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    /// All texts of this name.
    pub fn all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_send_them() {
        let form = Form::parse(b"a=1&b=x+y&b=%E6%94%AF&c=l%0D%0Am&empty=").unwrap();
        assert_eq!(form.text("a"), Some("1"));
        assert_eq!(form.all("b").collect::<Vec<_>>(), ["x y", "支"]);
        assert_eq!(form.text("c"), Some("l\nm"));
        assert_eq!((form.text("empty"), form.filled("empty")), (Some(""), None));
        assert!(Form::parse(b"a=%ff").is_err());
    }
}
