//! WeChat's figures of articles that went out, fetched daily and when a person asks, and kept.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entities::{
    accounts::tokens::Keeper,
    broadcasts::{
        self, Part, parts,
        trials::{self, Figures},
    },
    calendar,
};
use kit::{BroadcastId, Ctx, Error, Millis, TenantId, Work};
use wechat::api::datacube::{
    Days,
    get_article_total::{GetArticleTotal, Item},
};
use wechat_client::{Failure, Next};

use super::trial::FIGURES_AFTER_MIDNIGHT;

const DAY_MS: Millis = 86_400_000;
/// WeChat follows an article for seven days; its last figures come on the day after.
const FOLLOWED: Millis = 9 * DAY_MS;

/// As an error of an operation.
pub fn refusal(failure: Failure) -> Error {
    match failure.next() {
        Next::Unclear | Next::FreshToken => Error::WeChatAway(failure.to_string()),
        _ => Error::WeChatRefused { errcode: failure.errcode().map_or(0, |code| code.0), errmsg: failure.to_string() },
    }
}

/// Every hour: what went out in the last days and was not looked at for most of a day.
pub async fn fetch_all(ctx: Ctx) -> Result<(), Error> {
    let now = ctx.now();
    let stale = trials::stale(&ctx.store().read().await?, now - FOLLOWED, now - 20 * 3_600_000).await?;
    for (tenant, id) in stale {
        if let Err(error) = fetch(&ctx, tenant, id).await {
            tracing::info!(%error, broadcast.id = id.0, "the figures of a broadcast could not be fetched");
        }
    }
    Ok(())
}

/// Asks WeChat for the figures of a broadcast's articles, as far as they are ready.
pub async fn fetch(ctx: &Ctx, tenant: TenantId, id: BroadcastId) -> Result<(), Error> {
    let mut look = Work::reading(ctx, tenant);
    let broadcast = broadcasts::find(&mut look, id).await?;
    let parts = parts::of(&mut look, id).await?;
    drop(look);
    let keeper = Keeper::new(ctx, tenant, broadcast.account);
    let mut figures = Vec::new();
    for day in days(&parts, ctx.now()) {
        let date = day.to_string();
        let request = Days { begin_date: date.clone(), end_date: date };
        let answer = ctx.wechat().call_as::<GetArticleTotal>(&keeper, &request).await.map_err(refusal)?;
        figures.extend(answer.list.iter().flat_map(|item| of_item(&parts, item)));
    }
    let mut work = Work::begin(ctx, tenant);
    trials::keep(&mut work, id, figures).await?;
    broadcasts::tell(&mut work, broadcast.account, id);
    work.commit().await
}

/// The days on which articles came out and of which WeChat has figures by now.
fn days(parts: &[Part], now: Millis) -> BTreeSet<NaiveDate> {
    let sent = parts.iter().filter(|part| part.msg_data_id.is_some() || !part.urls.is_empty());
    let ready =
        sent.filter_map(|part| part.finished_at).filter(|at| calendar::next_day(*at) + FIGURES_AFTER_MIDNIGHT <= now);
    ready.map(calendar::day).collect()
}

/// The figures of one of ours. WeChat names it by `msg_data_id`, and by its page where we do not know that.
fn of_item(parts: &[Part], item: &Item) -> Vec<Figures> {
    let Some((data, place)) = item.msgid.split_once('_') else { return Vec::new() };
    let Ok(place) = place.parse::<i64>() else { return Vec::new() };
    let is_it = |part: &&Part| match part.msg_data_id {
        Some(id) => id.to_string() == data,
        None => !item.url.is_empty() && part.urls.contains(&item.url),
    };
    let Some(part) = parts.iter().find(is_it) else { return Vec::new() };
    let of_day = |detail: &wechat::api::datacube::get_article_total::Detail| Figures {
        part_id: part.id.0,
        place,
        day: detail.stat_date.clone(),
        title: item.title.clone(),
        url: Some(item.url.clone()).filter(|url| !url.is_empty()),
        target: detail.target_user,
        reads: detail.reads.int_page_read_user,
        read_count: detail.reads.int_page_read_count,
        shares: detail.reads.share_user,
        share_count: detail.reads.share_count,
        favourites: detail.reads.add_to_fav_user,
    };
    item.details.iter().map(of_day).collect()
}
