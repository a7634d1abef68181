//! What a person fills in: fields and links of one record, by name.

use engine::{Error, Result};
use model::value::{Currency, Money};
use model::{Key, Language, Name, Value};

#[derive(Debug, Clone, Default)]
pub struct Fields {
    values: Vec<(&'static str, Value)>,
    links: Vec<(&'static str, Vec<Key>)>,
}

pub fn fields() -> Fields {
    Fields::default()
}

/// Values and links by their names, as commands take them.
type Named = (Vec<(Name, Value)>, Vec<(Name, Vec<Key>)>);

impl Fields {
    fn with(mut self, name: &'static str, value: Value) -> Fields {
        self.values.push((name, value));
        self
    }

    /// text, markdown, email, url, choice
    pub fn text(self, name: &'static str, text: &str) -> Fields {
        self.with(name, Value::text(text))
    }

    pub fn choices(self, name: &'static str, chosen: &[String]) -> Fields {
        if chosen.is_empty() {
            return self;
        }
        let chosen = chosen.iter().map(|one| one.as_str().into()).collect();
        self.with(name, Value::Texts(chosen))
    }

    pub fn both(self, name: &'static str, en: &str, zh: &str) -> Fields {
        let texts = [(Language::EN, en.into()), (Language::ZH, zh.into())];
        self.with(name, Value::LocalText(texts.into()))
    }

    pub fn key(self, name: &'static str, key: Key) -> Fields {
        self.with(name, Value::Reference(key))
    }

    pub fn maybe(self, name: &'static str, key: Option<Key>) -> Fields {
        match key {
            Some(key) => self.key(name, key),
            None => self,
        }
    }

    pub fn yes(self, name: &'static str) -> Fields {
        self.with(name, Value::YesNo(true))
    }

    pub fn yes_if(self, name: &'static str, is: bool) -> Fields {
        self.with(name, Value::YesNo(is))
    }

    pub fn whole(self, name: &'static str, number: i64) -> Fields {
        self.with(name, Value::Integer(number))
    }

    /// Microseconds since 1970; whole minutes are written, as people do.
    pub fn at(self, name: &'static str, at: i64) -> Fields {
        let minute = super::time::MINUTE;
        self.with(name, Value::Instant(at - at.rem_euclid(minute)))
    }

    /// Days since 1970.
    pub fn date(self, name: &'static str, day: i32) -> Fields {
        self.with(name, Value::Date(day))
    }

    pub fn time(self, name: &'static str, time: i64) -> Fields {
        self.with(name, Value::Duration(time))
    }

    pub fn money(self, name: &'static str, whole: i64, currency: &str) -> Fields {
        let Some(currency) = Currency::new(currency) else { return self };
        self.with(name, Value::Money(Money { minor: whole * 100, currency }))
    }

    pub fn link(mut self, name: &'static str, to: Vec<Key>) -> Fields {
        if !to.is_empty() {
            self.links.push((name, to));
        }
        self
    }

    /// # Errors
    /// A fault for what is no name.
    pub fn named(self) -> Result<Named> {
        let values = self.values.into_iter().map(|(text, value)| Ok((name(text)?, value)));
        let links = self.links.into_iter().map(|(text, keys)| Ok((name(text)?, keys)));
        Ok((values.collect::<Result<_>>()?, links.collect::<Result<_>>()?))
    }
}

/// # Errors
/// A fault for what is no name.
pub fn name(text: &str) -> Result<Name> {
    Name::new(text).ok_or_else(|| Error::Fault(format!("\"{text}\" is no name")))
}
