use crate::{Value, postgres};

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

/// Many rows for one table, in one go: SQLite runs one short statement again and again, PostgreSQL one that
/// takes an array a column. Either is prepared once, however many rows there are.
#[derive(Debug)]
pub struct Bulk {
    table: &'static str,
    columns: &'static [&'static str],
    on_conflict: OnConflict,
    values: Vec<Value>,
}

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

    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Where these columns stand in a row.
    pub(crate) fn places(&self, columns: &[&str]) -> Vec<usize> {
        let place = |name: &&str| self.columns.iter().position(|column| column == name);
        let places: Vec<usize> = columns.iter().filter_map(place).collect();
        assert_eq!(places.len(), columns.len(), "{} is given back what was not put in: {columns:?}", self.table);
        places
    }

    /// A statement for one row, and the values of all rows.
    pub(crate) fn for_sqlite(self) -> (String, Vec<Value>) {
        let marks = vec!["?"; self.width()].join(",");
        let text = self.text(&format!("values ({marks})"), &[]);
        (text, self.values)
    }

    /// A statement for all rows, whose arguments are an array a column.
    pub(crate) fn for_postgres(self, returning: &[&str]) -> (String, Vec<Value>) {
        let kinds = postgres::kinds(&self.values, self.width());
        let arrays: Vec<String> = kinds
            .into_iter()
            .enumerate()
            .map(|(n, kind)| format!("${}::{}", n + 1, postgres::array_of(kind)))
            .collect();
        let text = self.text(&format!("select * from unnest({})", arrays.join(",")), returning);
        (text, self.values)
    }

    fn text(&self, rows: &str, returning: &[&str]) -> String {
        let mut text = format!("insert into {} ({}) {rows}", self.table, self.columns.join(","));
        match self.on_conflict {
            OnConflict::Fail => {}
            OnConflict::Nothing => text.push_str(" on conflict do nothing"),
            OnConflict::Do(what) => {
                text.push_str(" on conflict ");
                text.push_str(what);
            }
        }
        if !returning.is_empty() {
            text.push_str(" returning ");
            text.push_str(&returning.join(","));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_statement_in_sqlite_and_a_column_an_array_in_postgres() {
        let make = || {
            let mut bulk = Bulk::into("t", &["a", "b"]).on_conflict(OnConflict::Nothing);
            bulk.row([1i64.into(), None::<String>.into()]);
            bulk.row([2i64.into(), "two".into()]);
            bulk
        };
        assert_eq!(make().len(), 2);
        assert_eq!(make().places(&["b", "a"]), [1, 0]);
        assert_eq!(make().for_sqlite().0, "insert into t (a,b) values (?,?) on conflict do nothing");
        assert_eq!(
            make().for_postgres(&["a"]).0,
            "insert into t (a,b) select * from unnest($1::bigint[],$2::text[]) on conflict do nothing returning a"
        );
    }
}
