//! E-mail: one address, by the rule that browsers use for such a field (WHATWG HTML), within the
//! lengths of RFC 5321. Whether anybody reads it only a mail can tell.

use super::{FieldType, Names, Slip, Style, mend};
use model::Value;
use model::definition::FieldKind;
use serde_json::{Value as Json, json};

/// `email`.
pub struct Email;

impl FieldType for Email {
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
        let Json::String(text) = json else {
            let en = "write an address in quotes, as in \"name@example.org\"";
            let zh = "请填写带引号的邮箱地址，例如 \"name@example.org\"";
            return Err(mend::shape(json, en, zh));
        };
        self.read_text(kind, text, names)
    }

    fn read_text(&self, _: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(Value::Unset);
        }
        address(trimmed).map(|address| Value::text(&address)).ok_or_else(|| {
            let en = "is not an e-mail address; write it as in name@example.org";
            mend::unfit(text, en, "不是邮箱地址，请写成 name@example.org 的形式")
        })
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        value.as_text().map_or(Json::Null, Json::from)
    }

    fn text(&self, _: &FieldKind, value: &Value, _: &Style) -> String {
        value.as_text().unwrap_or("").to_string()
    }

    fn schema(&self, _: &FieldKind, _: bool) -> Json {
        json!({ "type": "string", "format": "email", "maxLength": 254 })
    }
}

/// The address with its domain in small letters, which mean the same; those before the @ may not.
///
/// | text | address |
/// | --- | --- |
/// | `Li.Wei+it@Example.ORG` | `Li.Wei+it@example.org` |
/// | `root@localhost` | itself |
/// | `a b@example.org`, `a@-b.org`, `a@b..org`, `Li <a@b.org>` | none |
pub fn address(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let inside = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let local_fits = (1..=64).contains(&local.len()) && local.bytes().all(inside);
    let fits = local_fits && text.len() <= 254 && is_domain(domain);
    fits.then(|| format!("{local}@{}", domain.to_ascii_lowercase()))
}

fn is_domain(text: &str) -> bool {
    text.split('.').all(|label| {
        let inside = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        inside
            && (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_the_table_says() {
        assert_eq!(address("Li.Wei+it@Example.ORG").unwrap(), "Li.Wei+it@example.org");
        assert_eq!(address("root@localhost").unwrap(), "root@localhost");
        let long = format!("{}@example.org", "a".repeat(65));
        for text in
            ["a b@example.org", "a@-b.org", "a@b..org", "Li <a@b.org>", "a@", "@b", "a@b@c", &long]
        {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
