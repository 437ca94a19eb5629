use std::{collections::HashMap, hash::Hash, time::Duration};

use store::{Engine, Readable, Sql, Store, sql};

use crate::{
    Result,
    callbacks::wait_for_follower,
    hub::{Hub, Place},
};

/// The database of a hub that has ended, read to be checked.
pub struct Books {
    store: Store,
    pub faults: Vec<String>,
}

impl Books {
    /// Lets the hub finish what runs behind the log, ends it, and opens its database.
    pub async fn close(place: &Place, hub: Hub) -> Result<Self> {
        wait_for_follower(&place.database, Duration::from_secs(60)).await?;
        hub.stop().await?;
        let mut books = Self { store: place.database.open().await?, faults: Vec::new() };
        books.sound().await?;
        Ok(books)
    }

    /// The database at this address as it is.
    #[cfg(test)]
    pub async fn open(url: &str) -> Result<Self> {
        let store = Store::open(url, &store::Options { connections: 1, allow_unsafe: true }).await?;
        let mut books = Self { store, faults: Vec::new() };
        books.sound().await?;
        Ok(books)
    }

    /// The file is whole, and what belongs together is there together.
    async fn sound(&mut self) -> Result {
        // PostgreSQL keeps to its constraints by itself.
        if self.store.engine() == Engine::Sqlite {
            let integrity: Vec<String> = self.store.read().await?.scalars(sql("pragma integrity_check")).await?;
            if integrity != ["ok"] {
                self.faults.push(format!("integrity_check says {}", integrity.join("; ")));
            }
            let strays: Vec<String> = self.store.read().await?.scalars(sql("pragma foreign_key_check")).await?;
            if !strays.is_empty() {
                self.faults.push(format!("{} rows refer to nothing", strays.len()));
            }
        }
        self.none("customers without a fan", "select count(*) from customers c where not exists (select 1 from fans f where f.tenant_id = c.tenant_id and f.customer_id = c.id)").await?;
        self.none("events without a customer", "select count(*) from events e where not exists (select 1 from customers c where c.tenant_id = e.tenant_id and c.id = e.customer_id)").await?;
        // What a job wrote while the hub was ending is followed at the next start; up to its place the index is whole.
        self.none(
            "events that are not in a timeline",
            "select count(*) from events e join event_watermarks w on w.tenant_id = e.tenant_id and w.event_id >= e.id
             where not exists (select 1 from timeline t where t.tenant_id = e.tenant_id and t.customer_id = e.customer_id and t.at = e.at and t.event_id = e.id)",
        )
        .await?;
        let behind: Vec<String> = self.store.read().await?.scalars(sql("select e.kind || ' ' || count(*) from events e left join event_watermarks w on w.tenant_id = e.tenant_id
             where e.id > coalesce(w.event_id, 0) group by e.kind")).await?;
        if !behind.is_empty() {
            println!("written while the hub was ending, and not followed yet: {}", behind.join(", "));
        }
        self.none(
            "timeline rows too many",
            "select case when t.n > e.n then t.n - e.n else 0 end from (select count(*) as n from timeline) t, (select count(*) as n from events) e",
        )
        .await?;
        self.none(
            "customers with two fans of one account",
            "select count(*) from (select customer_id from fans group by account_id, customer_id having count(*) > 1) as doubled",
        )
        .await
    }

    async fn none(&mut self, what: &str, text: &'static str) -> Result {
        let count = self.count(sql(text)).await?;
        if count != 0 {
            self.faults.push(format!("{count} {what}"));
        }
        Ok(())
    }

    pub async fn count(&self, query: Sql) -> Result<i64> {
        Ok(self.store.read().await?.scalar::<i64>(query).await?.unwrap_or(0))
    }

    pub async fn all<T: Readable>(&self, query: Sql) -> Result<Vec<T>> {
        Ok(self.store.read().await?.all(query).await?)
    }

    /// The one column.
    pub async fn scalars(&self, query: Sql) -> Result<Vec<String>> {
        Ok(self.store.read().await?.scalars(query).await?)
    }

    /// How often each value of the one column comes.
    pub async fn counts(&self, query: Sql) -> Result<HashMap<String, u64>> {
        Ok(tally(self.scalars(query).await?))
    }
}

pub fn tally<T: Hash + Eq>(values: impl IntoIterator<Item = T>) -> HashMap<T, u64> {
    let mut counts = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}
