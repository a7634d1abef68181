//! Web address: a link that people may follow, so only schemes that cannot run a script, and no
//! password inside. It is kept as written; nothing fetches it.

use super::{FieldType, Names, Slip, Style, email, mend};
use model::Value;
use model::definition::FieldKind;
use serde_json::{Value as Json, json};

/// The longest address: what every browser and proxy takes.
const MAX: usize = 2048;

/// `url`.
pub struct Url;

impl FieldType for Url {
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
        let Json::String(text) = json else {
            let en = "write an address in quotes, as in \"https://example.org/page\"";
            let zh = "请填写带引号的网址，例如 \"https://example.org/page\"";
            return Err(mend::shape(json, en, zh));
        };
        self.read_text(kind, text, names)
    }

    fn read_text(&self, _: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        let text = text.trim();
        check(text).map(|()| Value::text(text)).map_err(|why| why.slip(text))
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        value.as_text().map_or(Json::Null, Json::from)
    }

    fn text(&self, _: &FieldKind, value: &Value, _: &Style) -> String {
        value.as_text().unwrap_or("").to_string()
    }

    fn schema(&self, _: &FieldKind, _: bool) -> Json {
        let pattern = "^([Hh][Tt][Tt][Pp][Ss]?://|[Mm][Aa][Ii][Ll][Tt][Oo]:)";
        json!({ "type": "string", "format": "iri", "maxLength": MAX, "pattern": pattern })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bad {
    Scheme,
    Characters,
    Host,
    Password,
    Length,
}

/// | text | answer |
/// | --- | --- |
/// | `https://example.org/a?b#c`, `http://[::1]:8080`, `mailto:a@example.org` | taken |
/// | `javascript:alert(1)`, `data:text/html,x`, `ftp://a`, `example.org` | scheme |
/// | `https://a b`, `https://a/<b>` | characters |
/// | `https://`, `https://:80/`, `https://a:x/`, `mailto:a` | host |
/// | `https://me:secret@example.org` | password |
fn check(text: &str) -> Result<(), Bad> {
    if text.is_empty() {
        return Ok(());
    }
    if text.chars().count() > MAX {
        return Err(Bad::Length);
    }
    // Browsers drop tabs and newlines inside an address: refused before the scheme is looked at.
    let strange = |c: char| c.is_control() || c.is_whitespace() || "<>\"\\^`{|}".contains(c);
    let (scheme, rest) = text.split_once(':').ok_or(Bad::Scheme)?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" | "mailto" if text.contains(strange) => Err(Bad::Characters),
        "http" | "https" => web(rest.strip_prefix("//").ok_or(Bad::Host)?),
        "mailto" => {
            let to = rest.split('?').next().unwrap_or(rest);
            email::address(to).map(|_| ()).ok_or(Bad::Host)
        }
        _ => Err(Bad::Scheme),
    }
}

fn web(rest: &str) -> Result<(), Bad> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if authority.contains('@') {
        return Err(Bad::Password);
    }
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => {
            address.parse::<std::net::Ipv6Addr>().map_err(|_| Bad::Host)?;
            (address, port.strip_prefix(':').or(port.is_empty().then_some("")))
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, Some("")),
        },
    };
    let port = port.ok_or(Bad::Host)?;
    let port_fits = port.is_empty() || port.parse::<u16>().is_ok();
    if host.is_empty() || host.starts_with('.') || !port_fits { Err(Bad::Host) } else { Ok(()) }
}

impl Bad {
    fn slip(self, text: &str) -> Slip {
        let (en, zh) = match self {
            Bad::Scheme => (
                "does not start with https://, http:// or mailto:; other links are not taken",
                "不是以 https://、http:// 或 mailto: 开头，不接受其他链接",
            ),
            Bad::Characters => (
                "holds blanks or characters that an address does not have; write a blank as %20",
                "含有网址中不允许的字符，空格请写成 %20",
            ),
            Bad::Host => (
                "names no host or address; write it as in https://example.org/page",
                "缺少有效的主机名或地址，请写成 https://example.org/page 的形式",
            ),
            Bad::Password => (
                "holds a user name or password; leave out what stands before the @",
                "含有用户名或密码，请删除 @ 之前的内容",
            ),
            Bad::Length => {
                ("is longer than 2048 characters; shorten it", "超过 2048 个字符，请缩短")
            }
        };
        mend::unfit(text, en, zh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_as_the_table_says() {
        let cases = [
            ("https://example.org/a?b#c", Ok(())),
            ("HTTPS://例子.中国/页面?x=@", Ok(())),
            ("http://[::1]:8080", Ok(())),
            ("mailto:a@example.org?subject=x", Ok(())),
            ("javascript:alert(1)", Err(Bad::Scheme)),
            ("JaVaScRiPt:alert(1)", Err(Bad::Scheme)),
            ("java\nscript:alert(1)", Err(Bad::Scheme)),
            ("data:text/html,x", Err(Bad::Scheme)),
            ("ftp://a", Err(Bad::Scheme)),
            ("example.org", Err(Bad::Scheme)),
            ("https://a b", Err(Bad::Characters)),
            ("https://a/<b>", Err(Bad::Characters)),
            ("https:\\\\a", Err(Bad::Characters)),
            ("https://", Err(Bad::Host)),
            ("https:a", Err(Bad::Host)),
            ("https://:80/", Err(Bad::Host)),
            ("https://a:x/", Err(Bad::Host)),
            ("https://[zz]/", Err(Bad::Host)),
            ("mailto:a", Err(Bad::Host)),
            ("https://me:secret@example.org", Err(Bad::Password)),
        ];
        for (text, wanted) in cases {
            assert_eq!(check(text), wanted, "{text}");
        }
        assert_eq!(check(&format!("https://a/{}", "b".repeat(2048))), Err(Bad::Length));
    }
}
