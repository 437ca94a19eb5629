//! The library as people see it, and WeChat's refusals as they hear them.

use entities::{
    calendar, campaigns,
    templates::{self, grants},
};
use kit::{AccountId, Error, Work};
use wechat_client::{Failure, Next};

use super::model::{TemplateLibrary, TemplateView};

/// The library as it stands.
pub async fn library(work: &mut Work, account: AccountId) -> Result<TemplateLibrary, Error> {
    let mut granted = grants::count(work, account).await?;
    let mut items = Vec::new();
    for template in templates::list(work, account).await? {
        let used_by = campaigns::using(work, account, &template.wechat_id).await?;
        let granted = granted.remove(&template.wechat_id).unwrap_or_default();
        items.push(TemplateView::new(template, granted, used_by));
    }
    let said = templates::synced(work, account).await?;
    let from = said.industries_set_at.map(calendar::next_month).filter(|from| *from > work.now());
    Ok(TemplateLibrary::new(items, said, from))
}

/// A refusal as whoever asked hears it.
pub fn refused(failure: &Failure) -> Error {
    let errcode = failure.errcode().map(|code| code.0);
    match errcode {
        Some(45026 | 200_012) => Error::conflict("templates_full", "the account has all the templates it can have"),
        Some(45027) => Error::conflict("template_industry", "the template is of an industry that is not the account's"),
        Some(43100) => Error::conflict("industries_too_often", "WeChat lets one set the industries once a month"),
        Some(40037 | 40246 | 200_014 | 200_020) => {
            Error::unacceptable("template_unknown", "WeChat's library has none of this number, or not these keywords")
        }
        _ if failure.next() == Next::Unclear => Error::WeChatAway(failure.to_string()),
        _ => Error::WeChatRefused { errcode: errcode.unwrap_or(0), errmsg: failure.to_string() },
    }
}
