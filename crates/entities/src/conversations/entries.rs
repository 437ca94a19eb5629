//! What people leave beside a conversation: notes, who it was handed to, how it stands. The store of these rows.

use kit::{ConversationId, Error, Millis, Work, sql};
use serde::{Deserialize, Serialize};
use store::FromRow;
use utoipa::ToSchema;

use super::State;

/// Something beside a conversation; the fan never sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = NewConversationEntry)]
pub enum NewEntry {
    Note {
        text: String,
    },
    /// Handed to somebody, or to nobody.
    Assigned {
        /// The name of the person, as it was then.
        to: Option<String>,
        /// A word on the way.
        text: Option<String>,
    },
    State {
        state: State,
        until: Option<Millis>,
    },
}

impl NewEntry {
    fn kind(&self) -> &'static str {
        match self {
            Self::Note { .. } => "note",
            Self::Assigned { .. } => "assigned",
            Self::State { .. } => "state",
        }
    }
}

/// One that has been left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConversationEntry)]
pub struct Entry {
    #[serde(skip)]
    pub id: i64,
    pub at: Millis,
    /// The person or key.
    pub by: String,
    #[serde(flatten)]
    pub what: NewEntry,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    at: i64,
    said_by: String,
    body: String,
}

/// Leaves it, now.
pub async fn add(work: &mut Work, conversation: ConversationId, by: &str, what: NewEntry) -> Result<Entry, Error> {
    let entry = Entry { id: work.new_id(), at: work.now(), by: by.to_owned(), what };
    let body = serde_json::to_string(&entry.what).map_err(Error::internal)?;
    let query = sql("insert into conversation_entries (tenant_id, conversation_id, at, id, kind, said_by, body) values (?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(conversation)
        .bind(entry.at)
        .bind(entry.id)
        .bind(entry.what.kind())
        .bind(by)
        .bind(body);
    work.execute(query).await?;
    Ok(entry)
}

/// Those before this place, newest first.
pub async fn before(
    work: &mut Work,
    conversation: ConversationId,
    from: (Millis, i64),
    limit: u64,
) -> Result<Vec<Entry>, Error> {
    let query = sql("select id, at, said_by, body from conversation_entries where tenant_id = ? and conversation_id = ? and (at, id) < (?, ?)
         order by at desc, id desc limit ?")
        .bind(work.tenant())
        .bind(conversation)
        .bind(from.0)
        .bind(from.1)
        .bind(limit as i64);
    let rows: Vec<Row> = work.all(query).await?;
    let entry = |row: Row| {
        let what =
            serde_json::from_str(&row.body).map_err(|error| Error::broken("conversation_entries", row.id, error))?;
        Ok(Entry { id: row.id, at: row.at, by: row.said_by, what })
    };
    rows.into_iter().map(entry).collect()
}
