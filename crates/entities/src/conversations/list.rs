//! The order of the inbox: what somebody has to look at, then what waits, then the rest; in each, the window that ends
//! soonest first, and what is over last. It is read in stretches of one index, each of which is in order already.

use kit::{AccountId, ConversationId, CustomerId, Error, Millis, PersonId, Work, sql};
use serde::{Deserialize, Serialize};
use store::FromRow;

use super::{Attention, State};

/// Whose conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assigned {
    To(PersonId),
    ToNobody,
}

/// Which of the open ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Only {
    #[default]
    All,
    Unread,
    /// The fan waits for an answer, or somebody has to look.
    Waiting,
    /// And the window ends before this instant.
    Closing(Millis),
}

/// Which conversations are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of these accounts.
    pub accounts: Vec<AccountId>,
    pub assigned: Option<Assigned>,
    /// In these states, one after the other.
    pub states: Vec<State>,
    pub only: Only,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The instant by which windows were open or over when the first page was read.
    now: Millis,
    stretch: usize,
    until: Millis,
    id: i64,
}

/// Rows of one state and attention on one side of an instant, in the order of the index or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    state: State,
    attention: Attention,
    from: Millis,
    to: Millis,
    down: bool,
}

fn stretches(filter: &Filter, now: Millis) -> Vec<Stretch> {
    let mut out = Vec::new();
    for state in &filter.states {
        let state = *state;
        if state != State::Open {
            // Nothing else has to be looked at: the newest first.
            if filter.only == Only::All {
                let (attention, from, to) = (Attention::Nothing, i64::MIN, i64::MAX);
                out.push(Stretch { state, attention, from, to, down: true });
            }
            continue;
        }
        for attention in Attention::ALL {
            let wanted = match filter.only {
                Only::All => true,
                Only::Unread => attention == Attention::Unread,
                Only::Waiting | Only::Closing(_) => attention != Attention::Nothing,
            };
            if !wanted {
                continue;
            }
            let to = if let Only::Closing(soon) = filter.only { soon } else { i64::MAX };
            out.push(Stretch { state, attention, from: now, to, down: false });
            if !matches!(filter.only, Only::Closing(_)) {
                out.push(Stretch { state, attention, from: i64::MIN, to: now, down: true });
            }
        }
    }
    out
}

#[derive(FromRow)]
struct Row {
    id: i64,
    window_until: i64,
}

/// The next conversations after a place, and the place of each.
pub async fn list(
    work: &mut Work,
    filter: &Filter,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<(Place, ConversationId)>, Error> {
    let now = after.map_or(work.now(), |place| place.now);
    let mut found: Vec<(Place, ConversationId)> = Vec::new();
    for (n, stretch) in stretches(filter, now).into_iter().enumerate() {
        let begun = after.filter(|place| place.stretch == n);
        let passed = after.is_some_and(|place| place.stretch > n);
        let room = limit.saturating_sub(found.len() as u64);
        if passed || room == 0 {
            continue;
        }
        for row in rows(work, filter, &stretch, begun, room).await? {
            let place = Place { now, stretch: n, until: row.window_until, id: row.id };
            found.push((place, ConversationId(row.id)));
        }
    }
    Ok(found)
}

async fn rows(
    work: &mut Work,
    filter: &Filter,
    stretch: &Stretch,
    begun: Option<Place>,
    limit: u64,
) -> Result<Vec<Row>, Error> {
    let mut query =
        sql("select id, window_until from conversations where tenant_id = ? and state = ? and attention = ?
         and window_until > ? and window_until <= ?")
        .bind(work.tenant())
        .bind(stretch.state.as_str())
        .bind(stretch.attention.number())
        .bind(stretch.from)
        .bind(stretch.to)
        .push(" and account_id in ")
        .list(filter.accounts.iter().copied());
    query = match filter.assigned {
        None => query,
        Some(Assigned::To(person)) => query.push(" and assignee_id = ?").bind(person),
        Some(Assigned::ToNobody) => query.push(" and assignee_id is null"),
    };
    if let Some(place) = begun {
        let beyond = if stretch.down { " and (window_until, id) < (?, ?)" } else { " and (window_until, id) > (?, ?)" };
        query = query.push(beyond).bind(place.until).bind(place.id);
    }
    let order = if stretch.down {
        " order by window_until desc, id desc limit ?"
    } else {
        " order by window_until, id limit ?"
    };
    work.all(query.push(order).bind(limit as i64)).await
}

/// The conversations of these customers, the newest first.
pub async fn of_customers(
    work: &mut Work,
    customers: &[CustomerId],
    filter: &Filter,
    limit: u64,
) -> Result<Vec<ConversationId>, Error> {
    let mut query = sql("select c.id from fans f join conversations c on c.tenant_id = f.tenant_id and c.account_id = f.account_id and c.openid = f.openid
         where f.tenant_id = ? and f.customer_id in ")
        .bind(work.tenant())
        .list(customers.iter().copied())
        .push(" and c.account_id in ")
        .list(filter.accounts.iter().copied())
        .push(" and c.state in ")
        .list(filter.states.iter().map(|state| state.as_str()));
    query = match filter.assigned {
        None => query,
        Some(Assigned::To(person)) => query.push(" and c.assignee_id = ?").bind(person),
        Some(Assigned::ToNobody) => query.push(" and c.assignee_id is null"),
    };
    query = match filter.only {
        Only::All => query,
        Only::Unread => query.push(" and c.attention = 2"),
        Only::Waiting => query.push(" and c.attention > 0"),
        Only::Closing(soon) => {
            let now = work.now();
            query.push(" and c.attention > 0 and c.window_until > ? and c.window_until <= ?").bind(now).bind(soon)
        }
    };
    let query = query.push(" order by c.last_at desc, c.id limit ?").bind(limit as i64);
    Ok(work.scalars::<i64>(query).await?.into_iter().map(ConversationId).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_what_needs_a_person_comes_first_and_then_the_window_that_ends_soonest() {
        let all = Filter { states: vec![State::Open, State::Done], ..Filter::default() };
        let order: Vec<_> =
            stretches(&all, 100).iter().map(|one| (one.state, one.attention.number(), one.from, one.down)).collect();
        let open = |attention, from, down| (State::Open, attention, from, down);
        assert_eq!(
            order,
            [
                open(2, 100, false),
                open(2, i64::MIN, true),
                open(1, 100, false),
                open(1, i64::MIN, true),
                open(0, 100, false),
                open(0, i64::MIN, true),
                (State::Done, 0, i64::MIN, true),
            ]
        );
        let closing = Filter { only: Only::Closing(170), ..all };
        let order: Vec<_> =
            stretches(&closing, 100).iter().map(|one| (one.attention.number(), one.from, one.to)).collect();
        assert_eq!(order, [(2, 100, 170), (1, 100, 170)]);
    }
}
