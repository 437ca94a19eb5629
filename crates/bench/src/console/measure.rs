use std::time::Instant;

use super::{seed::Loaded, words};
use crate::{
    Result,
    hub::{Api, Bound, Hub},
    lot::mix,
    table::Times,
};

/// A kind of request; the number draws which one of its kind.
pub struct Page<'a> {
    pub name: &'static str,
    path: Box<dyn Fn(u64) -> String + Send + Sync + 'a>,
}

impl<'a> Page<'a> {
    pub fn new(name: &'static str, path: Box<dyn Fn(u64) -> String + Send + Sync + 'a>) -> Self {
        Self { name, path }
    }
}

pub struct Took {
    pub times: Times,
    /// Items in all the answers.
    pub rows: u64,
    pub cpu_us: u64,
}

/// What the console asks for.
pub fn pages<'a>(bound: &'a Bound, loaded: &'a Loaded) -> Vec<Page<'a>> {
    const DAY_MS: i64 = 86_400_000;
    let account = bound.id.as_str();
    let person = move |lot: u64| loaded.anybody(lot ^ 0x77);
    let page = |name, path: Box<dyn Fn(u64) -> String + Send + Sync + 'a>| Page { name, path };
    let query = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    vec![
        page("customers, newest first", Box::new(|_| "/customers?limit=50".to_owned())),
        page("customers, by creation", Box::new(|_| "/customers?sort=created&limit=50".to_owned())),
        page(
            "customers, account and following",
            Box::new(move |_| format!("/customers?account={account}&status=following&limit=50")),
        ),
        page(
            "customers, account and left",
            Box::new(move |_| format!("/customers?account={account}&status=left&limit=50")),
        ),
        page("customers, tag of 20 %", Box::new(move |_| format!("/customers?tag={}&limit=50", loaded.tags[0]))),
        page("customers, tag of 0.1 %", Box::new(move |_| format!("/customers?tag={}&limit=50", loaded.tags[4]))),
        page(
            "customers, seen within a day",
            Box::new(move |lot| {
                let after = loaded.since + (mix(lot) % 80).cast_signed() * DAY_MS;
                format!("/customers?seen_after={after}&seen_before={}&limit=50", after + DAY_MS)
            }),
        ),
        page(
            "search, whole name",
            Box::new(move |lot| format!("/customers?query={}&limit=50", query(&words::name(person(lot))))),
        ),
        page(
            "search, part of a name",
            Box::new(move |lot| {
                format!(
                    "/customers?query={}&limit=50",
                    query(&words::name(person(lot)).chars().take(2).collect::<String>())
                )
            }),
        ),
        page(
            "search, openid",
            Box::new(move |lot| {
                format!("/customers?query={}&limit=50", loaded.openids[usize::try_from(person(lot)).unwrap_or(0)])
            }),
        ),
        page(
            "search, words said",
            Box::new(move |lot| format!("/customers?query={}&limit=50", query(&words::looked_for(lot)))),
        ),
        page("customer", Box::new(move |lot| format!("/customers/{}", loaded.customer(person(lot))))),
        page("timeline", Box::new(move |lot| format!("/customers/{}/timeline?limit=50", loaded.customer(person(lot))))),
        page(
            "timeline, messages only",
            Box::new(move |lot| {
                format!("/customers/{}/timeline?kind=message_in&limit=50", loaded.customer(person(lot)))
            }),
        ),
        page("home", Box::new(|_| "/home".to_owned())),
    ]
}

/// Asks so often, one after the other.
pub async fn time(api: &Api, hub: &Hub, page: &Page<'_>, requests: u64) -> Result<Took> {
    // The first one of a kind prepares its statements.
    api.get(&(page.path)(u64::MAX)).await?;
    let before = hub.cost().cpu_us;
    let (mut times, mut rows) = (Vec::new(), 0);
    for lot in 0..requests {
        let path = (page.path)(lot);
        let begun = Instant::now();
        let answer = api.get(&path).await?;
        times.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        rows += answer["items"].as_array().map_or(1, Vec::len) as u64;
    }
    Ok(Took { times: Times::of(times), rows, cpu_us: hub.cost().cpu_us - before })
}
