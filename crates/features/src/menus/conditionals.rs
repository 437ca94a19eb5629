//! The rows of menus that only some fans see. Every statement stays inside the caller's tenant.

use ::store::FromRow;
use kit::{AccountId, ConditionalMenuId, Error, Sql, Work, sql};
use wechat::api::menu as theirs;

use super::{
    model::{Button, Conditional, ConditionalState, Platform},
    store::{read, who, write},
};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    name: String,
    buttons: String,
    sent: String,
    wechat_tag_id: Option<i64>,
    platform: Option<String>,
    wechat_menu_id: Option<String>,
    state: String,
    problem: Option<String>,
    errcode: Option<i64>,
    made_at: i64,
    made_by: Option<String>,
    called_at: Option<i64>,
}

fn select() -> Sql {
    sql("select id, account_id, name, buttons, sent, wechat_tag_id, platform, wechat_menu_id, state, problem, errcode, made_at, made_by, called_at
         from conditional_menus where tenant_id = ?")
}

/// Those that are not gone, newest first: the order in which WeChat tries them.
pub async fn list(work: &mut Work, account: AccountId) -> Result<Vec<Conditional>, Error> {
    let query = select()
        .bind(work.tenant())
        .push(" and account_id = ? and state <> 'gone' order by made_at desc, id desc")
        .bind(account);
    work.all::<Row>(query).await?.into_iter().map(Conditional::try_from).collect()
}

/// The oldest that waits to be added or removed.
pub async fn open(work: &mut Work, account: AccountId) -> Result<Option<Conditional>, Error> {
    let query = select()
        .bind(work.tenant())
        .push(" and account_id = ? and state in ('adding', 'removing') order by made_at, id limit 1")
        .bind(account);
    work.one::<Row>(query).await?.map(Conditional::try_from).transpose()
}

pub async fn find(work: &mut Work, account: AccountId, id: ConditionalMenuId) -> Result<Conditional, Error> {
    let query =
        select().bind(work.tenant()).push(" and account_id = ? and id = ? and state <> 'gone'").bind(account).bind(id);
    work.one::<Row>(query).await?.map(Conditional::try_from).transpose()?.ok_or(Error::NotFound)
}

/// One that was not yet.
pub struct NewConditional<'a> {
    pub name: &'a str,
    pub buttons: &'a [Button],
    pub sent: &'a [theirs::Button],
    pub wechat_tag_id: Option<i64>,
    pub platform: Option<Platform>,
    /// It is live at WeChat already, by this id.
    pub found: Option<&'a str>,
}

pub async fn add(work: &mut Work, account: AccountId, new: &NewConditional<'_>) -> Result<ConditionalMenuId, Error> {
    let (id, by) = (ConditionalMenuId(work.new_id()), who(work));
    let state = if new.found.is_some() { ConditionalState::Live } else { ConditionalState::Adding };
    let query = sql("insert into conditional_menus (tenant_id, id, account_id, name, buttons, sent, wechat_tag_id, platform, wechat_menu_id, state, made_at, made_by)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(id)
        .bind(account)
        .bind(new.name)
        .bind(write(new.buttons)?)
        .bind(write(new.sent)?)
        .bind(new.wechat_tag_id)
        .bind(new.platform.map(Platform::as_str))
        .bind(new.found)
        .bind(state.as_str())
        .bind(work.now())
        .bind(by);
    work.execute(query).await?;
    Ok(id)
}

/// The call is about to leave.
pub async fn set_called(work: &mut Work, id: ConditionalMenuId) -> Result<(), Error> {
    let query = sql("update conditional_menus set called_at = ? where tenant_id = ? and id = ?")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// WeChat has it, by this id.
pub async fn set_live(work: &mut Work, id: ConditionalMenuId, wechat_menu_id: &str) -> Result<(), Error> {
    let query = sql("update conditional_menus set state = 'live', wechat_menu_id = ?, problem = null, errcode = null where tenant_id = ? and id = ?")
        .bind(wechat_menu_id)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// Moves it on; `problem` says why, if that needs saying.
pub async fn set_state(
    work: &mut Work,
    id: ConditionalMenuId,
    state: ConditionalState,
    problem: Option<&str>,
    errcode: Option<i64>,
) -> Result<(), Error> {
    let query = sql("update conditional_menus set state = ?, problem = ?, errcode = ? where tenant_id = ? and id = ?")
        .bind(state.as_str())
        .bind(problem)
        .bind(errcode)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// All of them are gone: the menu was deleted at WeChat.
pub async fn forget_all(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let query = sql("update conditional_menus set state = 'gone' where tenant_id = ? and account_id = ? and state in ('live', 'removing')")
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await?;
    Ok(())
}

impl TryFrom<Row> for Conditional {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("conditional_menus", row.id, why);
        let platform =
            row.platform.as_deref().map(|word| Platform::parse(word).ok_or_else(|| broken("unknown platform")));
        Ok(Self {
            id: ConditionalMenuId(row.id),
            name: row.name,
            buttons: read("conditional_menus", row.id, &row.buttons)?,
            wechat_tag_id: row.wechat_tag_id,
            platform: platform.transpose()?,
            state: ConditionalState::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
            problem: row.problem,
            errcode: row.errcode,
            made_at: row.made_at,
            made_by: row.made_by,
            account: AccountId(row.account_id),
            sent: read("conditional_menus", row.id, &row.sent)?,
            wechat_menu_id: row.wechat_menu_id,
            called_at: row.called_at,
        })
    }
}
