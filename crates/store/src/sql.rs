use std::borrow::Cow;

use crate::Value;

/// A statement under construction: fixed text with `?` marks, and the values for them.
///
/// Text only ever comes from the program (`&'static str`), so that nothing a stranger wrote can
/// become SQL. PostgreSQL's `$1` marks are written when the statement is sent.
#[derive(Debug, Clone)]
pub struct Sql {
    text: Cow<'static, str>,
    values: Vec<Value>,
}

/// Begins a statement.
pub fn sql(text: &'static str) -> Sql {
    Sql { text: Cow::Borrowed(text), values: Vec::new() }
}

impl Sql {
    /// Gives the next `?` its value.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Goes on with more fixed text.
    pub fn push(mut self, text: &'static str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Writes `(?, ?, …)` with these values. The count is rounded up by repeating the last value, so
    /// that a handful of prepared statements serve every length. An empty list becomes `(null)`.
    pub fn list<V: Into<Value> + Clone>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        let text = self.text.to_mut();
        text.push('(');
        let mut count = 0usize;
        let mut last: Option<V> = None;
        for value in values {
            text.push_str(if count == 0 { "?" } else { ", ?" });
            last = Some(value.clone());
            self.values.push(value.into());
            count += 1;
        }
        match last {
            None => text.push_str("null"),
            Some(last) => {
                for _ in count..count.next_power_of_two() {
                    text.push_str(", ?");
                    self.values.push(last.clone().into());
                }
            }
        }
        text.push(')');
        self
    }

    /// Writes `(values (?, ?), …)` with these rows, a table to join with, of `column1`, `column2` and so on. The count is
    /// rounded up as with [`Sql::list`], so a row may be there more than once. No rows are a mistake of the caller's.
    pub fn rows<const N: usize>(mut self, rows: impl IntoIterator<Item = [Value; N]>) -> Self {
        let mut rows: Vec<[Value; N]> = rows.into_iter().collect();
        assert!(!rows.is_empty(), "a table without rows has no columns either");
        let last = rows[rows.len() - 1].clone();
        rows.resize(rows.len().next_power_of_two(), last);
        let marks = format!("({})", ["?"; N].join(", "));
        let text = self.text.to_mut();
        text.push_str("(values ");
        text.push_str(&vec![marks; rows.len()].join(", "));
        text.push(')');
        self.values.extend(rows.into_iter().flatten());
        self
    }

    /// Row locks, which others step over or wait for, are not there: SQLite has one writer.
    pub(crate) fn for_sqlite(self) -> (Cow<'static, str>, Vec<Value>) {
        let text = if self.locks() {
            Cow::Owned(self.text.replace("{skip_locked}", "").replace("{for_update}", ""))
        } else {
            self.text
        };
        (text, self.values)
    }

    pub(crate) fn for_postgres(self) -> (String, Vec<Value>) {
        let text = if self.locks() {
            numbered(
                &self.text.replace("{skip_locked}", "for update skip locked").replace("{for_update}", "for update"),
            )
        } else {
            numbered(&self.text)
        };
        (text, self.values)
    }

    fn locks(&self) -> bool {
        self.text.contains("{skip_locked}") || self.text.contains("{for_update}")
    }
}

/// `?` marks as PostgreSQL writes them. Our statements hold no `?` in literals or operators.
fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut next = 0;
    for part in text.split_inclusive('?') {
        match part.strip_suffix('?') {
            Some(before) => {
                next += 1;
                out.push_str(before);
                out.push('$');
                out.push_str(&next.to_string());
            }
            None => out.push_str(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_numbered_for_postgres_only() {
        let make = || sql("select a from t where b = ? and c in ").bind(1i64).list(["x", "y", "z"]);
        assert_eq!(make().for_postgres().0, "select a from t where b = $1 and c in ($2, $3, $4, $5)");
        assert_eq!(make().for_sqlite().0, "select a from t where b = ? and c in (?, ?, ?, ?)");
    }

    #[test]
    fn an_empty_list_matches_nothing() {
        let (text, _) = sql("select 1 where 1 in ").list(Vec::<i64>::new()).for_sqlite();
        assert_eq!(text, "select 1 where 1 in (null)");
    }
}
