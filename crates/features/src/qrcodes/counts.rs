//! The figures' rows: notes until they are counted, follows that came by codes, and days. Every statement stays inside
//! the caller's tenant.

use std::collections::BTreeMap;

use ::store::FromRow;
use kit::{AccountId, Bulk, Ctx, Error, Millis, OnConflict, QrcodeId, TenantId, Work, sql};

/// What a batch of callbacks left to be counted, as JSON.
#[derive(FromRow)]
pub struct NoteRow {
    pub id: i64,
    pub account_id: i64,
    pub body: String,
}

/// Leaves something to be counted.
pub async fn leave_note(work: &mut Work, account: AccountId, body: &str) -> Result<(), Error> {
    let query = sql("insert into qrcode_notes (tenant_id, id, account_id, at, body) values (?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(work.new_id())
        .bind(account)
        .bind(work.now())
        .bind(body);
    work.execute(query).await?;
    Ok(())
}

/// Takes the oldest notes away; those that another process is counting are its own.
pub async fn take_notes(work: &mut Work, most: u64) -> Result<Vec<NoteRow>, Error> {
    let query = sql("delete from qrcode_notes where tenant_id = ? and id in
         (select id from qrcode_notes where tenant_id = ? order by at, id limit ? {skip_locked}) returning id, account_id, body")
    .bind(work.tenant())
    .bind(work.tenant())
    .bind(most as i64);
    work.all(query).await
}

/// Tenants who have something to count.
pub async fn tenants_with_notes(ctx: &Ctx) -> Result<Vec<TenantId>, Error> {
    let query = sql("select distinct tenant_id from qrcode_notes where tenant_id is not null");
    let tenants: Vec<i64> = ctx.store().read().await?.scalars(query).await?;
    Ok(tenants.into_iter().map(TenantId).collect())
}

/// A follow that came by a code.
#[derive(Debug, Clone)]
pub struct Follow {
    pub account: AccountId,
    pub openid: String,
    pub at: Millis,
    pub code: QrcodeId,
    pub day: String,
}

/// Keeps follows; those that are there already are left as they were.
pub async fn keep_follows(work: &mut Work, follows: &[Follow]) -> Result<u64, Error> {
    let tenant = work.tenant();
    let mut bulk =
        Bulk::into("qrcode_follows", &["tenant_id", "account_id", "openid", "followed_at", "qrcode_id", "day"])
            .on_conflict(OnConflict::Nothing);
    for follow in follows {
        bulk.row([
            tenant.into(),
            follow.account.into(),
            follow.openid.as_str().into(),
            follow.at.into(),
            follow.code.into(),
            follow.day.as_str().into(),
        ]);
    }
    work.bulk(bulk).await
}

/// A follow that ended.
#[derive(Debug, Clone, FromRow)]
pub struct Ended {
    pub qrcode_id: i64,
    pub followed_at: i64,
    pub day: String,
}

/// The fan left at `at`: the follow that was open until then, if it came by a code.
pub async fn end_follow(work: &mut Work, account: AccountId, openid: &str, at: Millis) -> Result<Vec<Ended>, Error> {
    let query = sql("update qrcode_follows set left_at = ? where tenant_id = ? and account_id = ? and openid = ? and followed_at <= ? and left_at is null
         returning qrcode_id, followed_at, day")
    .bind(at)
    .bind(work.tenant())
    .bind(account)
    .bind(openid)
    .bind(at);
    work.all(query).await
}

/// What is added to one day of one code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    pub scans: i64,
    pub follows: i64,
    pub firsts: i64,
    pub lost: i64,
    pub gone: [i64; 3],
}

const DAY: &[&str] = &[
    "tenant_id",
    "qrcode_id",
    "day",
    "account_id",
    "scans",
    "follows",
    "firsts",
    "lost",
    "gone_1",
    "gone_7",
    "gone_30",
];

/// Adds to days.
pub async fn add_days(work: &mut Work, days: &BTreeMap<(QrcodeId, String), (AccountId, Added)>) -> Result<u64, Error> {
    let tenant = work.tenant();
    let mut bulk = Bulk::into("qrcode_days", DAY).on_conflict(OnConflict::Do(
        "(tenant_id, qrcode_id, day) do update set scans = qrcode_days.scans + excluded.scans, follows = qrcode_days.follows + excluded.follows,
         firsts = qrcode_days.firsts + excluded.firsts, lost = qrcode_days.lost + excluded.lost, gone_1 = qrcode_days.gone_1 + excluded.gone_1,
         gone_7 = qrcode_days.gone_7 + excluded.gone_7, gone_30 = qrcode_days.gone_30 + excluded.gone_30",
    ));
    for ((code, day), (account, added)) in days {
        bulk.row([
            tenant.into(),
            (*code).into(),
            day.as_str().into(),
            (*account).into(),
            added.scans.into(),
            added.follows.into(),
            added.firsts.into(),
            added.lost.into(),
            added.gone[0].into(),
            added.gone[1].into(),
            added.gone[2].into(),
        ]);
    }
    work.bulk(bulk).await
}

/// Adds to a code's sums.
pub async fn add_sums(work: &mut Work, code: QrcodeId, added: &Added, last: Option<Millis>) -> Result<u64, Error> {
    let query = sql("update qrcodes set scans = scans + ?, follows = follows + ?, lost = lost + ?,
           last_scan_at = case when last_scan_at is null or last_scan_at < ? then ? else last_scan_at end where tenant_id = ? and id = ?")
        .bind(added.scans)
        .bind(added.follows)
        .bind(added.lost)
        .bind(last)
        .bind(last)
        .bind(work.tenant())
        .bind(code);
    work.execute(query).await
}

/// One day's figures, of a code or of a folder.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DayRow {
    /// Of none when one code was asked for, or when the codes stand in none.
    pub folder: Option<String>,
    pub day: String,
    pub scans: i64,
    pub follows: i64,
    pub firsts: i64,
    pub lost: i64,
    pub gone_1: i64,
    pub gone_7: i64,
    pub gone_30: i64,
}

/// The days of a code, both included, in order; days without anything are absent.
pub async fn days_of(work: &mut Work, code: QrcodeId, from: &str, to: &str) -> Result<Vec<DayRow>, Error> {
    let query =
        sql("select null as folder, day, scans, follows, firsts, lost, gone_1, gone_7, gone_30 from qrcode_days
         where tenant_id = ? and qrcode_id = ? and day >= ? and day <= ? order by day")
        .bind(work.tenant())
        .bind(code)
        .bind(from)
        .bind(to);
    work.all(query).await
}

/// The days of an account's folders, both included, in order.
pub async fn days_of_folders(work: &mut Work, account: AccountId, from: &str, to: &str) -> Result<Vec<DayRow>, Error> {
    let query = sql("select q.folder, d.day, cast(sum(d.scans) as bigint) as scans, cast(sum(d.follows) as bigint) as follows,
           cast(sum(d.firsts) as bigint) as firsts, cast(sum(d.lost) as bigint) as lost, cast(sum(d.gone_1) as bigint) as gone_1,
           cast(sum(d.gone_7) as bigint) as gone_7, cast(sum(d.gone_30) as bigint) as gone_30
         from qrcode_days d join qrcodes q on q.tenant_id = d.tenant_id and q.id = d.qrcode_id
         where d.tenant_id = ? and d.account_id = ? and d.day >= ? and d.day <= ? group by q.folder, d.day order by d.day")
    .bind(work.tenant())
    .bind(account)
    .bind(from)
    .bind(to);
    work.all(query).await
}
