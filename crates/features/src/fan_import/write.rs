//! Where what WeChat said of fans becomes rows: new fans become customers, known ones are brought up to date.
//!
//! A chunk of any size is a fixed number of statements, except for the few fans of whom there is something
//! unusual to say (a profile that changed, two customers who turn out to be one).

use std::collections::{HashMap, HashSet};

use entities::{
    accounts,
    customers::{self, Field, IdentityKind, NewCustomer, Source},
    fans::{self, Fan, FanStatus, NewFan},
    tags::{self, TagSource},
};
use kit::{AccountId, CustomerId, Error, Millis, TagId, Work};

use super::{
    decide,
    model::Told,
    store::{self, Seen},
};

/// What is told of one customer, field by field.
type News = Vec<(Field, Option<String>)>;

/// What is gathered before it is written.
#[derive(Default)]
struct Rows {
    customers: Vec<NewCustomer>,
    fans: Vec<NewFan>,
    updated: Vec<Fan>,
    seen: Vec<Seen>,
    tags: Vec<(TagId, CustomerId)>,
    unionids: Vec<(String, CustomerId)>,
    /// Of customers who were there before, with the openid of the fan it was said of.
    unionids_to_join: Vec<(String, CustomerId)>,
    profiles: Vec<(CustomerId, News)>,
}

/// Who these fans are, as far as we know.
struct Known {
    fans: HashMap<String, Fan>,
    /// Customers under an earlier life of this account (R20).
    former: HashMap<String, CustomerId>,
    holders: HashMap<String, CustomerId>,
    /// Customers who are a fan of this account under another openid: they cannot be a second one.
    taken: HashSet<CustomerId>,
    /// What WeChat's tags stand for.
    links: HashMap<i64, TagId>,
}

/// Takes in what WeChat said at `as_of` of these fans, who are in openid order. The caller holds the import's
/// row, so that nobody links a tag meanwhile.
pub async fn take_in(work: &mut Work, account: AccountId, told: &[Told], as_of: Millis) -> Result<(), Error> {
    accounts::hold(work, account).await?;
    let known = known(work, account, told).await?;
    let rows = sort_out(work, known, told, as_of);
    let Sorted { rows, tag_changes } = rows;

    customers::create_many(work, rows.customers).await?;
    fans::insert_many(work, account, &rows.fans).await?;
    store::write_fans(work, account, &rows.updated).await?;
    store::append_seen(work, account, &rows.seen).await?;
    store::put_tags(work, &rows.tags).await?;
    for (tag, change) in tag_changes {
        tags::put_many(work, tag, &change.put, TagSource::Wechat, Some(account)).await?;
        tags::remove_many(work, tag, &change.removed, TagSource::Wechat, Some(account)).await?;
    }
    for (customer, news) in rows.profiles {
        customers::set_fields(work, customer, &news, Source::Wechat, None).await?;
    }
    // Another import may have met the same person a moment ago.
    let met_elsewhere = customers::remember_unionids(work, rows.unionids).await?;
    for (unionid, customer) in rows.unionids_to_join.into_iter().chain(met_elsewhere) {
        customers::join_unionid(work, customer, &unionid).await?;
    }
    Ok(())
}

async fn known(work: &mut Work, account: AccountId, told: &[Told]) -> Result<Known, Error> {
    let openids: Vec<&str> = told.iter().map(|told| told.openid.as_str()).collect();
    let fans =
        fans::find_many(work, account, &openids).await?.into_iter().map(|fan| (fan.openid.clone(), fan)).collect();
    let former = match store::has_former_life(work, account).await? {
        true => fans::former_customers_of(work, account, &openids).await?,
        false => HashMap::new(),
    };
    let unionids: Vec<&str> = told.iter().filter_map(|told| told.unionid.as_deref()).collect();
    let holders = customers::holders(work, IdentityKind::Unionid, &unionids).await?;
    let candidates: Vec<CustomerId> = holders.values().copied().collect();
    let taken =
        if candidates.is_empty() { HashSet::new() } else { store::fans_here(work, account, &candidates).await? };
    Ok(Known { fans, former, holders, taken, links: tags::links(work, account).await? })
}

#[derive(Default)]
struct TagChange {
    put: Vec<CustomerId>,
    removed: Vec<CustomerId>,
}

struct Sorted {
    rows: Rows,
    tag_changes: Vec<(TagId, TagChange)>,
}

fn sort_out(work: &Work, mut known: Known, told: &[Told], as_of: Millis) -> Sorted {
    let mut rows = Rows::default();
    rows.customers.reserve(told.len());
    rows.fans.reserve(told.len());
    rows.seen.reserve(told.len());
    let mut tag_changes: HashMap<TagId, TagChange> = HashMap::new();
    let mut met: HashSet<&str> = HashSet::new();
    for told in told {
        match known.fans.remove(&told.openid) {
            Some(fan) => known_fan(&mut rows, &mut tag_changes, &known, fan, told, as_of),
            None if met.insert(&told.openid) => new_fan(work, &mut rows, &mut known, told, as_of),
            // Named twice in one answer.
            None => {}
        }
    }
    let mut tag_changes: Vec<_> = tag_changes.into_iter().collect();
    tag_changes.sort_unstable_by_key(|(tag, _)| *tag);
    Sorted { rows, tag_changes }
}

fn new_fan(work: &Work, rows: &mut Rows, known: &mut Known, told: &Told, as_of: Millis) {
    let fields = decide::fields_of(told);
    let (status, status_at) = decide::status_of(told, as_of);
    let holder = told.unionid.as_ref().and_then(|unionid| known.holders.get(unionid).copied());
    let customer = match (known.former.get(&told.openid).copied(), holder) {
        (Some(former), holder) => {
            if let Some(unionid) = told.unionid.clone().filter(|_| holder != Some(former)) {
                rows.unionids_to_join.push((unionid, former));
            }
            former
        }
        (None, Some(holder)) if known.taken.insert(holder) => holder,
        (None, holder) => {
            let id = CustomerId(work.new_id());
            if let (Some(unionid), None) = (&told.unionid, holder) {
                known.holders.insert(unionid.clone(), id);
                known.taken.insert(id);
                rows.unionids.push((unionid.clone(), id));
            }
            rows.customers.push(NewCustomer {
                id,
                fields: fields.clone(),
                last_seen_at: decide::last_seen(told, as_of),
            });
            id
        }
    };
    if !fields.is_empty() && rows.customers.last().is_none_or(|new| new.id != customer) {
        rows.profiles.push((customer, news(fields)));
    }
    if status == FanStatus::Following {
        rows.tags.extend(told.wechat_tags.iter().filter_map(|tag| Some((*known.links.get(tag)?, customer))));
    }
    rows.seen.push(Seen {
        customer,
        following: told.following,
        subscribed_at: told.subscribed_at,
        scene: told.scene.clone(),
        at: status_at,
    });
    rows.fans.push(NewFan {
        openid: told.openid.clone(),
        customer,
        status,
        status_at,
        subscribed_at: told.subscribed_at,
        scene: told.scene.clone(),
        qr_scene: told.qr_scene.clone(),
        remark: told.remark.clone(),
        unionid: told.unionid.clone(),
        wechat_tags: if told.following { told.wechat_tags.clone() } else { Vec::new() },
        info_at: Some(as_of),
    });
}

fn known_fan(
    rows: &mut Rows,
    tag_changes: &mut HashMap<TagId, TagChange>,
    known: &Known,
    fan: Fan,
    told: &Told,
    as_of: Millis,
) {
    let fields = decide::fields_of(told);
    if !fields.is_empty() {
        rows.profiles.push((fan.customer, news(fields)));
    }
    if let Some(unionid) = &told.unionid {
        match known.holders.get(unionid) {
            Some(holder) if *holder == fan.customer => {}
            Some(_) => rows.unionids_to_join.push((unionid.clone(), fan.customer)),
            None => rows.unionids.push((unionid.clone(), fan.customer)),
        }
    }
    let Some(updated) = decide::updated(&fan, told, as_of) else { return };
    let (came, went) = decide::tag_changes(&fan.wechat_tags, &updated.fan.wechat_tags);
    for tag in came.filter_map(|tag| known.links.get(&tag)) {
        tag_changes.entry(*tag).or_default().put.push(fan.customer);
    }
    for tag in went.filter_map(|tag| known.links.get(&tag)) {
        tag_changes.entry(*tag).or_default().removed.push(fan.customer);
    }
    if updated.news {
        let following = updated.fan.status == FanStatus::Following;
        let at = if following { updated.fan.subscribed_at.unwrap_or(as_of) } else { updated.fan.status_at };
        rows.seen.push(Seen {
            customer: fan.customer,
            following,
            subscribed_at: told.subscribed_at,
            scene: told.scene.clone(),
            at,
        });
    }
    rows.updated.push(updated.fan);
}

fn news(fields: customers::Fields) -> Vec<(Field, Option<String>)> {
    fields.into_iter().map(|(field, value)| (field, Some(value))).collect()
}
