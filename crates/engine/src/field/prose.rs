//! What every text that people write must keep to: its characters, its length. Shared by the
//! kinds that hold free text; a name, an address or a choice has narrower rules of its own.

use super::Slip;
use unicode_normalization::UnicodeNormalization;

/// The text as it is kept: lines end with LF, characters are composed (NFC), so that one word
/// typed on two systems is one text. Blanks are kept, but nothing else than blanks is empty.
///
/// | text | kept |
/// | --- | --- |
/// | `a\r\nb ` | `a\nb ` |
/// | `e` and a combining acute accent | `é` |
/// | ` \n ` | empty |
/// | a bell character | refused |
/// | more characters than `max` | refused |
///
/// # Errors
/// The control character, or by how much it is too long.
pub fn clean(text: &str, max: usize) -> Result<String, Slip> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    if let Some((at, bad)) = lines.chars().enumerate().find(|(_, c)| forbidden(*c)) {
        return Err(strange(at + 1, bad));
    }
    if lines.trim().is_empty() {
        return Ok(String::new());
    }
    let kept: String = lines.nfc().collect();
    let count = kept.chars().count();
    if count > max { Err(too_long(count, max)) } else { Ok(kept) }
}

/// Control characters but tab and newline, and the code points that are no characters: databases,
/// spreadsheets and XML do not take them.
fn forbidden(c: char) -> bool {
    let code = u32::from(c);
    let no_character = code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code);
    (c.is_control() && c != '\n' && c != '\t') || no_character
}

fn strange(at: usize, bad: char) -> Slip {
    let code = u32::from(bad);
    Slip::new(
        format!("Character {at} is the control character U+{code:04X}; delete it."),
        format!("第 {at} 个字符是控制字符 U+{code:04X}，请删除。"),
    )
}

fn too_long(count: usize, max: usize) -> Slip {
    Slip::new(
        format!("The text has {count} characters; at most {max} are allowed."),
        format!("文本有 {count} 个字符，最多允许 {max} 个。"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_as_the_table_says() {
        assert_eq!(clean("a\r\nb ", 9).unwrap(), "a\nb ");
        assert_eq!(clean("a\rb\tc", 9).unwrap(), "a\nb\tc");
        assert_eq!(clean("e\u{301}", 1).unwrap(), "é");
        assert_eq!(clean(" \n ", 1).unwrap(), "");
        assert_eq!(clean("变更管理", 4).unwrap(), "变更管理");
        assert!(clean("ab\u{7}", 9).unwrap_err().en.contains("Character 3"));
        assert!(clean("\u{FFFF}", 9).is_err());
        assert!(clean("abc", 2).unwrap_err().en.contains("at most 2"));
    }
}
