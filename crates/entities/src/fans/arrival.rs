//! Fans who do something: they become known, follow, and leave.

use kit::{AccountId, CustomerId, Error, Millis, Work};

use super::{Fan, FanStatus, NewFan, later, store};
use crate::{
    accounts,
    customers::{self, NewCustomer},
};

/// What a follow or unfollow did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    pub customer: CustomerId,
    /// We had never met this openid, or had never seen it follow.
    pub first: bool,
    /// The status changed; false for an event that was late.
    pub changed: bool,
}

/// Makes sure that these openids are fans, each with a customer. For messages of people we had not met.
pub async fn arrive(
    work: &mut Work,
    account: AccountId,
    openids: &[&str],
    at: Millis,
) -> Result<Vec<(String, CustomerId)>, Error> {
    let mut unknown: Vec<&str> = openids.to_vec();
    unknown.sort_unstable();
    unknown.dedup();
    // So that an import and a callback that meet the same new fan do not each make a customer.
    accounts::hold(work, account).await?;
    // Somebody else may have met them until we held the account.
    let met = store::customers_of(work, account, &unknown).await?;
    let thought_gone: Vec<&str> =
        met.iter().filter(|(_, met)| met.is_thought_gone).map(|(openid, _)| openid.as_str()).collect();
    store::spoke(work, account, &thought_gone, at).await?;
    unknown.retain(|openid| !met.contains_key(*openid));
    let former = store::former_customers_of(work, account, &unknown).await?;
    let mut out = Vec::with_capacity(met.len() + unknown.len());
    let mut new = Vec::new();
    for openid in unknown {
        let customer = match former.get(openid) {
            Some(customer) => *customer,
            None => {
                let id = CustomerId(work.new_id());
                new.push(NewCustomer::bare(id, at));
                id
            }
        };
        out.push((openid.to_owned(), customer));
    }
    customers::create_many(work, new).await?;
    let fans: Vec<NewFan> =
        out.iter().map(|(openid, customer)| NewFan::bare(openid, *customer, FanStatus::Following, at)).collect();
    store::insert_many(work, account, &fans).await?;
    out.extend(met.into_iter().map(|(openid, met)| (openid, met.customer)));
    Ok(out)
}

/// A fan followed at `at` (WeChat's instant).
pub async fn followed(
    work: &mut Work,
    account: AccountId,
    openid: &str,
    at: Millis,
    qr_scene: Option<&str>,
) -> Result<Arrival, Error> {
    turn(work, account, openid, FanStatus::Following, at, qr_scene).await
}

/// A fan left at `at`. The customer stays.
pub async fn unfollowed(work: &mut Work, account: AccountId, openid: &str, at: Millis) -> Result<Arrival, Error> {
    turn(work, account, openid, FanStatus::Left, at, None).await
}

async fn turn(
    work: &mut Work,
    account: AccountId,
    openid: &str,
    status: FanStatus,
    at: Millis,
    qr_scene: Option<&str>,
) -> Result<Arrival, Error> {
    let Some(known) = store::find(work, account, openid).await? else {
        let customer = arrive(work, account, &[openid], at)
            .await?
            .first()
            .map(|(_, customer)| *customer)
            .ok_or_else(|| Error::internal("a fan arrived and is not there"))?;
        let fan = Fan {
            account,
            openid: openid.to_owned(),
            customer,
            status,
            status_at: at,
            subscribed_at: (status == FanStatus::Following).then_some(at),
            scene: None,
            qr_scene: qr_scene.map(str::to_owned),
            remark: None,
            unionid: None,
            wechat_tags: Vec::new(),
            info_at: None,
        };
        store::set_status(work, &fan).await?;
        return Ok(Arrival { customer, first: true, changed: true });
    };
    let customer = customers::canonical(work, known.customer).await?;
    let first = !known.has_followed();
    let chosen = later((known.status, known.status_at), (status, at));
    let changed = chosen != (known.status, known.status_at);
    if changed {
        let following = chosen.0 == FanStatus::Following;
        let fan = Fan {
            status: chosen.0,
            status_at: chosen.1,
            subscribed_at: if following { Some(at) } else { known.subscribed_at },
            // Where this follow came from is asked of WeChat afterwards; the one before is history.
            scene: if following { None } else { known.scene.clone() },
            qr_scene: if following { qr_scene.map(str::to_owned) } else { known.qr_scene.clone() },
            // WeChat takes a fan's tags away when they leave.
            wechat_tags: if following { Vec::new() } else { known.wechat_tags.clone() },
            info_at: if following { None } else { known.info_at },
            ..known
        };
        store::set_status(work, &fan).await?;
    }
    Ok(Arrival { customer, first, changed })
}
