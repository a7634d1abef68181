//! The collation key of titles: what names and titles are sorted by, made here so that both
//! databases sort alike and a new version of either never breaks an index.
//!
//! Latin letters sort by their base letter whatever their case and accents (`é` as `e`, `ß` as
//! `ss`, `ø` as `o`). Chinese characters sort in the order of GB 18030: the 3,755 common ones
//! (level 1 of GB 2312) by their most usual reading in pinyin, then the 3,008 of level 2 by
//! radical, then the rest. Other writing sorts by code point, before Chinese.
//!
//! Limits: a character with several readings has one place (行 under `hang`); rare characters do
//! not follow pinyin; Latin has no rules of one language (Swedish `ö` sorts as `o`); texts that
//! differ after the 64th character, or in case and accents only, sort by key.

use encoding_rs::GB18030;
use unicode_normalization::UnicodeNormalization;

/// Characters of the key that count.
const LENGTH: usize = 64;
/// Where the key puts two-byte codes of GB 18030: private planes, so that bytes sort as codes.
const COMMON: u32 = 0xF_0000;
const RARE: u32 = 0x10_0000;
/// Stands before Chinese characters outside the two-byte codes, after all others.
const RAREST: char = '\u{10FFFD}';

/// The key by which a title sorts when compared byte by byte; empty for a text without letters.
pub fn title_key(text: &str) -> String {
    let mut key = String::new();
    let mut after_latin = false;
    for character in text.nfkd().flat_map(char::to_lowercase) {
        if is_accent(character) && after_latin {
            continue;
        }
        after_latin = push(&mut key, character);
    }
    let composed: String = key.nfc().collect();
    let words: Vec<&str> = composed.split_whitespace().collect();
    words.join(" ").chars().take(LENGTH).collect()
}

/// The combining marks of Latin letters; those after other letters make another letter (й).
fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&character)
}

/// Adds one character in its place and says whether an accent after it is to be left out.
fn push(key: &mut String, character: char) -> bool {
    match character {
        'ß' => key.push_str("ss"),
        'æ' => key.push_str("ae"),
        'œ' => key.push_str("oe"),
        'þ' => key.push_str("th"),
        'ð' | 'đ' => key.push('d'),
        'ø' => key.push('o'),
        'ł' => key.push('l'),
        'ı' => key.push('i'),
        'ħ' => key.push('h'),
        c if is_chinese(c) => push_chinese(key, c),
        c => {
            key.push(c);
            return c.is_ascii_alphabetic();
        }
    }
    character.is_alphabetic() && !is_chinese(character)
}

fn is_chinese(character: char) -> bool {
    matches!(u32::from(character), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

fn push_chinese(key: &mut String, character: char) {
    let mut buffer = [0; 4];
    let (bytes, ..) = GB18030.encode(character.encode_utf8(&mut buffer));
    let placed = match *bytes {
        [high, low] => {
            let common = (0xB0..=0xF7).contains(&high) && low >= 0xA1;
            let plane = if common { COMMON } else { RARE };
            char::from_u32(plane + u32::from(high) * 256 + u32::from(low))
        }
        _ => None,
    };
    match placed {
        Some(placed) => key.push(placed),
        None => key.extend([RAREST, character]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut titles: Vec<&str>) -> Vec<&str> {
        titles.sort_by_key(|title| title_key(title));
        titles
    }

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(title_key("  Ｅxchange\tSérver "), "exchange server");
        assert_eq!(title_key("Straße"), title_key("STRASSE"));
        assert_eq!(sorted(vec!["zebra", "Émile", "eagle"]), ["eagle", "Émile", "zebra"]);
    }

    #[test]
    fn common_chinese_sorts_by_pinyin() {
        // ān, biàn, diàn, fú, wǎng, yóu
        let pinyin = vec!["安全", "变更", "电话", "服务", "网络", "邮件"];
        let mut mixed = pinyin.clone();
        mixed.reverse();
        assert_eq!(sorted(mixed), pinyin);
        assert_eq!(
            sorted(vec!["㐀", "鼻", "阿", "Zebra", "𠀀"]),
            ["Zebra", "阿", "鼻", "㐀", "𠀀"]
        );
    }

    #[test]
    fn letters_of_other_writings_stay_whole() {
        assert_ne!(title_key("й"), title_key("и"));
        assert_eq!(title_key("한국"), "한국");
        assert_eq!(title_key(&"长".repeat(200)).chars().count(), 64);
    }
}
