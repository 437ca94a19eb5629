use std::{borrow::Cow, ops::Range};

use crate::Value;

/// A statement under construction: fixed text with `?` marks, and the values for them.
///
/// Text only ever comes from the program (`&'static str`), so that nothing a stranger wrote can
/// become SQL. PostgreSQL's `$1` marks are written when the statement is sent.
#[derive(Debug, Clone)]
pub struct Sql {
    text: Cow<'static, str>,
    values: Vec<Value>,
    /// Where lists stand among the values, in order.
    lists: Vec<Range<usize>>,
}

/// Where a list stands in the text.
const IN_LIST: &str = "in {list}";

/// What a mark of PostgreSQL's stands for.
#[derive(Debug, PartialEq)]
pub(crate) enum Argument {
    One(Value),
    /// An array; never empty.
    Many(Vec<Value>),
}

/// Begins a statement.
pub fn sql(text: &'static str) -> Sql {
    Sql { text: Cow::Borrowed(text), values: Vec::new(), lists: Vec::new() }
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

    /// After `… in `: one of these values. Whatever their number, a handful of prepared statements serve: PostgreSQL is
    /// given one array, SQLite as many marks as the next power of two, of which the last repeat the last value.
    pub fn list<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        assert!(self.text.ends_with(" in "), "a list comes after `in`: {}", self.text);
        let start = self.values.len();
        self.values.extend(values.into_iter().map(Into::into));
        if self.values.len() == start {
            return self.push("(null)");
        }
        self.lists.push(start..self.values.len());
        self.push("{list}")
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
        if self.lists.is_empty() {
            return (text, self.values);
        }
        let (mut out, mut padded) = (String::with_capacity(text.len() * 2), Vec::with_capacity(self.values.len() * 2));
        let (mut rest, mut done) = (&*text, 0);
        for list in self.lists {
            let (before, after) = rest.split_once("{list}").unwrap_or((rest, ""));
            let marks = list.len().next_power_of_two();
            out.push_str(before);
            out.push('(');
            out.push_str(&vec!["?"; marks].join(", "));
            out.push(')');
            let last = &self.values[list.end - 1];
            padded.extend_from_slice(&self.values[done..list.end]);
            padded.extend(std::iter::repeat_n(last, marks - list.len()).cloned());
            (rest, done) = (after, list.end);
        }
        out.push_str(rest);
        padded.extend_from_slice(&self.values[done..]);
        (Cow::Owned(out), padded)
    }

    pub(crate) fn for_postgres(self) -> (String, Vec<Argument>) {
        let mut text = self.text;
        if !self.lists.is_empty() {
            text = Cow::Owned(text.replace(IN_LIST, "= any(?)"));
        }
        let text = if text.contains("{skip_locked}") || text.contains("{for_update}") {
            numbered(&text.replace("{skip_locked}", "for update skip locked").replace("{for_update}", "for update"))
        } else {
            numbered(&text)
        };
        let mut values = self.values.into_iter();
        let (mut arguments, mut done) = (Vec::new(), 0);
        for list in self.lists {
            arguments.extend(values.by_ref().take(list.start - done).map(Argument::One));
            arguments.push(Argument::Many(values.by_ref().take(list.len()).collect()));
            done = list.end;
        }
        arguments.extend(values.map(Argument::One));
        (text, arguments)
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
    fn a_list_is_an_array_in_postgres_and_so_many_marks_in_sqlite() {
        let make = || {
            sql("select a from t where b = ? and c in ")
                .bind(1i64)
                .list(["x", "y", "z"])
                .push(" and d in ")
                .list([2i64])
                .push(" limit ?")
                .bind(9i64)
        };
        let (text, arguments) = make().for_postgres();
        assert_eq!(text, "select a from t where b = $1 and c = any($2) and d = any($3) limit $4");
        let texts = ["x", "y", "z"].map(Value::from).to_vec();
        assert_eq!(
            arguments,
            [
                Argument::One(1i64.into()),
                Argument::Many(texts),
                Argument::Many(vec![2i64.into()]),
                Argument::One(9i64.into())
            ]
        );
        let (text, values) = make().for_sqlite();
        assert_eq!(text, "select a from t where b = ? and c in (?, ?, ?, ?) and d in (?) limit ?");
        let values_expected: [Value; 7] =
            [1i64.into(), "x".into(), "y".into(), "z".into(), "z".into(), 2i64.into(), 9i64.into()];
        assert_eq!(values, values_expected);
    }

    #[test]
    fn an_empty_list_matches_nothing() {
        let (text, _) = sql("select 1 where 1 in ").list(Vec::<i64>::new()).for_sqlite();
        assert_eq!(text, "select 1 where 1 in (null)");
    }
}
