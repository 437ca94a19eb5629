//! Bringing WeChat's menus to what they should be: one change after the other, each read back.
//!
//! Setting a menu twice does no harm, and it can be read: so when an answer is lost, WeChat is asked what it has
//! before anything is said again.

use entities::accounts::{self, tokens::Keeper};
use kit::{AccountId, Ctx, Error, Millis, TenantId, Work};
use wechat::{
    ErrCode,
    api::{
        Call, Nothing,
        menu::{
            add_conditional_menu::{self, AddConditionalMenu, MatchRule},
            create_menu::{self, CreateMenu},
            delete_conditional_menu::{self, DeleteConditionalMenu},
            delete_menu::DeleteMenu,
            get_menu::{self, GetMenu},
        },
    },
};
use wechat_client::{Failure, Next};

use super::{
    conditionals, decide, materials,
    model::{Button, Conditional, ConditionalState, Platform, Version, VersionSource, VersionState},
    publish, store,
};

/// `menu no exist`.
const NO_MENU: ErrCode = ErrCode(46003);
/// `invalid media_id`: there is no such material.
const NO_MEDIA: ErrCode = ErrCode(40007);
/// No conditional menu of this id.
const NOT_THERE: ErrCode = ErrCode(65301);
/// So often an unclear answer is followed by another try.
const TRIES: i64 = 8;
const SOON_MS: Millis = 3_000;
const MINUTE_MS: Millis = 60_000;

pub struct Sync {
    ctx: Ctx,
    tenant: TenantId,
    account: AccountId,
    keeper: Keeper,
    /// How often the job has been tried, this time included.
    attempts: i64,
}

/// When to go on, and why not now.
pub struct Later(pub Millis, pub String);

/// What became of one step.
enum Step {
    Settled,
    Later(Later),
}

/// What is known after a failure.
enum Verdict {
    /// It was not done, and will not be.
    Refused(&'static str, Option<i64>),
    /// It was not done; again in so many milliseconds.
    Wait(Millis),
    /// It may have been done.
    Unclear,
}

fn verdict(failure: &Failure) -> Verdict {
    let errcode = failure.errcode().map(|code| code.0);
    match failure.next() {
        Next::WaitMinute => Verdict::Wait(MINUTE_MS),
        Next::WaitDay | Next::WaitMonth => Verdict::Refused("wechat_quota", errcode),
        Next::NotAllowed | Next::Unauthorized => Verdict::Refused("not_allowed", errcode),
        Next::TellPerson | Next::FixRequest | Next::GiveUpRecipient => Verdict::Refused("wechat_refused", errcode),
        Next::FreshToken | Next::Unclear | Next::AlreadyDone | Next::SameIdTooSoon => Verdict::Unclear,
    }
}

/// Nothing else goes wrong in a read than that it cannot be done now.
pub async fn read(ctx: &Ctx, keeper: &Keeper) -> Result<Option<get_menu::Response>, Failure> {
    match ctx.wechat().call_as::<GetMenu>(keeper, &Nothing {}).await {
        Ok(found) => Ok(Some(found)),
        Err(failure) if failure.errcode() == Some(NO_MENU) => Ok(None),
        Err(failure) => Err(failure),
    }
}

impl Sync {
    pub fn new(ctx: &Ctx, tenant: TenantId, account: AccountId, attempts: i64) -> Self {
        Self { ctx: ctx.clone(), tenant, account, keeper: Keeper::new(ctx, tenant, account), attempts }
    }

    /// Everything that waits, or when to go on.
    pub async fn run(&self) -> Result<Option<Later>, Error> {
        loop {
            let mut work = Work::reading(&self.ctx, self.tenant);
            let version = store::in_state(&mut work, self.account, VersionState::Publishing).await?;
            let conditional = conditionals::open(&mut work, self.account).await?;
            drop(work);
            let step = match (version, conditional) {
                (Some(version), _) => self.publish(version).await?,
                (None, Some(menu)) if menu.state == ConditionalState::Adding => self.add(menu).await?,
                (None, Some(menu)) => self.remove(menu).await?,
                (None, None) => return Ok(None),
            };
            if let Step::Later(later) = step {
                return Ok(Some(later));
            }
        }
    }

    fn write(&self) -> Work {
        Work::begin(&self.ctx, self.tenant)
    }

    async fn call<C: Call>(&self, request: &C::Request) -> Result<C::Response, Failure> {
        self.ctx.wechat().call_as::<C>(&self.keeper, request).await
    }

    async fn read(&self) -> Result<Option<get_menu::Response>, Failure> {
        read(&self.ctx, &self.keeper).await
    }

    fn later(&self, milliseconds: Millis, why: impl ToString) -> Step {
        Step::Later(Later(self.ctx.now() + milliseconds, why.to_string()))
    }

    /// Whether it is time to give up, when nothing is certain.
    fn is_over(&self) -> bool {
        self.attempts >= TRIES
    }

    async fn publish(&self, version: Version) -> Result<Step, Error> {
        if version.called_at.is_some() {
            // A former try may have arrived.
            match self.read().await {
                Ok(found) if is_there(&version, found.as_ref()) => return self.live(&version, None).await,
                Ok(_) => {}
                Err(failure) if self.is_over() => return self.failed(&version, "wechat_away", &failure).await,
                Err(failure) => return Ok(self.later(SOON_MS * self.attempts.max(1), failure)),
            }
        } else {
            let mut work = self.write();
            store::set_called(&mut work, version.id).await?;
            work.commit().await?;
        }
        let done = if version.source == VersionSource::Deletion || version.sent.is_empty() {
            self.call::<DeleteMenu>(&Nothing {}).await.map(drop)
        } else {
            self.call::<CreateMenu>(&create_menu::Request { button: version.sent.clone() }).await.map(drop)
        };
        let failure = match done {
            Ok(()) => {
                return match self.read().await {
                    Ok(found) if is_there(&version, found.as_ref()) => self.live(&version, None).await,
                    Ok(_) => self.live(&version, Some("differs")).await,
                    Err(failure) if matches!(verdict(&failure), Verdict::Refused(..)) || self.is_over() => {
                        self.live(&version, Some("not_read_back")).await
                    }
                    Err(failure) => Ok(self.later(SOON_MS, failure)),
                };
            }
            Err(failure) => failure,
        };
        match verdict(&failure) {
            Verdict::Refused(problem, _) => self.failed(&version, problem, &failure).await,
            Verdict::Wait(milliseconds) => Ok(self.later(milliseconds, failure)),
            Verdict::Unclear => match self.read().await {
                Ok(found) if is_there(&version, found.as_ref()) => self.live(&version, None).await,
                _ if self.is_over() => self.failed(&version, "wechat_away", &failure).await,
                _ => Ok(self.later(SOON_MS * self.attempts.max(1), failure)),
            },
        }
    }

    async fn live(&self, version: &Version, problem: Option<&str>) -> Result<Step, Error> {
        let mut work = self.write();
        // Jobs may run twice at the same time.
        if !store::hold(&mut work, version.id).await? {
            return Ok(Step::Settled);
        }
        store::replace_live(&mut work, self.account).await?;
        store::set_live(&mut work, version.id, problem).await?;
        if version.source == VersionSource::Deletion {
            conditionals::forget_all(&mut work, self.account).await?;
        }
        self.settle(work).await
    }

    async fn failed(&self, version: &Version, problem: &str, failure: &Failure) -> Result<Step, Error> {
        let mut work = self.write();
        store::set_failed(&mut work, version.id, problem, failure.errcode().map(|code| code.0)).await?;
        self.lost(&mut work, failure, &version.buttons).await?;
        self.settle(work).await
    }

    /// The callback door must know what the buttons are now.
    async fn settle(&self, mut work: Work) -> Result<Step, Error> {
        accounts::bump(&mut work, self.account).await?;
        publish::tell(&mut work, self.account);
        work.commit().await?;
        Ok(Step::Settled)
    }

    /// What the refusal says of the account, and of the material that the buttons name.
    async fn lost(&self, work: &mut Work, failure: &Failure, buttons: &[Button]) -> Result<(), Error> {
        if failure.errcode() == Some(NO_MEDIA) {
            materials::forget(work, self.account, buttons).await?;
        }
        if failure.next() == Next::Unauthorized {
            accounts::lost(work, self.account, "unauthorized").await?;
        }
        Ok(())
    }

    async fn add(&self, menu: Conditional) -> Result<Step, Error> {
        if menu.called_at.is_some() {
            // Adding twice makes two: so it is looked for.
            match self.read().await {
                Ok(found) => {
                    if let Some(id) = self.adopted(&menu, found.as_ref()).await? {
                        return self.added(&menu, &id).await;
                    }
                }
                Err(failure) if self.is_over() => return self.not_added(&menu, "wechat_away", &failure).await,
                Err(failure) => return Ok(self.later(SOON_MS * self.attempts.max(1), failure)),
            }
        } else {
            let mut work = self.write();
            conditionals::set_called(&mut work, menu.id).await?;
            work.commit().await?;
        }
        let request = add_conditional_menu::Request { button: menu.sent.clone(), matchrule: rule(&menu) };
        let failure = match self.call::<AddConditionalMenu>(&request).await {
            Ok(answer) => return self.added(&menu, &answer.menuid).await,
            Err(failure) => failure,
        };
        match verdict(&failure) {
            Verdict::Refused(problem, _) => self.not_added(&menu, problem, &failure).await,
            Verdict::Wait(milliseconds) => Ok(self.later(milliseconds, failure)),
            Verdict::Unclear => {
                let found = self.read().await.ok().flatten();
                match self.adopted(&menu, found.as_ref()).await? {
                    Some(id) => self.added(&menu, &id).await,
                    None if self.is_over() => self.not_added(&menu, "wechat_away", &failure).await,
                    None => Ok(self.later(SOON_MS * self.attempts.max(1), failure)),
                }
            }
        }
    }

    /// The one at WeChat that is this and none of the others we know.
    async fn adopted(&self, menu: &Conditional, found: Option<&get_menu::Response>) -> Result<Option<String>, Error> {
        let Some(found) = found else { return Ok(None) };
        let mut work = Work::reading(&self.ctx, self.tenant);
        let known = conditionals::list(&mut work, self.account).await?;
        let taken = |id: &str| known.iter().any(|one| one.wechat_menu_id.as_deref() == Some(id));
        Ok(found
            .conditionalmenu
            .iter()
            .filter(|one| one.matchrule.as_ref() == Some(&rule(menu)) && decide::same(&one.button, &menu.sent))
            .filter_map(|one| one.menuid.map(|id| id.to_string()))
            .find(|id| !taken(id)))
    }

    async fn added(&self, menu: &Conditional, wechat_menu_id: &str) -> Result<Step, Error> {
        let mut work = self.write();
        conditionals::set_live(&mut work, menu.id, wechat_menu_id).await?;
        self.settle(work).await
    }

    async fn not_added(&self, menu: &Conditional, problem: &str, failure: &Failure) -> Result<Step, Error> {
        let mut work = self.write();
        let errcode = failure.errcode().map(|code| code.0);
        conditionals::set_state(&mut work, menu.id, ConditionalState::Failed, Some(problem), errcode).await?;
        self.lost(&mut work, failure, &menu.buttons).await?;
        self.settle(work).await
    }

    async fn remove(&self, menu: Conditional) -> Result<Step, Error> {
        let Some(menuid) = menu.wechat_menu_id.clone() else { return self.removed(&menu).await };
        let request = delete_conditional_menu::Request { menuid: menuid.clone() };
        let failure = match self.call::<DeleteConditionalMenu>(&request).await {
            Ok(_) => return self.removed(&menu).await,
            Err(failure) if failure.errcode() == Some(NOT_THERE) => return self.removed(&menu).await,
            Err(failure) => failure,
        };
        match verdict(&failure) {
            Verdict::Wait(milliseconds) => Ok(self.later(milliseconds, failure)),
            Verdict::Unclear if !self.is_over() => match self.read().await {
                Ok(found) if !has(found.as_ref(), &menuid) => self.removed(&menu).await,
                _ => Ok(self.later(SOON_MS * self.attempts.max(1), failure)),
            },
            Verdict::Refused(problem, errcode) => self.not_removed(&menu, problem, errcode, &failure).await,
            Verdict::Unclear => self.not_removed(&menu, "wechat_away", None, &failure).await,
        }
    }

    async fn removed(&self, menu: &Conditional) -> Result<Step, Error> {
        let mut work = self.write();
        conditionals::set_state(&mut work, menu.id, ConditionalState::Gone, None, None).await?;
        self.settle(work).await
    }

    async fn not_removed(
        &self,
        menu: &Conditional,
        problem: &str,
        errcode: Option<i64>,
        failure: &Failure,
    ) -> Result<Step, Error> {
        let mut work = self.write();
        conditionals::set_state(&mut work, menu.id, ConditionalState::Live, Some(problem), errcode).await?;
        self.lost(&mut work, failure, &menu.buttons).await?;
        self.settle(work).await
    }
}

/// Whether what WeChat has is this version.
fn is_there(version: &Version, found: Option<&get_menu::Response>) -> bool {
    match found {
        None => version.sent.is_empty(),
        Some(found) => decide::same(&found.menu.button, &version.sent),
    }
}

fn has(found: Option<&get_menu::Response>, menuid: &str) -> bool {
    found.is_some_and(|found| {
        found.conditionalmenu.iter().any(|one| one.menuid.is_some_and(|id| id.to_string() == menuid))
    })
}

/// For whom, in WeChat's words.
pub fn rule(menu: &Conditional) -> MatchRule {
    MatchRule {
        tag_id: menu.wechat_tag_id.map(|id| id.to_string()).unwrap_or_default(),
        client_platform_type: menu.platform.map(Platform::number).unwrap_or_default().to_owned(),
    }
}
