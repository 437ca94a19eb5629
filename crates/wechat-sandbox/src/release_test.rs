//! The full-network release test, played from WeChat's side.
//!
//! A dedicated account is authorised to the platform without anybody asking,
//! and then acts as a fan. The account is no customer of anybody's; the
//! platform has to answer it all the same.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/operation/thirdparty/releases_instructions.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::authorize::{authorized, grant_component};
use crate::act::{ActError, At, Going, Heard};
use crate::chance;
use crate::push::component::{ComponentJob, document, push};
use crate::sandbox::{Sandbox, lock};
use crate::world::Account;
use crate::world::account::Mode;

/// The official accounts of the five published pairs.
const ACCOUNTS: [(&str, &str); 5] = [
    ("wx570bc396a51b8ff8", "gh_3c884a361561"),
    ("wx9252c5e0bb1836fc", "gh_c0f28a78b318"),
    ("wx8e1097c5bc82cde9", "gh_3f222ed8d140"),
    ("wx14550af28c71a144", "gh_26128078e9ab"),
    ("wxa35b9c23cfe664eb", "gh_2b3713f184a6"),
];
const TEXT: &str = "TESTCOMPONENT_MSG_TYPE_TEXT";
/// How long the message with the code may take after the empty answer.
const FROM_API: Duration = Duration::from_secs(10);
/// The fan the test acts as.
const TESTER: &str = "0";

/// What passed and what did not.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReleaseReport {
    pub passed: bool,
    pub appid: String,
    pub cases: Vec<ReleaseCase>,
}

/// One case of the test.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReleaseCase {
    pub name: String,
    pub passed: bool,
    pub detail: String,
}

fn case(name: &str, passed: bool, detail: impl Into<String>) -> ReleaseCase {
    ReleaseCase { name: name.to_owned(), passed, detail: detail.into() }
}

impl Sandbox {
    /// Runs the test with one of the five accounts, 1 to 5, or one that is drawn.
    pub async fn release_test(&self, set: Option<u8>) -> Result<ReleaseReport, ActError> {
        let index = match set {
            None => (chance::any() % ACCOUNTS.len() as u64) as usize,
            Some(set) => usize::from(set)
                .checked_sub(1)
                .filter(|&i| i < ACCOUNTS.len())
                .ok_or_else(|| ActError::Invalid("set is 1 to 5".to_owned()))?,
        };
        let (appid, original_id) = ACCOUNTS[index];
        let mut cases = vec![self.ticket_case().await];
        let granted = self.authorize_silently(appid, original_id).await?;
        cases.push(case(
            "authorized",
            granted,
            if granted { "answered `success`" } else { "the authorized push was not answered `success`" },
        ));
        if self.world().component.sets.contains(&1) {
            cases.push(self.text_case(appid).await?);
            cases.push(self.code_case(appid).await?);
            cases.push(self.event_case(appid).await?);
        }
        self.unauthorize(appid, None)?;
        let passed = cases.iter().all(|case| case.passed);
        if passed {
            let mut world = self.world();
            world.component.released = true;
            world.dirty.whole();
        }
        Ok(ReleaseReport { passed, appid: appid.to_owned(), cases })
    }

    async fn ticket_case(&self) -> ReleaseCase {
        let job = {
            let mut world = self.world();
            let now_ms = world.now_ms();
            let ticket = world.component.issue_ticket(now_ms);
            let what = "component_verify_ticket";
            let mut document = document(&world.component.appid, now_ms, what);
            document.push_text("ComponentVerifyTicket", ticket);
            ComponentJob { what, appid: world.component.appid.clone(), document }
        };
        let passed = push(self, &job).await;
        case(
            "component_verify_ticket",
            passed,
            if passed { "answered `success`" } else { "the body must be exactly `success`" },
        )
    }

    /// The account appears, if it was not there, and authorises the platform; the push is waited for.
    async fn authorize_silently(&self, appid: &str, original_id: &str) -> Result<bool, ActError> {
        let job = {
            let mut world = self.world();
            let now_ms = world.now_ms();
            if world.account(appid).is_none() {
                let mut account = Account::new(world.counters.seed, u64::MAX, now_ms);
                account.appid = appid.to_owned();
                account.original_id = original_id.to_owned();
                account.nick_name = "全网发布检测".to_owned();
                account.principal = "腾讯".to_owned();
                account.service_type = 2;
                account.mode = Mode::Safe;
                account.fan_count = 1;
                world.admit(account);
            }
            let sets = world.component.sets.clone();
            let released = std::mem::replace(&mut world.component.released, true);
            let (code, _) = grant_component(&mut world, appid, sets)?;
            world.component.released = released;
            authorized(&world, "authorized", appid, &code, "preauthcode@@@release-test", now_ms)
        };
        Ok(push(self, &job).await)
    }

    async fn text_case(&self, appid: &str) -> Result<ReleaseCase, ActError> {
        let outcome = self.say(appid, TESTER, TEXT)?.outcome().await;
        let said = outcome.answer.and_then(|answer| answer.text).unwrap_or_default();
        let wanted = format!("{TEXT}_callback");
        Ok(case(
            "text",
            said == wanted,
            format!("wanted the passive text `{wanted}`, got {} `{said}`", outcome.outcome),
        ))
    }

    async fn code_case(&self, appid: &str) -> Result<ReleaseCase, ActError> {
        let code = {
            let mut world = self.world();
            let now_ms = world.now_ms();
            world.component.issue_auth_code(appid, now_ms)
        };
        let outcome = self.say(appid, TESTER, &format!("QUERY_AUTH_CODE:{code}"))?.outcome().await;
        if outcome.outcome != "silent" {
            return Ok(case("query_auth_code", false, format!("wanted an empty answer, got {}", outcome.outcome)));
        }
        let wanted = format!("{code}_from_api");
        let end = tokio::time::Instant::now() + FROM_API;
        let arrived = || {
            let chat = self.chat(appid, TESTER).unwrap_or_default();
            chat.iter().any(|item| item.via.as_deref() == Some("custom") && item.text.as_deref() == Some(&wanted))
        };
        while !arrived() && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let refused = lock(&self.0.journal)
            .rows
            .iter()
            .rev()
            .find(|call| call.appid.as_deref() == Some(appid) && call.errcode != 0)
            .map(|call| call.errcode);
        let detail = match (arrived(), refused) {
            (true, _) => "the customer-service message came".to_owned(),
            (false, Some(errcode)) => {
                format!("no customer-service message `<code>_from_api` came; the last refusal was {errcode}")
            }
            (false, None) => "no customer-service message `<code>_from_api` came".to_owned(),
        };
        Ok(case("query_auth_code", arrived(), detail))
    }

    async fn event_case(&self, appid: &str) -> Result<ReleaseCase, ActError> {
        let outcome = self.location_event(appid)?.outcome().await;
        let said = outcome.answer.and_then(|answer| answer.text).unwrap_or_default();
        Ok(case(
            "event",
            said == "LOCATIONfrom_callback",
            format!("wanted the passive text `LOCATIONfrom_callback`, got {} `{said}`", outcome.outcome),
        ))
    }

    /// The tester's place is reported; unlike with ordinary fans, an answer is waited for.
    fn location_event(&self, appid: &str) -> Result<Heard, ActError> {
        let at = At::find(&self.world(), appid, TESTER)?;
        let mut document = at.event("LOCATION", None);
        for (name, value) in [("Latitude", 23.137466), ("Longitude", 113.352425), ("Precision", 119.385040)] {
            document.push_number(name, value);
        }
        Ok(self.set_off(&at, 0, Going::event("LOCATION", document, true), false))
    }
}
