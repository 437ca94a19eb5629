//! Every call to the WeChat side: how often it was made and how often it had effect.
//!
//! The last rows are kept as they are; totals are kept by *logical key*, which
//! names what the call was to achieve rather than the attempt, so that a test
//! can ask: how many times was this message sent to this fan? Keys:
//! `<appid>:<openid>:<digest>` for customer-service messages, where the digest
//! is the first 16 hex digits of the SHA-1 of the text (of the JSON of the
//! content, for other kinds); `<appid>:mass:<clientmsgid>` for broadcasts, with
//! the digest WeChat makes of audience and content where there is none;
//! `<appid>:<openid>:<client_msg_id>` for template messages, with a digest of
//! template and data where there is none, as for notices; `<appid>` for the calls that hand out tokens;
//! `<path> <appid>` for the rest. Totals by path alone are kept beside them.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) const ROWS: usize = 20_000;
/// Beyond so many keys, new ones are counted under their path only.
const KEYS: usize = 1_000_000;

/// One call.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Call {
    pub id: u64,
    pub at_ms: i64,
    pub method: String,
    pub path: String,
    /// Whose account or component it was for, once that was known.
    pub appid: Option<String>,
    /// How often the key has been called, this one included.
    pub calls: u64,
    /// Whether it took effect.
    pub executed: bool,
    /// 0 for success. What the caller was told, had the answer reached them.
    pub errcode: i64,
    pub errmsg: Option<String>,
    /// The logical key.
    pub key: String,
    /// The fault that was played on it.
    pub fault: Option<String>,
    pub elapsed_ms: i64,
}

/// How often something was called and how often it took effect.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Total {
    pub calls: u64,
    pub executions: u64,
    /// Calls whose answer a fault was played on; being late is none.
    pub faults: u64,
}

#[derive(Default)]
pub(crate) struct Journal {
    pub rows: VecDeque<Call>,
    pub totals: HashMap<String, Total>,
    pub last_id: u64,
    /// Rows not yet written out, when they are.
    pub unwritten: Option<Vec<Call>>,
}

impl Journal {
    /// Files a call; gives it its number and count.
    pub fn add(&mut self, mut call: Call) -> Call {
        self.last_id += 1;
        call.id = self.last_id;
        let is_faulty = call.fault.as_deref().is_some_and(|fault| fault.split(' ').any(|name| name != "latency"));
        let path = self.count(&call.path, call.executed, is_faulty);
        call.calls = match call.key.as_str() {
            "" => path,
            key if self.totals.len() >= KEYS && !self.totals.contains_key(key) => path,
            key => self.count(key, call.executed, is_faulty),
        };
        if self.rows.len() == ROWS {
            self.rows.pop_front();
        }
        self.rows.push_back(call.clone());
        if let Some(unwritten) = &mut self.unwritten {
            unwritten.push(call.clone());
        }
        call
    }

    fn count(&mut self, key: &str, executed: bool, is_faulty: bool) -> u64 {
        if !self.totals.contains_key(key) {
            self.totals.insert(key.to_owned(), Total::default());
        }
        let Some(total) = self.totals.get_mut(key) else { return 0 };
        total.calls += 1;
        total.executions += u64::from(executed);
        total.faults += u64::from(is_faulty);
        total.calls
    }

    pub fn clear(&mut self) {
        self.rows.clear();
        self.totals.clear();
    }
}
