//! What a person does with a broadcast beside letting it go out: shows it to one fan, takes it offline, decides on a trial
//! and on what is in doubt. WeChat is spoken to with no transaction open.

use entities::{
    accounts::{self, Function, tokens::Keeper},
    broadcasts::{self, BroadcastState, PartState, Way, fill, parts, settle, trials},
    customers, fans,
};
use kit::{BroadcastId, BroadcastPartId, Ctx, Error, TenantId, Work};
use wechat::api::mass::{
    delete_mass::{self, DeleteMass},
    preview::{self, Preview},
};

use super::{
    begin::conflict,
    model::PreviewBody,
    ready::{self, NotReady},
    stats::refusal,
};

/// Shows it to one fan. WeChat's id of that.
pub async fn preview(ctx: &Ctx, tenant: TenantId, id: BroadcastId, body: PreviewBody) -> Result<String, Error> {
    let mut look = Work::reading(ctx, tenant);
    let broadcast = broadcasts::find(&mut look, id).await?;
    let account = accounts::find(&mut look, broadcast.account).await?;
    account.may(Function::Broadcast)?;
    let touser = match (&body.openid, body.customer_id) {
        (Some(openid), _) => Some(openid.clone()),
        (None, Some(customer)) => {
            let customer = customers::canonical(&mut look, customer).await?;
            let group = customers::group(&mut look, customer).await?;
            let all = fans::of_customers(&mut look, &group).await?;
            let fan = all.into_iter().find(|fan| fan.account == account.id);
            Some(fan.ok_or_else(|| Error::conflict("not_a_fan", "this customer is no fan of the account"))?.openid)
        }
        (None, None) => None,
    };
    drop(look);
    if touser.is_none() && body.wechat_id.is_none() {
        return Err(Error::field("customer_id", "needed", "say to whom it is shown: customer_id, openid or wechat_id"));
    }
    let content = broadcast
        .content(body.variant)
        .ok_or_else(|| Error::field("variant", "not_found", "there is no such variant"))?;
    let content = ready::make(ctx, tenant, account.id, content, Way::List, false).await.map_err(unready)?;
    let request = preview::Request { touser, towxname: body.wechat_id, content };
    let keeper = Keeper::new(ctx, tenant, account.id);
    let answer = ctx.wechat().call_as::<Preview>(&keeper, &request).await.map_err(refusal)?;
    Ok(answer.msg_id.to_string())
}

fn unready(why: NotReady) -> Error {
    match why {
        NotReady::Later(evidence) => Error::WeChatAway(evidence),
        NotReady::Never(reason, evidence) => Error::Conflict {
            code: "broadcast_not_ready",
            detail: evidence,
            params: serde_json::json!({ "reason": reason }),
        },
    }
}

/// Takes offline what was sent, all of it or one part. One call takes away every part of the same material.
pub async fn withdraw(
    ctx: &Ctx,
    tenant: TenantId,
    id: BroadcastId,
    only: Option<BroadcastPartId>,
) -> Result<(), Error> {
    let mut look = Work::reading(ctx, tenant);
    let broadcast = broadcasts::find(&mut look, id).await?;
    let parts = parts::of(&mut look, id).await?;
    drop(look);
    if only.is_some_and(|only| parts.iter().all(|part| part.id != only)) {
        return Err(Error::NotFound);
    }
    let sent: Vec<_> = parts
        .into_iter()
        .filter(|part| part.state == PartState::Sent && only.is_none_or(|only| only == part.id))
        .filter(|part| broadcast.content(part.variant).is_some_and(broadcasts::Content::can_be_withdrawn))
        .filter_map(|part| Some((part.id, part.msg_id?)))
        .collect();
    if sent.is_empty() {
        let why = "only articles and films that were sent can be taken offline";
        return Err(conflict("cannot_be_withdrawn", why, &broadcast));
    }
    let keeper = Keeper::new(ctx, tenant, broadcast.account);
    for (part, msg_id) in sent {
        let request = delete_mass::Request { msg_id: Some(msg_id.cast_unsigned()), ..Default::default() };
        ctx.wechat().call_as::<DeleteMass>(&keeper, &request).await.map_err(refusal)?;
        let mut work = Work::begin(ctx, tenant);
        settle::withdrawn(&mut work, part).await?;
        broadcasts::tell(&mut work, broadcast.account, id);
        work.commit().await?;
    }
    Ok(())
}

/// The winner of a trial, by a person's word.
pub async fn winner(work: &mut Work, id: BroadcastId, variant: i64) -> Result<(), Error> {
    let broadcast = broadcasts::lock(work, id).await?;
    if usize::try_from(variant).map_or(true, |n| n >= broadcast.contents.len()) {
        return Err(Error::field("variant", "not_found", "there is no such variant"));
    }
    let by = work.caller().map(|caller| caller.name().to_owned());
    if broadcast.state != BroadcastState::Testing
        || !broadcasts::decide_winner(work, id, variant, by.as_deref()).await?
    {
        return Err(conflict("broadcast_not_testing", "it does not wait for a winner", &broadcast));
    }
    broadcasts::tell(work, broadcast.account, id);
    Ok(())
}

fn not_in_doubt() -> Error {
    Error::conflict("not_in_doubt", "this part is not unknown, or somebody has decided about it")
}

/// Leaves one in doubt as it is.
pub async fn leave(work: &mut Work, id: BroadcastId, part: BroadcastPartId) -> Result<(), Error> {
    let broadcast = broadcasts::lock(work, id).await?;
    let part = trials::part_of(work, id, part).await?;
    let by = work.caller().map_or_else(String::new, |caller| caller.name().to_owned());
    if !settle::decide(work, part.id, "left", &by, None).await? {
        return Err(not_in_doubt());
    }
    broadcasts::tell(work, broadcast.account, id);
    Ok(())
}

/// Says again what is in doubt, by a new part whose id WeChat has never seen.
pub async fn resend(
    work: &mut Work,
    id: BroadcastId,
    part: BroadcastPartId,
    may_arrive_twice: bool,
) -> Result<(), Error> {
    let broadcast = broadcasts::lock(work, id).await?;
    let part = trials::part_of(work, id, part).await?;
    if !may_arrive_twice {
        return Err(Error::field("may_arrive_twice", "needed", "say that you know it may arrive twice"));
    }
    accounts::find(work, broadcast.account).await?.may(Function::Broadcast)?;
    if part.state != PartState::Unknown || part.decision.is_some() {
        return Err(not_in_doubt());
    }
    let by = work.caller().map_or_else(String::new, |caller| caller.name().to_owned());
    let again = fill::again(work, &broadcast, &part).await?;
    if !settle::decide(work, part.id, "resent", &by, Some(again)).await? {
        return Err(not_in_doubt());
    }
    Ok(())
}
