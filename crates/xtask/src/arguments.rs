//! Options of a rig: flags (`--small`) and values (`--rounds 100`). An option that the rig does not
//! know is refused, so that a slip is not taken for a default.

use std::collections::BTreeMap;
use std::str::FromStr;

#[derive(Debug, Default)]
pub struct Arguments {
    /// Options as given, without their dashes; flags have no value.
    given: BTreeMap<String, String>,
}

impl Arguments {
    /// Reads the words behind the command. `known` holds `--flag` and `--option VALUE`.
    pub fn read(words: impl Iterator<Item = String>, known: &[&str]) -> Result<Arguments, String> {
        let mut arguments = Arguments::default();
        let mut words = words;
        while let Some(word) = words.next() {
            let option = known.iter().find(|option| option.split(' ').next() == Some(&word));
            let option = option.ok_or_else(|| format!("no option `{word}` here"))?;
            let value = if option.contains(' ') {
                words.next().ok_or_else(|| format!("`{word}` needs a value"))?
            } else {
                String::new()
            };
            arguments.given.insert(word, value);
        }
        Ok(arguments)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(String::as_str)
    }

    pub fn number<T: FromStr>(&self, name: &str, otherwise: T) -> Result<T, String> {
        let Some(text) = self.text(name) else { return Ok(otherwise) };
        let digits: String = text.chars().filter(|c| *c != '_').collect();
        digits.parse().map_err(|_| format!("`{name} {text}`: not a number"))
    }

    /// `small` in the form that CI runs, `full` otherwise.
    pub fn sized<T>(&self, small: T, full: T) -> T {
        if self.flag("--small") { small } else { full }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn read(line: &str) -> Result<Arguments, String> {
        let words = line.split_whitespace().map(str::to_string);
        Arguments::read(words, &["--small", "--rounds N"])
    }

    #[test]
    fn options_are_read_and_slips_refused() {
        let arguments = read("--rounds 1_000 --small").unwrap();
        assert_eq!(arguments.number("--rounds", 5), Ok(1000));
        assert_eq!(arguments.number("--seed", 5), Ok(5));
        assert_eq!(arguments.sized(1, 2), 1);
        assert_eq!(read("--smal").unwrap_err(), "no option `--smal` here");
        assert_eq!(read("--rounds").unwrap_err(), "`--rounds` needs a value");
    }
}
