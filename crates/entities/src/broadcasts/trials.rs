//! What decides a trial: who wrote, and who read. The store of it, and of the statistics.

use kit::{
    AccountId, BroadcastId, BroadcastPartId, Bulk, Error, Millis, OnConflict, TenantId, Work, event_id_floor, sql,
};
use store::{FromRow, Tx};

use crate::campaigns::{Audience, within};

/// The fans of this audience, as it is now, who wrote something between these instants and followed before the first.
pub async fn wrote(
    work: &mut Work,
    account: AccountId,
    audience: &Audience,
    from: Millis,
    until: Millis,
) -> Result<Vec<String>, Error> {
    let query = sql("select distinct f.openid from events e
         join fans f on f.tenant_id = e.tenant_id and f.customer_id = e.customer_id and f.account_id = e.account_id
         where e.tenant_id = ? and e.id >= ? and e.account_id = ? and e.kind = 'message_in' and e.at >= ? and e.at < ?
           and (f.subscribed_at is null or f.subscribed_at <= ?)")
    .bind(work.tenant())
    .bind(event_id_floor(from - 60_000))
    .bind(account)
    .bind(from)
    .bind(until)
    .bind(from);
    work.scalars(within(query, audience)).await
}

/// How many read the first article of each variant, by the newest day of each part.
pub async fn reads(work: &mut Work, broadcast: BroadcastId) -> Result<Vec<(i64, i64)>, Error> {
    #[derive(FromRow)]
    struct Row {
        variant: i64,
        reads: i64,
    }
    let query = sql("select p.variant, cast(sum(s.reads) as bigint) as reads from broadcast_stats s
         join broadcast_parts p on p.tenant_id = s.tenant_id and p.id = s.part_id
         where s.tenant_id = ? and s.broadcast_id = ? and s.place = 1 and p.phase = 1 and p.variant is not null
           and s.day = (select max(n.day) from broadcast_stats n where n.tenant_id = s.tenant_id and n.part_id = s.part_id and n.place = 1)
         group by p.variant")
        .bind(work.tenant())
        .bind(broadcast);
    let rows: Vec<Row> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| (row.variant, row.reads)).collect())
}

/// The winner is chosen at this instant, or by a person.
pub async fn put_off(work: &mut Work, id: BroadcastId, until: Option<Millis>) -> Result<(), Error> {
    let query = sql("update broadcasts set decide_at = ? where tenant_id = ? and id = ? and state = 'testing'")
        .bind(until)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// All that happened to an article until the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Figures {
    pub part_id: i64,
    /// From 1.
    pub place: i64,
    pub day: String,
    pub title: String,
    pub url: Option<String>,
    pub target: i64,
    pub reads: i64,
    pub read_count: i64,
    pub shares: i64,
    pub share_count: i64,
    pub favourites: i64,
}

/// Keeps what WeChat counted.
pub async fn keep(work: &mut Work, broadcast: BroadcastId, figures: Vec<Figures>) -> Result<(), Error> {
    let tenant = work.tenant();
    let mut bulk = Bulk::into(
        "broadcast_stats",
        &[
            "tenant_id", "broadcast_id", "part_id", "place", "day", "title", "url", "target", "reads", "read_count",
            "shares", "share_count", "favourites",
        ],
    )
    .on_conflict(OnConflict::Do(
        "(tenant_id, part_id, place, day) do update set title = excluded.title, url = excluded.url, target = excluded.target, reads = excluded.reads,
         read_count = excluded.read_count, shares = excluded.shares, share_count = excluded.share_count, favourites = excluded.favourites",
    ));
    for one in figures {
        bulk.row([
            tenant.into(),
            broadcast.into(),
            one.part_id.into(),
            one.place.into(),
            one.day.into(),
            one.title.into(),
            one.url.into(),
            one.target.into(),
            one.reads.into(),
            one.read_count.into(),
            one.shares.into(),
            one.share_count.into(),
            one.favourites.into(),
        ]);
    }
    work.bulk(bulk).await?;
    super::set_stats_at(work, broadcast).await
}

/// What is kept, by part, article and day.
pub async fn figures(work: &mut Work, broadcast: BroadcastId) -> Result<Vec<Figures>, Error> {
    let query = sql("select s.part_id, s.place, s.day, s.title, s.url, s.target, s.reads, s.read_count, s.shares, s.share_count, s.favourites
         from broadcast_stats s join broadcast_parts p on p.tenant_id = s.tenant_id and p.id = s.part_id
         where s.tenant_id = ? and s.broadcast_id = ? order by p.position, s.place, s.day")
    .bind(work.tenant())
    .bind(broadcast);
    work.all(query).await
}

/// Broadcasts of articles that went out in the last days, and whose figures are old: of every tenant.
pub async fn stale(tx: &Tx, sent_after: Millis, fetched_before: Millis) -> Result<Vec<(TenantId, BroadcastId)>, Error> {
    #[derive(FromRow)]
    struct Key {
        tenant_id: i64,
        id: i64,
    }
    let query = sql("select b.tenant_id, b.id from broadcasts b where b.tenant_id is not null and b.started_at >= ? and (b.stats_at is null or b.stats_at < ?)
         and exists (select 1 from broadcast_parts p where p.tenant_id = b.tenant_id and p.broadcast_id = b.id and p.msg_data_id is not null)
         order by b.tenant_id, b.id limit 500")
    .bind(sent_after)
    .bind(fetched_before);
    let keys: Vec<Key> = tx.all(query).await?;
    Ok(keys.into_iter().map(|key| (TenantId(key.tenant_id), BroadcastId(key.id))).collect())
}

/// Whom a part went to that a person is asked about: nothing is left of it but this.
pub async fn part_of(work: &mut Work, broadcast: BroadcastId, part: BroadcastPartId) -> Result<super::Part, Error> {
    let part = super::parts::find(work, part).await?;
    if part.broadcast == broadcast { Ok(part) } else { Err(Error::NotFound) }
}
