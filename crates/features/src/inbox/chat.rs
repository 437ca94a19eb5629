//! What was said with one fan, newest first: the log, what is on its way out, and what people left beside it.

use std::collections::HashMap;

use entities::{
    broadcasts::heard,
    conversations::{self, Conversation, Entry},
    customers,
    events::{self, Event, EventKind, Filter},
    fans,
    messages::{ledger, sends::SendState},
    received::{self, ReceivedFile},
};
use kit::{ConversationId, Error, Millis, Page, PageQuery, RuleId, SendId, Work};

use super::{
    model::{ChatLine, RuleName},
    store,
};

/// What a conversation shows of a fan's story.
const KINDS: [EventKind; 6] = [
    EventKind::MessageIn,
    EventKind::MessageOut,
    EventKind::Follow,
    EventKind::Unfollow,
    EventKind::Scan,
    EventKind::MenuTap,
];

/// One page.
pub async fn lines(work: &mut Work, id: ConversationId, paging: &PageQuery) -> Result<Page<ChatLine>, Error> {
    let limit = paging.limit()?;
    let after = paging.after::<(Millis, i64)>()?;
    let from = after.unwrap_or((Millis::MAX, i64::MAX));
    let conversation = conversations::find(work, id).await?;
    let group = customers::group(work, conversation.customer).await?;
    let filter = Filter { channel: None, kinds: KINDS.to_vec(), account: Some(conversation.account) };
    let mut events = events::before(work, &group, &filter, from, limit + 1).await?;
    let fans = fans::of_customers(work, &group).await?;
    events.extend(heard::before(work, &fans, &filter, from, limit + 1).await?);
    let entries = conversations::entries_before(work, id, from, limit + 1).await?;
    let page = Page::cut(merged(events, entries), limit, Line::place);
    let lines: Vec<Line> = page.items;
    let known = Known::of(work, &conversation, &lines).await?;
    let mut items = Vec::new();
    if after.is_none() {
        // What has not ended is newer than all that has.
        for send in ledger::open_of(work, conversation.account, &group).await? {
            let rule = send.rule.map(|id| known.rule(id));
            items.push(ChatLine {
                rule,
                send: Some(send.clone().into()),
                ..bare(format!("s{}", send.id), send.due_at)
            });
        }
    }
    items.extend(lines.into_iter().map(|line| known.line(line)));
    Ok(Page { items, next_cursor: page.next_cursor })
}

enum Line {
    Event(Box<Event>),
    Entry(Entry),
}

impl Line {
    fn place(&self) -> (Millis, i64) {
        match self {
            Self::Event(event) => (event.at, event.id.0),
            Self::Entry(entry) => (entry.at, entry.id),
        }
    }
}

fn merged(events: Vec<Event>, entries: Vec<Entry>) -> Vec<Line> {
    let events = events.into_iter().map(|event| Line::Event(Box::new(event)));
    let mut lines: Vec<Line> = events.chain(entries.into_iter().map(Line::Entry)).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.place()));
    lines
}

fn bare(id: String, at: Millis) -> ChatLine {
    ChatLine { id, at, event: None, file: None, rule: None, evidence: None, delivery: None, send: None, entry: None }
}

/// What is known of the events of a page beside what they say themselves.
struct Known {
    files: HashMap<String, ReceivedFile>,
    rules: HashMap<RuleId, String>,
    evidence: HashMap<SendId, String>,
    deliveries: HashMap<SendId, String>,
}

fn text<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    event.properties.get(name).and_then(|value| value.as_str())
}

fn id<T: std::str::FromStr>(event: &Event, name: &str) -> Option<T> {
    text(event, name)?.parse().ok()
}

/// Whether the ledger knows more of it than the log: why it failed, or what WeChat reported afterwards.
fn is_more_known(event: &Event) -> bool {
    matches!(text(event, "state"), Some("refused" | "unknown"))
        || matches!(text(event, "via"), Some("template" | "notice"))
}

impl Known {
    async fn of(work: &mut Work, conversation: &Conversation, lines: &[Line]) -> Result<Self, Error> {
        let events: Vec<&Event> = lines
            .iter()
            .filter_map(|line| match line {
                Line::Event(event) => Some(&**event),
                Line::Entry(_) => None,
            })
            .collect();
        let media: Vec<&str> = events
            .iter()
            .filter(|event| event.kind == EventKind::MessageIn)
            .filter_map(|event| text(event, "wechat_media_id"))
            .collect();
        let files = received::of_messages(work, conversation.account, &media).await?;
        let rules: Vec<RuleId> = events.iter().filter_map(|event| id(event, "rule_id")).collect();
        let asked: Vec<SendId> =
            events.iter().filter(|event| is_more_known(event)).filter_map(|event| id(event, "send_id")).collect();
        let (mut evidence, mut deliveries) = (HashMap::new(), HashMap::new());
        if !asked.is_empty() {
            for send in ledger::find_many(work, &asked).await? {
                let failed = matches!(send.state, SendState::Refused | SendState::Unknown);
                evidence.extend(send.evidence.filter(|_| failed).map(|words| (send.id, words)));
                deliveries.extend(send.delivery.map(|delivery| (send.id, delivery)));
            }
        }
        Ok(Self {
            files: files.into_iter().map(|file| (file.wechat_media_id.clone(), file)).collect(),
            rules: store::rule_names(work, &rules).await?.into_iter().collect(),
            evidence,
            deliveries,
        })
    }

    fn rule(&self, id: RuleId) -> RuleName {
        RuleName { id, name: self.rules.get(&id).cloned() }
    }

    fn line(&self, line: Line) -> ChatLine {
        match line {
            Line::Entry(entry) => ChatLine { entry: Some(entry.clone()), ..bare(format!("n{}", entry.id), entry.at) },
            Line::Event(event) => ChatLine {
                file: text(&event, "wechat_media_id").and_then(|media| self.files.get(media).cloned()),
                rule: id(&event, "rule_id").map(|id| self.rule(id)),
                evidence: id(&event, "send_id").and_then(|id: SendId| self.evidence.get(&id).cloned()),
                delivery: id(&event, "send_id").and_then(|id: SendId| self.deliveries.get(&id).cloned()),
                ..bare(format!("e{}", event.id), event.at)
            }
            .with(*event),
        }
    }
}

impl ChatLine {
    fn with(self, event: Event) -> Self {
        Self { event: Some(event), ..self }
    }
}
