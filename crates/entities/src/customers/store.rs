//! The customers table. Every statement stays inside the caller's tenant.

use std::collections::HashMap;

use kit::{Bulk, CustomerId, Error, Millis, Sql, Work, sql};
use store::{
    FromRow,
    search::{self, Document, Index},
};

use super::{
    Change, Customer, Field, Fields, Gender, IdentityKind, Known, NewCustomer, Origin, Provenance, Source, decide,
    identities,
};
use crate::{
    events::{self, Channel, EventKind, NewEvent},
    terms,
};

#[derive(FromRow)]
struct Row {
    id: i64,
    name: Option<String>,
    gender: String,
    city: Option<String>,
    province: Option<String>,
    country: Option<String>,
    language: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    birthday: Option<String>,
    note: Option<String>,
    avatar_url: Option<String>,
    provenance: String,
    merged_into: Option<i64>,
    last_seen_at: i64,
    created_at: i64,
}

const COLUMNS: &[&str] = &[
    "tenant_id",
    "id",
    "name",
    "gender",
    "city",
    "province",
    "country",
    "language",
    "phone",
    "email",
    "birthday",
    "note",
    "avatar_url",
    "provenance",
    "last_seen_at",
    "created_at",
    "updated_at",
];

fn select() -> Sql {
    sql(
        "select id, name, gender, city, province, country, language, phone, email, birthday, note, avatar_url, provenance, merged_into, last_seen_at, created_at from customers",
    )
}

/// The customer of this id, or the one they turned out to be.
pub async fn find(work: &mut Work, id: CustomerId) -> Result<Customer, Error> {
    let found = by_id(work, id).await?.ok_or(Error::NotFound)?;
    match found.merged_into {
        None => Ok(found),
        Some(kept) => by_id(work, kept)
            .await?
            .ok_or_else(|| Error::broken("customers", id.0, "merged into a customer who is not there")),
    }
}

/// The row of this very id.
pub(super) async fn by_id(work: &mut Work, id: CustomerId) -> Result<Option<Customer>, Error> {
    let query = select().push(" where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.one::<Row>(query).await?.map(Customer::try_from).transpose()
}

/// What is known under this very id, whoever it leads to.
pub async fn own(work: &mut Work, id: CustomerId) -> Result<Customer, Error> {
    by_id(work, id).await?.ok_or(Error::NotFound)
}

/// The id that stands for this person now. It is never merged itself: links are kept one step long.
pub async fn canonical(work: &mut Work, id: CustomerId) -> Result<CustomerId, Error> {
    let query = sql("select coalesce(merged_into, id) from customers where tenant_id = ? and id = ?")
        .bind(work.tenant())
        .bind(id);
    work.scalar::<i64>(query).await?.map(CustomerId).ok_or(Error::NotFound)
}

/// Every id under which things of this person were recorded, the canonical one first.
pub async fn group(work: &mut Work, id: CustomerId) -> Result<Vec<CustomerId>, Error> {
    let canonical = canonical(work, id).await?;
    let query =
        sql("select id from customers where tenant_id = ? and merged_into = ?").bind(work.tenant()).bind(canonical);
    let merged = work.scalars::<i64>(query).await?.into_iter().map(CustomerId);
    Ok([canonical].into_iter().chain(merged).collect())
}

/// Every id of each of these, who are all canonical, the canonical one first.
pub async fn groups(work: &mut Work, ids: &[CustomerId]) -> Result<HashMap<CustomerId, Vec<CustomerId>>, Error> {
    #[derive(FromRow)]
    struct Link {
        id: i64,
        merged_into: i64,
    }
    let mut groups: HashMap<CustomerId, Vec<CustomerId>> = ids.iter().map(|id| (*id, vec![*id])).collect();
    let query = sql("select id, merged_into from customers where tenant_id = ? and merged_into in ")
        .bind(work.tenant())
        .list(ids.iter().copied());
    for link in work.all::<Link>(query).await? {
        groups.entry(CustomerId(link.merged_into)).or_default().push(CustomerId(link.id));
    }
    Ok(groups)
}

/// Adds customers whose values WeChat gave.
pub async fn create_many(work: &mut Work, customers: Vec<NewCustomer>) -> Result<(), Error> {
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("customers", COLUMNS);
    bulk.reserve(customers.len());
    for customer in &customers {
        let value = |field: Field| customer.fields.get(&field).cloned();
        bulk.row([
            tenant.into(),
            customer.id.into(),
            value(Field::Name).into(),
            customer.fields.get(&Field::Gender).map_or(Gender::Unknown.as_str(), String::as_str).into(),
            value(Field::City).into(),
            value(Field::Province).into(),
            value(Field::Country).into(),
            value(Field::Language).into(),
            value(Field::Phone).into(),
            value(Field::Email).into(),
            value(Field::Birthday).into(),
            value(Field::Note).into(),
            value(Field::AvatarUrl).into(),
            provenance_of_wechat(&customer.fields, now).into(),
            customer.last_seen_at.into(),
            now.into(),
            now.into(),
        ]);
    }
    work.bulk(bulk).await?;
    let named: Vec<(CustomerId, &Fields)> = customers
        .iter()
        .filter(|customer| customer.fields.contains_key(&Field::Name))
        .map(|customer| (customer.id, &customer.fields))
        .collect();
    describe(work, &named).await
}

/// Nearly always nothing, and this is the import's hot path.
fn provenance_of_wechat(fields: &Fields, at: Millis) -> String {
    if fields.is_empty() {
        return "{}".to_owned();
    }
    let provenance: Provenance =
        fields.keys().map(|field| (*field, Origin { source: Source::Wechat, by: None, at })).collect();
    serde_json::to_string(&provenance).unwrap_or_else(|_| "{}".to_owned())
}

/// Takes in what a source tells of a customer; what changed. See [`decide::told`] for who may overwrite whom.
pub async fn set_fields(
    work: &mut Work,
    id: CustomerId,
    news: &[(Field, Option<String>)],
    source: Source,
    by: Option<&str>,
) -> Result<Vec<Change>, Error> {
    let customer = find(work, id).await?;
    let mut known = Known { fields: customer.fields, provenance: customer.provenance };
    let changes = decide::told(&mut known, news, source, by, work.now());
    if changes.is_empty() {
        return Ok(changes);
    }
    write(work, customer.id, &known).await?;
    for change in &changes {
        let kind = match change.field {
            Field::Phone => IdentityKind::Phone,
            Field::Email => IdentityKind::Email,
            _ => continue,
        };
        identities::replace(work, customer.id, kind, change.to.as_deref(), source).await?;
    }
    describe(work, &[(customer.id, &known.fields)]).await?;
    let events = changes.iter().map(|change| event(customer.id, change, source, by, work.now())).collect();
    events::record(work, events).await?;
    Ok(changes)
}

fn event(customer: CustomerId, change: &Change, source: Source, by: Option<&str>, at: Millis) -> NewEvent {
    let channel = match source {
        Source::Wechat => Channel::Wechat,
        Source::Person => Channel::Console,
        Source::Api => Channel::Api,
        Source::Import => Channel::System,
    };
    let properties = serde_json::json!({ "field": change.field, "from": change.from, "to": change.to, "by": by });
    NewEvent { customer, account: None, at, kind: EventKind::ProfileChange, channel, properties }
}

/// Writes every field anew.
pub(super) async fn write(work: &mut Work, id: CustomerId, known: &Known) -> Result<(), Error> {
    let value = |field: Field| known.fields.get(&field).cloned();
    let provenance = serde_json::to_string(&known.provenance).map_err(Error::internal)?;
    let query = sql("update customers set name = ?, gender = ?, city = ?, province = ?, country = ?, language = ?, phone = ?, email = ?, birthday = ?,
         note = ?, avatar_url = ?, provenance = ?, updated_at = ? where tenant_id = ? and id = ?")
        .bind(value(Field::Name))
        .bind(known.fields.get(&Field::Gender).map_or(Gender::Unknown.as_str(), String::as_str))
        .bind(value(Field::City))
        .bind(value(Field::Province))
        .bind(value(Field::Country))
        .bind(value(Field::Language))
        .bind(value(Field::Phone))
        .bind(value(Field::Email))
        .bind(value(Field::Birthday))
        .bind(value(Field::Note))
        .bind(value(Field::AvatarUrl))
        .bind(provenance)
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// Puts what these customers can be searched by into the index, in place of what was there.
pub async fn describe(work: &mut Work, customers: &[(CustomerId, &Fields)]) -> Result<(), Error> {
    if customers.is_empty() {
        return Ok(());
    }
    let tenant = work.tenant().0;
    let documents: Vec<Document> = customers
        .iter()
        .map(|(id, fields)| {
            let told = [Field::Name, Field::Phone, Field::Email].into_iter().filter_map(|field| fields.get(&field));
            let text = told.map(String::as_str).collect::<Vec<_>>().join("\n");
            Document::new(tenant, id.0, &terms::of(&text))
        })
        .collect();
    Ok(search::put(work.tx().await?, Index::Profiles, documents).await?)
}

impl TryFrom<Row> for Customer {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("customers", row.id, why);
        let gender = Gender::parse(&row.gender).ok_or_else(|| broken("unknown gender"))?;
        let provenance = serde_json::from_str(&row.provenance).map_err(|_| broken("provenance cannot be read"))?;
        let values = [
            (Field::Name, row.name),
            (Field::Gender, (gender != Gender::Unknown).then_some(row.gender)),
            (Field::City, row.city),
            (Field::Province, row.province),
            (Field::Country, row.country),
            (Field::Language, row.language),
            (Field::Phone, row.phone),
            (Field::Email, row.email),
            (Field::Birthday, row.birthday),
            (Field::Note, row.note),
            (Field::AvatarUrl, row.avatar_url),
        ];
        Ok(Self {
            id: CustomerId(row.id),
            fields: values.into_iter().filter_map(|(field, value)| Some((field, value?))).collect(),
            provenance,
            merged_into: row.merged_into.map(CustomerId),
            last_seen_at: (row.last_seen_at > 0).then_some(row.last_seen_at),
            created_at: row.created_at,
        })
    }
}
