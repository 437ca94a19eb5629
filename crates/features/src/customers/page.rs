//! One customer's page, gathered from the entities.

use std::collections::{BTreeMap, HashMap, hash_map::Entry};

use entities::{
    customers::{self, Customer, Source},
    events::{self, Period},
    fans::{self, Fan, FanStatus},
    qrcodes::{self, FanSource},
    tags,
};
use kit::{AccountId, CustomerId, Error, Work};

use super::{
    merges,
    model::{CustomerPage, FanView, FieldView, IdentityView, PageRow},
};

/// The page of the customer of this id, or of the one they turned out to be.
pub async fn page(work: &mut Work, id: CustomerId) -> Result<CustomerPage, Error> {
    let customer = customers::find(work, id).await?;
    let group = customers::group(work, customer.id).await?;
    let row = customers::rows(work, &[customer.id]).await?.pop().ok_or(Error::NotFound)?;
    let fans = fans::of_customers(work, &[customer.id]).await?;
    let periods = events::periods(work, &group).await?;
    let names = wechat_tag_names(work, &fans).await?;
    let mut sources = sources(work, &fans).await?;
    let identities = identities(work, &customer, &fans).await?;
    let merges = merges::of(work, &group).await?;
    Ok(CustomerPage {
        fields: fields(&customer),
        identities,
        fans: fans.into_iter().map(|fan| fan_view(fan, &periods, &names, &mut sources)).collect(),
        note: customer.get(customers::Field::Note).map(str::to_owned),
        merges,
        row: PageRow {
            id: row.id,
            name: row.name,
            display_name: row.display_name,
            avatar_url: row.avatar_url,
            gender: row.gender,
            city: row.city,
            phone: row.phone,
            email: row.email,
            tags: row.tags,
            last_seen_at: row.last_seen_at,
            created_at: row.created_at,
        },
    })
}

fn fields(customer: &Customer) -> BTreeMap<customers::Field, FieldView> {
    customer
        .provenance
        .iter()
        .map(|(field, origin)| {
            let view = FieldView {
                value: customer.get(*field).map(str::to_owned),
                source: origin.source,
                by: origin.by.clone(),
                at: origin.at,
            };
            (*field, view)
        })
        .collect()
}

async fn identities(work: &mut Work, customer: &Customer, fans: &[Fan]) -> Result<Vec<IdentityView>, Error> {
    let openids = fans.iter().map(|fan| IdentityView {
        kind: "openid",
        value: fan.openid.clone(),
        account_id: Some(fan.account),
        source: Source::Wechat,
        at: fan.subscribed_at.or(fan.info_at).unwrap_or(customer.created_at),
    });
    let mut views: Vec<IdentityView> = openids.collect();
    for identity in customers::identities_of(work, customer.id).await? {
        views.push(IdentityView {
            kind: identity.kind.as_str(),
            value: identity.value,
            account_id: None,
            source: identity.source,
            at: identity.at,
        });
    }
    Ok(views)
}

type Names = HashMap<AccountId, HashMap<i64, String>>;

async fn wechat_tag_names(work: &mut Work, fans: &[Fan]) -> Result<Names, Error> {
    let mut names = Names::new();
    for fan in fans.iter().filter(|fan| !fan.wechat_tags.is_empty()) {
        if let Entry::Vacant(missing) = names.entry(fan.account) {
            let known = tags::wechat_tags(work, fan.account).await?;
            missing.insert(known.into_iter().map(|tag| (tag.wechat_id, tag.name)).collect());
        }
    }
    Ok(names)
}

/// The codes by which fans came, by account and openid.
type Sources = HashMap<(AccountId, String), FanSource>;

async fn sources(work: &mut Work, fans: &[Fan]) -> Result<Sources, Error> {
    let mut out = Sources::new();
    for fan in fans {
        let Some(scene) = fan.qr_scene.as_deref().filter(|scene| !scene.is_empty()) else { continue };
        let found = qrcodes::sources(work, fan.account, &[scene]).await?;
        out.extend(found.into_values().map(|source| ((fan.account, fan.openid.clone()), source)));
    }
    Ok(out)
}

fn fan_view(fan: Fan, periods: &HashMap<AccountId, Vec<Period>>, names: &Names, sources: &mut Sources) -> FanView {
    let named = |tag: &i64| names.get(&fan.account)?.get(tag).cloned();
    FanView {
        account_id: fan.account,
        status: fan.status,
        status_until: (fan.status == FanStatus::Frozen).then_some(fan.status_at),
        subscribed_at: fan.subscribed_at,
        wechat_tags: fan.wechat_tags.iter().filter_map(named).collect(),
        periods: periods.get(&fan.account).cloned().unwrap_or_default(),
        source: sources.remove(&(fan.account, fan.openid.clone())),
        openid: fan.openid,
        scene: fan.scene,
        remark: fan.remark,
        unionid: fan.unionid,
    }
}
