//! Conversations as the list shows them: who it is, what was said, how long and how often one may still write.

use std::collections::HashMap;

use entities::{
    accounts,
    conversations::{self, Assigned, Conversation, Filter, Only, Place, State, Summary},
    customers::{self, ListFilter, Match},
    fans,
    reach::{self, Known},
};
use kit::{ConversationId, Cursor, CustomerId, Error, Page, PageQuery, PersonId, Work};
use wechat::message::Interaction;

use super::model::{AssignedTo, ConversationView, ConversationsQuery, Fan, OnlyQuery, StateQuery};

/// One page of the list. What is looked for comes in one page, the newest first.
pub async fn list(
    work: &mut Work,
    query: &ConversationsQuery,
    paging: &PageQuery,
    me: Option<PersonId>,
) -> Result<Page<ConversationView>, Error> {
    let limit = paging.limit()?;
    let Some(filter) = filter(work, query, me).await? else { return Ok(Page::whole(Vec::new())) };
    if let Some(customer) = query.customer {
        let group = customers::group(work, customer).await?;
        let ids = conversations::of_customers(work, &group, &filter, limit).await?;
        return Ok(Page::whole(views(work, &ids, HashMap::new()).await?));
    }
    let text = query.query.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = text {
        return Ok(Page::whole(found(work, text, &filter, limit).await?));
    }
    let mut places = conversations::list(work, &filter, paging.after::<Place>()?, limit + 1).await?;
    let more = places.len() as u64 > limit;
    places.truncate(limit as usize);
    let next_cursor = places.last().filter(|_| more).map(|(place, _)| Cursor::write(place));
    let ids: Vec<ConversationId> = places.into_iter().map(|(_, id)| id).collect();
    Ok(Page { items: views(work, &ids, HashMap::new()).await?, next_cursor })
}

/// Characters that are looked for, at most.
const LONGEST_QUERY: usize = 200;

async fn found(work: &mut Work, text: &str, filter: &Filter, limit: u64) -> Result<Vec<ConversationView>, Error> {
    if text.chars().count() > LONGEST_QUERY {
        return Err(Error::field("query", "length", "look for at most 200 characters"));
    }
    // Not everybody who fits has a conversation.
    let hits = customers::search(work, text, &ListFilter::default(), 200).await?;
    let why: HashMap<CustomerId, Match> = hits.into_iter().map(|found| (found.row.id, found.r#match)).collect();
    let customers: Vec<CustomerId> = why.keys().copied().collect();
    let ids = conversations::of_customers(work, &customers, filter, limit).await?;
    views(work, &ids, why).await
}

/// What the query means; nothing when it can fit nothing.
async fn filter(work: &mut Work, query: &ConversationsQuery, me: Option<PersonId>) -> Result<Option<Filter>, Error> {
    let accounts = accounts::list(work).await?.into_iter().map(|account| account.id);
    let accounts: Vec<_> = accounts.filter(|id| query.account.is_none_or(|wanted| wanted == *id)).collect();
    if query.account.is_some() && accounts.is_empty() {
        return Err(Error::NotFound);
    }
    let assigned = match query.assigned {
        None => None,
        Some(AssignedTo::Nobody) => Some(Assigned::ToNobody),
        // Nothing is assigned to a key.
        Some(AssignedTo::Me) => match me {
            Some(person) => Some(Assigned::To(person)),
            None => return Ok(None),
        },
    };
    let looking = query.customer.is_some() || query.query.as_deref().is_some_and(|text| !text.trim().is_empty());
    let states = match query.state {
        Some(StateQuery::Open) => vec![State::Open],
        Some(StateQuery::Snoozed) => vec![State::Snoozed],
        Some(StateQuery::Done) => vec![State::Done],
        Some(StateQuery::All) => State::ALL.to_vec(),
        None if looking => State::ALL.to_vec(),
        None => vec![State::Open],
    };
    let only = match query.only {
        None => Only::All,
        Some(OnlyQuery::Unread) => Only::Unread,
        Some(OnlyQuery::Waiting) => Only::Waiting,
        Some(OnlyQuery::Closing) => Only::Closing(work.now() + Summary::SOON_MS),
    };
    Ok(Some(Filter { accounts, assigned, states, only }))
}

/// One conversation.
pub async fn one(work: &mut Work, id: ConversationId) -> Result<ConversationView, Error> {
    views(work, &[id], HashMap::new()).await?.pop().ok_or(Error::NotFound)
}

async fn views(
    work: &mut Work,
    ids: &[ConversationId],
    mut why: HashMap<CustomerId, Match>,
) -> Result<Vec<ConversationView>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = conversations::details(work, ids).await?;
    let who: Vec<CustomerId> = found.iter().map(|one| one.customer).collect();
    let rows = customers::rows(work, &who).await?;
    let mut rows: HashMap<CustomerId, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let fans = fans::of_customers(work, &who).await?;
    let groups = customers::groups(work, &who).await?;
    let accounts = accounts::list(work).await?;
    let mut reaches = HashMap::new();
    let known: Vec<(ConversationId, Known)> = found
        .iter()
        .filter_map(|one| {
            let account = accounts.iter().find(|account| account.id == one.account)?;
            let fan = fans.iter().find(|fan| fan.account == one.account && fan.openid == one.openid)?;
            Some((one.id, Known { account, fan, group: groups.get(&one.customer)?, did: did(one) }))
        })
        .collect();
    let (known_ids, known): (Vec<_>, Vec<_>) = known.into_iter().unzip();
    for (id, reach) in known_ids.into_iter().zip(reach::of_known(work, &known).await?) {
        reaches.extend(reach.custom().map(|way| (id, way.clone())));
    }
    let views = found.into_iter().filter_map(|one| {
        // A customer may have two conversations, and why they were found is said of each.
        let row = rows.get_mut(&one.customer)?;
        let way = reaches.remove(&one.id);
        Some(ConversationView {
            id: one.id,
            account_id: one.account,
            openid: one.openid,
            customer: Fan {
                id: row.id,
                name: row.name.clone(),
                display_name: row.display_name.clone(),
                avatar_url: row.avatar_url.clone(),
                tags: row.tags.clone(),
            },
            state: one.state,
            snoozed_until: one.snoozed_until,
            attention: one.attention,
            unread: one.unread,
            assignee: one.assignee,
            last: one.last,
            waiting_since_at: one.waiting_since_at,
            window: way.as_ref().and_then(|way| way.window),
            why: way.and_then(|way| way.why),
            r#match: why.get_mut(&one.customer).map(|why| why.clone()),
            created_at: one.created_at,
        })
    });
    Ok(views.collect())
}

/// What opens the window, as the conversation knows it. Under either table a follow, a scan and a tap open the same.
fn did(one: &Conversation) -> Vec<(kit::Millis, Interaction)> {
    let acted = (one.act_at > 0).then_some((one.act_at, Interaction::MenuTap));
    one.message_at.map(|at| (at, Interaction::Message)).into_iter().chain(acted).collect()
}
