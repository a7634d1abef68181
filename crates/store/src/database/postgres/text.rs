//! SQL text as PostgreSQL reads it: `?1` becomes `$1`, and the marks of `unit` become words.
//! Also the wrapper that makes a statement check its own row count, so that a unit needs no round
//! trip between its statements and its COMMIT.

/// The text for PostgreSQL.
pub(super) fn postgres(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 8);
    let mut quote = None;
    let mut rest = sql;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        match (quote, letter) {
            (Some(open), _) => {
                text.push(letter);
                // A doubled quote closes and opens again, which comes to the same.
                if letter == open {
                    quote = None;
                }
            }
            (None, '\'' | '"') => {
                text.push(letter);
                quote = Some(letter);
            }
            (None, '?') if after.starts_with(|c: char| c.is_ascii_digit()) => text.push('$'),
            (None, '/') if after.starts_with("*lock*/") => {
                text.push_str("FOR UPDATE");
                rest = &after["*lock*/".len()..];
                continue;
            }
            (None, '/') if after.starts_with("*skip*/") => {
                text.push_str("FOR UPDATE SKIP LOCKED");
                rest = &after["*skip*/".len()..];
                continue;
            }
            (None, _) => text.push(letter),
        }
        rest = after;
    }
    text
}

/// Whether [`guarded`] can be put around the statement.
pub(super) fn can_be_guarded(sql: &str) -> bool {
    let writes = ["INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| sql.starts_with(verb));
    writes && !sql.contains(" RETURNING ")
}

/// The statement, failing with a division by zero where it changes another number of rows.
pub(super) fn guarded(sql: &str, expected: u64) -> String {
    format!(
        "WITH changed AS ({} RETURNING 1) \
         SELECT 1 / (CASE WHEN count(*) = {expected} THEN 1 ELSE 0 END) FROM changed",
        postgres(sql)
    )
}

#[cfg(test)]
mod tests {
    use super::postgres;

    #[test]
    fn places_and_marks_outside_quotes_only() {
        let table = [
            ("a = ?1 AND b = ?12", "a = $1 AND b = $12"),
            ("a = '?1' AND \"c?2\" = ?3", "a = '?1' AND \"c?2\" = $3"),
            ("'it''s ?1' || ?1", "'it''s ?1' || $1"),
            ("SELECT 1 /*lock*/", "SELECT 1 FOR UPDATE"),
            ("LIMIT 5 /*skip*/)", "LIMIT 5 FOR UPDATE SKIP LOCKED)"),
            ("'中' || ?1", "'中' || $1"),
        ];
        for (sql, wanted) in table {
            assert_eq!(postgres(sql), wanted);
        }
    }
}
