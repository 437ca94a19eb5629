use sea_orm::Value;

use crate::Sql;

/// What happens to a row whose key is taken.
#[derive(Debug, Clone, Copy)]
pub enum OnConflict {
    /// The statement fails.
    Fail,
    /// The row is left as it was.
    Nothing,
    /// `on conflict …` as written here.
    Do(&'static str),
}

/// Many rows for one table, written in statements of a few fixed lengths so that each is prepared once.
#[derive(Debug)]
pub struct Bulk {
    table: &'static str,
    columns: &'static [&'static str],
    on_conflict: OnConflict,
    values: Vec<Value>,
}

/// SQLite takes 32,766 values a statement, PostgreSQL 65,535.
const MOST_VALUES: usize = 30_000;
const LENGTHS: [usize; 9] = [512, 128, 64, 32, 16, 8, 4, 2, 1];

impl Bulk {
    pub fn into(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, columns, on_conflict: OnConflict::Fail, values: Vec::new() }
    }

    pub fn on_conflict(mut self, on_conflict: OnConflict) -> Self {
        self.on_conflict = on_conflict;
        self
    }

    pub fn reserve(&mut self, rows: usize) {
        self.values.reserve(rows * self.columns.len());
    }

    /// Adds a row; its values stand in the order of the columns.
    pub fn row<const N: usize>(&mut self, values: [Value; N]) {
        assert_eq!(N, self.columns.len(), "a row for {} has the wrong number of values", self.table);
        self.values.extend(values);
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn len(&self) -> usize {
        self.values.len() / self.columns.len()
    }

    pub(crate) fn statements(self) -> Vec<Sql> {
        let width = self.columns.len();
        let mut left = self.len();
        let mut values = self.values.into_iter();
        let mut out = Vec::new();
        while left > 0 {
            let rows = LENGTHS.into_iter().find(|length| *length <= left && length * width <= MOST_VALUES).unwrap_or(1);
            let text = text(self.table, self.columns, rows, self.on_conflict);
            out.push(Sql::from_parts(text, values.by_ref().take(rows * width).collect()));
            left -= rows;
        }
        out
    }
}

fn text(table: &str, columns: &[&str], rows: usize, on_conflict: OnConflict) -> String {
    let one = format!("({})", vec!["?"; columns.len()].join(","));
    let mut text = format!("insert into {table} ({}) values {}", columns.join(","), vec![one.as_str(); rows].join(","));
    match on_conflict {
        OnConflict::Fail => {}
        OnConflict::Nothing => text.push_str(" on conflict do nothing"),
        OnConflict::Do(what) => {
            text.push_str(" on conflict ");
            text.push_str(what);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_into_few_lengths() {
        let mut bulk = Bulk::into("t", &["a", "b"]);
        for n in 0..700i64 {
            bulk.row([n.into(), n.into()]);
        }
        assert_eq!(bulk.len(), 700);
        let lengths: Vec<usize> = bulk.statements().into_iter().map(|sql| sql.len()).collect();
        assert_eq!(lengths, [1024, 256, 64, 32, 16, 8]);
    }
}
