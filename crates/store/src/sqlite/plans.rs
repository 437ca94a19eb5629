//! What SQLite is told of the tables, so that it plans for a large hub from the first day.
//!
//! Without being told, it thinks one index as good as another that begins with the same column, and every one of ours
//! begins with the tenant: it then reads all fans to find one customer's. What `analyze` would count on a young hub,
//! of ten customers, is as wrong when there are a million; and a plan that may change from one day to the next is
//! nothing one can measure. So these numbers are fixed, and round.

use crate::{Error, Tx, sql};

/// The tables that grow, and how large one should take them to be.
const LARGE: &[(&str, u64)] = &[
    ("customers", 1_000_000),
    ("fans", 1_000_000),
    ("identities", 300_000),
    ("customer_tags", 1_000_000),
    ("events", 10_000_000),
    ("timeline", 10_000_000),
    ("inbound", 100_000),
    ("sends", 1_000_000),
    ("reply_limits", 100_000),
    ("conversations", 1_000_000),
    ("conversation_entries", 1_000_000),
    ("received_files", 100_000),
];
const SMALL: u64 = 500;

/// Into how many parts a value of these columns divides the rows of its tenant. A column that is not named says nearly all.
const DIVIDE: &[(&str, u64)] = &[
    ("tenant_id", 1),
    ("account_id", 3),
    ("kind", 5),
    // What is asked for is the few that wait, and not the many that are done with.
    ("state", 100),
    ("status", 4),
    ("attention", 3),
    ("conversation_id", 100_000),
    ("tag_id", 50),
    ("enabled", 2),
    ("position", 20),
    // Seconds: a busy account is told of thousands of things in one.
    ("sent_at", 100),
];
/// Rows that a column which is not named leaves.
const REST: u64 = 3;
/// A partial index is for the few.
const PARTIAL: u64 = 20;

#[derive(serde::Deserialize)]
struct Column {
    of_table: String,
    of_index: String,
    is_unique: bool,
    is_partial: bool,
    name: String,
}

/// Writes them for every index there is; whoever opens the database from then on plans by them.
pub(crate) async fn settle(tx: &Tx) -> Result<(), Error> {
    // It makes the table that the numbers are in.
    tx.script("analyze tenants; delete from sqlite_stat1").await?;
    let columns: Vec<Column> = tx
        .all(sql(
            "select t.name as of_table, case when t.wr and l.origin = 'pk' then t.name else l.name end as of_index,
                  l.\"unique\" as is_unique, l.partial as is_partial, i.name
                  from pragma_table_list t join pragma_index_list(t.name) l join pragma_index_info(l.name) i
                  where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite_%' and i.name is not null
                  order by t.name, l.name, i.seqno",
        ))
        .await?;
    for index in columns.chunk_by(|one, next| one.of_index == next.of_index) {
        let insert = sql("insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)")
            .bind(index[0].of_table.as_str())
            .bind(index[0].of_index.as_str())
            .bind(stat(index));
        tx.execute(insert).await?;
    }
    Ok(())
}

/// All the rows, and then how many have the same first column, the same first two, and so on.
fn stat(columns: &[Column]) -> String {
    let table = &columns[0].of_table;
    let mut rows = LARGE.iter().find(|(name, _)| name == table).map_or(SMALL, |(_, rows)| *rows);
    if columns[0].is_partial {
        rows /= PARTIAL;
    }
    let mut numbers = vec![rows];
    for column in columns {
        rows = match DIVIDE.iter().find(|(name, _)| *name == column.name) {
            Some((_, parts)) => (rows / parts).max(1),
            None => rows.min(REST),
        };
        numbers.push(rows);
    }
    if let (true, Some(last)) = (columns[0].is_unique, numbers.last_mut()) {
        *last = 1;
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::{Store, migrate, sql};

    async fn plan(store: &Store, query: &'static str) -> String {
        #[derive(serde::Deserialize)]
        struct Step {
            detail: String,
        }
        let tx = store.read().await.unwrap();
        let steps: Vec<Step> = tx.all(sql("explain query plan ").push(query)).await.unwrap();
        steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn one_customer_is_found_by_what_names_them_and_not_by_reading_the_tenant() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("plans.db").display());
        migrate(&url, 0).await.unwrap();
        let store = Store::open(&url, &crate::Options::default()).await.unwrap();
        for (query, index) in [
            (
                "select openid from fans where tenant_id = 1 and customer_id in (7) order by customer_id, created_at, account_id, openid",
                "fans_of_customer",
            ),
            ("select openid from fans where tenant_id = 1 and customer_id = 7 and account_id = 2", "fans_of_customer"),
            ("select name from customers where tenant_id = 1 and merged_into is null and id in (7)", "PRIMARY KEY"),
            ("select id from customers where tenant_id = 1 and merged_into = 7", "customers_merged"),
            (
                "select value from identities where tenant_id = 1 and customer_id = 7 order by kind, value",
                "identities_of_customer",
            ),
            (
                "select tag_id from customer_tags where tenant_id = 1 and customer_id in (7)",
                "customer_tags_of_customer",
            ),
            ("select id from sends where tenant_id = 1 and customer_id = 7 order by id", "sends_of_customer"),
            (
                "select (select answer from inbound i where i.tenant_id = 1 and i.account_id = 2 and i.sent_at = k.column1 and i.digest = k.column2) from (values (3, x'05'), (4, x'06')) as k",
                "digest=?",
            ),
        ] {
            let plan = plan(&store, query).await;
            assert!(plan.contains(index) && plan.matches("=?").count() >= 2, "{query}: {plan}");
        }
    }
}
