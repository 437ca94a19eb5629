//! One story out of the log and of the broadcasts, which leave no line of their own with anybody.

use entities::{
    broadcasts::heard,
    events::{self, Event, Filter},
    fans,
};
use kit::{CustomerId, Error, Millis, Page, PageQuery, Work};

/// Newest first. `customers` are the ids that are one person (a customer and those merged into it).
pub async fn page(
    work: &mut Work,
    customers: &[CustomerId],
    filter: &Filter,
    page: &PageQuery,
) -> Result<Page<Event>, Error> {
    let limit = page.limit()?;
    let from = page.after::<(Millis, i64)>()?.unwrap_or((Millis::MAX, i64::MAX));
    let mut events = events::before(work, customers, filter, from, limit + 1).await?;
    let fans = fans::of_customers(work, customers).await?;
    events.extend(heard::before(work, &fans, filter, from, limit + 1).await?);
    events.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
    Ok(Page::cut(events, limit, |event| (event.at, event.id.0)))
}
