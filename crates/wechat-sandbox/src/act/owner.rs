//! What an account's owner does in WeChat's console: registering it, its
//! settings, its address.

use std::time::Duration;

use serde::Deserialize;
use utoipa::ToSchema;
use wechat::crypto::EncodingAesKey;
use wechat::crypto::signature::sign;
use wechat::wire::Format;

use super::{ActError, not_found};
use crate::chance;
use crate::clock::SECOND;
use crate::control::views::{AccountPatch, AccountView, ComponentPatch, ComponentView, NewAccount};
use crate::permute::mix;
use crate::push::with_query;
use crate::sandbox::Sandbox;
use crate::world::{Account, World};

/// How long the address has to repeat the echostr.
const VERIFY: Duration = Duration::from_secs(5);
/// People there can be: numbers stay far from any limit.
const MOST_FANS: u64 = 100_000_000;

/// The two kinds a new account can be of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    #[default]
    Subscription,
    Service,
}

impl Sandbox {
    /// The component as it is set.
    pub fn component(&self) -> ComponentView {
        ComponentView::of(&self.world().component)
    }

    /// Registers an account. Its appid, secret and keys are made up.
    pub fn create_account(&self, new: NewAccount) -> Result<AccountView, ActError> {
        let mut world = self.world();
        let index = world.counters.made_accounts;
        let mut account = Account::new(world.counters.seed, index, world.now_ms());
        account.service_type = if new.kind == AccountKind::Service { 2 } else { new.service_type.unwrap_or(0) };
        account.nick_name = new.nick_name.unwrap_or_else(|| format!("公众号 {}", index + 1));
        account.principal = new.principal.unwrap_or_else(|| format!("{}有限公司", account.nick_name));
        account.alias = new.alias.unwrap_or(account.alias);
        apply(&mut account, new.settings)?;
        if let Some(count) = new.fans {
            account.fan_count = count.min(MOST_FANS);
        }
        let appid = account.appid.clone();
        world.counters.made_accounts += 1;
        world.admit(account);
        let view = view(&world, &appid);
        drop(world);
        self.tell_account(&appid);
        view
    }

    /// All accounts, in the order they were made.
    pub fn accounts(&self) -> Vec<AccountView> {
        let world = self.world();
        world.order.iter().filter_map(|appid| world.account(appid)).map(AccountView::of).collect()
    }

    /// An account as it is set.
    pub fn account(&self, appid: &str) -> Result<AccountView, ActError> {
        view(&self.world(), appid)
    }

    /// Changes settings. A new address is verified first, unless `verify` is false.
    pub async fn change_account(
        &self,
        appid: &str,
        patch: AccountPatch,
        verify: bool,
    ) -> Result<AccountView, ActError> {
        if let Some(url) = patch.callback_url.as_deref().filter(|url| verify && !url.is_empty()) {
            let token = match &patch.token {
                Some(token) => token.clone(),
                None => self.world().account(appid).ok_or_else(|| not_found("account"))?.token.clone(),
            };
            self.verify_url(url, &token).await?;
        }
        let mut world = self.world();
        world.dirty.account(appid);
        let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
        apply(account, patch)?;
        let view = view(&world, appid);
        drop(world);
        self.tell_account(appid);
        view
    }

    /// Changes the platform's settings. A new event URL gets a ticket at once.
    pub fn change_component(&self, patch: ComponentPatch) -> Result<ComponentView, ActError> {
        let ticket = patch.event_url.as_deref().is_some_and(|url| !url.is_empty());
        let mut world = self.world();
        patch.apply(&mut world.component).map_err(ActError::Invalid)?;
        world.dirty.whole();
        let view = ComponentView::of(&world.component);
        drop(world);
        if ticket {
            crate::push::component::push_ticket(self);
        }
        Ok(view)
    }

    /// So many more people follow. Says how many follow now.
    pub fn add_fans(&self, appid: &str, count: u64) -> Result<u64, ActError> {
        let mut world = self.world();
        world.dirty.account(appid);
        let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
        if account.fans.count().saturating_add(count) > MOST_FANS {
            return Err(ActError::Invalid(format!("an account has at most {MOST_FANS} fans")));
        }
        let before = account.fans.following();
        account.fans.add(count);
        account.fan_count = account.fans.count();
        let fans = account.fans.following();
        world.count_came(appid, "", fans - before);
        drop(world);
        self.tell_account(appid);
        Ok(fans)
    }

    /// The GET with an echostr, which must come back as it is.
    async fn verify_url(&self, url: &str, token: &str) -> Result<(), ActError> {
        let failed = |why: &str| ActError::Invalid(format!("token验证失败: {why}"));
        let timestamp = (self.0.clock.now_ms() / SECOND).to_string();
        let nonce = (mix(chance::any()) % 2_000_000_000).to_string();
        let echo = (1_000_000_000_000_000_000 + mix(chance::any()) % 8_000_000_000_000_000_000).to_string();
        let query = [
            ("signature", sign(&[token, &timestamp, &nonce])),
            ("timestamp", timestamp),
            ("nonce", nonce),
            ("echostr", echo.clone()),
        ];
        let full = with_query(url, &query).map_err(|why| failed(&why))?;
        let answer = async {
            let response = self.0.engine.client().get(full).send().await?;
            Ok::<_, reqwest::Error>((response.status(), response.bytes().await?))
        };
        match tokio::time::timeout(VERIFY, answer).await {
            Err(_) => Err(failed("no answer within 5 s")),
            Ok(Err(error)) => Err(failed(&error.without_url().to_string())),
            Ok(Ok((status, _))) if status != reqwest::StatusCode::OK => Err(failed(&format!("status {status}"))),
            Ok(Ok((_, body))) if body != echo.as_bytes() => Err(failed("the answer is not the echostr")),
            Ok(Ok(_)) => Ok(()),
        }
    }
}

fn view(world: &World, appid: &str) -> Result<AccountView, ActError> {
    world.account(appid).map(AccountView::of).ok_or_else(|| not_found("account"))
}

/// Sets what the patch names; nothing, when one of it makes no sense.
fn apply(account: &mut Account, patch: AccountPatch) -> Result<(), ActError> {
    let invalid = |why: &str| Err(ActError::Invalid(why.to_owned()));
    if patch.verify_type.is_some_and(|verify_type| !(-1..=5).contains(&verify_type)) {
        return invalid("verify_type is -1 to 5");
    }
    if patch.status.is_some_and(|status| !matches!(status, 1 | 14 | 16 | 18 | 19)) {
        return invalid("status is 1, 14, 16, 18 or 19");
    }
    if patch.encoding_aes_key.as_deref().is_some_and(|key| EncodingAesKey::parse(key).is_err()) {
        return invalid("encoding_aes_key is 43 letters and digits");
    }
    let token_fits = |token: &str| (3..=32).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_alphanumeric());
    if patch.token.as_deref().is_some_and(|token| !token_fits(token)) {
        return invalid("token is 3 to 32 letters and digits");
    }
    let url_fits = |url: &str| url.is_empty() || url.starts_with("http://") || url.starts_with("https://");
    if patch.callback_url.as_deref().is_some_and(|url| !url_fits(url)) {
        return invalid("callback_url begins with http:// or https://");
    }
    if patch.format.as_deref().is_some_and(|format| !matches!(format, "xml" | "json")) {
        return invalid("format is xml or json");
    }
    fn set<T>(slot: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *slot = value;
        }
    }
    if let Some(mass) = patch.mass {
        let ends = |status: &str| {
            let code = status.strip_prefix("err(").and_then(|rest| rest.strip_suffix(')'));
            matches!(status, "" | "send fail") || code.is_some_and(|code| code.parse::<u32>().is_ok())
        };
        if mass.next_status.as_deref().is_some_and(|status| !ends(status)) {
            return invalid("mass.next_status is `send fail` or `err(number)`");
        }
        if mass.next_answer.is_some_and(|code| !matches!(code, 0 | 45065 | 45066)) {
            return invalid("mass.next_answer is 45065 or 45066");
        }
        set(&mut account.mass.protection, mass.protection);
        set(&mut account.mass.protocol_agreed, mass.protocol_agreed);
        set(&mut account.mass.clientmsgid_bytes, mass.clientmsgid_bytes);
        set(&mut account.mass.originality, mass.originality);
        set(&mut account.mass.checked_articles, mass.checked_articles);
        set(&mut account.mass.next_status, mass.next_status.map(|status| Some(status).filter(|text| !text.is_empty())));
        set(&mut account.mass.next_answer, mass.next_answer.map(|code| Some(code).filter(|code| *code != 0)));
        set(&mut account.mass.delay_ms, mass.delay_ms.map(|delay_ms| Some(delay_ms).filter(|ms| *ms >= 0)));
    }
    set(&mut account.nick_name, patch.nick_name);
    set(&mut account.verify_type, patch.verify_type);
    set(&mut account.status, patch.status);
    set(&mut account.token, patch.token);
    set(&mut account.encoding_aes_key, patch.encoding_aes_key);
    set(&mut account.mode, patch.mode);
    set(&mut account.callback_url, patch.callback_url);
    set(&mut account.open_platform, patch.open_platform);
    set(&mut account.open_platform_no, patch.open_platform_no);
    set(&mut account.legacy_profile, patch.legacy_profile);
    set(&mut account.voice_recognition, patch.voice_recognition);
    set(&mut account.numeric_menuid, patch.numeric_menuid);
    set(&mut account.publishing, patch.publishing);
    set(&mut account.no_comments, patch.no_comments);
    set(&mut account.ip_whitelist, patch.ip_whitelist);
    set(&mut account.allowance, patch.allowance);
    if let Some(format) = patch.format {
        account.format = if format == "json" { Format::Json } else { Format::Xml };
    }
    for (path, limits) in patch.quotas.unwrap_or_default() {
        let counter = account.quotas.paths.entry(path).or_default();
        set(&mut counter.used, limits.used);
        counter.daily_limit = limits.daily_limit.or(counter.daily_limit);
        counter.minute_limit = limits.minute_limit.or(counter.minute_limit);
    }
    Ok(())
}
