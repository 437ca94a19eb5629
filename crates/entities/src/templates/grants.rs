//! What fans have agreed to hear of: given by an event, used up by a notice, taken back by the fan.

use std::collections::HashMap;

use kit::{AccountId, CustomerId, Error, Work, sql};
use store::FromRow;

/// What the fans of an account have agreed to, of one template.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grants {
    /// Who can be sent at least one notice.
    pub fans: i64,
    /// Notices that may be sent, but for those who agreed for good.
    pub notices: i64,
    /// Who agreed for good.
    pub lasting: i64,
}

/// A fan agreed: to one notice, or (`lasting`) for good.
pub async fn give(
    work: &mut Work,
    account: AccountId,
    openid: &str,
    template: &str,
    lasting: bool,
) -> Result<(), Error> {
    let query = sql("insert into notice_grants (tenant_id, account_id, template_id, openid, given, left_count, lasting, changed_at)
         values (?, ?, ?, ?, 1, ?, ?, ?)
         on conflict (tenant_id, account_id, template_id, openid) do update set given = notice_grants.given + 1,
           left_count = notice_grants.left_count + excluded.left_count, lasting = notice_grants.lasting or excluded.lasting,
           changed_at = excluded.changed_at")
        .bind(work.tenant())
        .bind(account)
        .bind(template)
        .bind(openid)
        .bind(i64::from(!lasting))
        .bind(lasting)
        .bind(work.now());
    work.execute(query).await?;
    Ok(())
}

/// A fan took it back, or WeChat says that there is none.
pub async fn take_back(work: &mut Work, account: AccountId, openid: &str, template: &str) -> Result<(), Error> {
    let query = sql("update notice_grants set left_count = 0, lasting = false, changed_at = ?
         where tenant_id = ? and account_id = ? and template_id = ? and openid = ?")
    .bind(work.now())
    .bind(work.tenant())
    .bind(account)
    .bind(template)
    .bind(openid);
    work.execute(query).await?;
    Ok(())
}

/// A notice went out, by whoever sent it.
pub async fn use_up(work: &mut Work, account: AccountId, openid: &str, template: &str) -> Result<(), Error> {
    let query = sql("update notice_grants set left_count = left_count - 1, changed_at = ?
         where tenant_id = ? and account_id = ? and template_id = ? and openid = ? and left_count > 0")
    .bind(work.now())
    .bind(work.tenant())
    .bind(account)
    .bind(template)
    .bind(openid);
    work.execute(query).await?;
    Ok(())
}

/// By template, of an account.
pub async fn count(work: &mut Work, account: AccountId) -> Result<HashMap<String, Grants>, Error> {
    #[derive(FromRow)]
    struct Count {
        template_id: String,
        fans: i64,
        notices: i64,
        lasting: i64,
    }
    let query = sql("select template_id, count(*) as fans, cast(sum(left_count) as bigint) as notices,
           cast(sum(case when lasting then 1 else 0 end) as bigint) as lasting
         from notice_grants where tenant_id = ? and account_id = ? and (left_count > 0 or lasting) group by template_id")
    .bind(work.tenant())
    .bind(account);
    let rows: Vec<Count> = work.all(query).await?;
    let grants = |row: &Count| Grants { fans: row.fans, notices: row.notices, lasting: row.lasting };
    Ok(rows.iter().map(|row| (row.template_id.clone(), grants(row))).collect())
}

/// What a fan has agreed to hear of one template: so many notices, and whether for good. Whoever asks holds the row until
/// they commit, so that of two who would use the last one up the second finds it used.
pub async fn hold(
    work: &mut Work,
    account: AccountId,
    openid: &str,
    template: &str,
) -> Result<Option<(i64, bool)>, Error> {
    #[derive(FromRow)]
    struct Row {
        left_count: i64,
        lasting: bool,
    }
    let query = sql("select left_count, lasting from notice_grants
         where tenant_id = ? and account_id = ? and template_id = ? and openid = ? {for_update}")
    .bind(work.tenant())
    .bind(account)
    .bind(template)
    .bind(openid);
    Ok(work.one::<Row>(query).await?.map(|row| (row.left_count, row.lasting)))
}

/// What one fan has agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub account: AccountId,
    pub openid: String,
    /// WeChat's name of the template, and its title while it is known.
    pub template: String,
    pub title: Option<String>,
    pub left: i64,
    pub lasting: bool,
}

/// What a person, as the fan of any account, has agreed to. `customers` are the ids that are one person.
pub async fn of_customers(work: &mut Work, customers: &[CustomerId]) -> Result<Vec<Grant>, Error> {
    #[derive(FromRow)]
    struct Row {
        account_id: i64,
        openid: String,
        template_id: String,
        title: Option<String>,
        left_count: i64,
        lasting: bool,
    }
    let query = sql("select g.account_id, g.openid, g.template_id, t.title, g.left_count, g.lasting
         from fans f join notice_grants g on g.tenant_id = f.tenant_id and g.account_id = f.account_id and g.openid = f.openid
         left join templates t on t.tenant_id = g.tenant_id and t.account_id = g.account_id and t.kind = 'notice' and t.wechat_id = g.template_id
         where f.tenant_id = ? and (g.left_count > 0 or g.lasting) and f.customer_id in ")
        .bind(work.tenant())
        .list(customers.iter().copied())
        .push(" order by g.account_id, g.template_id limit 200");
    let rows: Vec<Row> = work.all(query).await?;
    let grant = |row: Row| Grant {
        account: AccountId(row.account_id),
        openid: row.openid,
        template: row.template_id,
        title: row.title,
        left: row.left_count,
        lasting: row.lasting,
    };
    Ok(rows.into_iter().map(grant).collect())
}
