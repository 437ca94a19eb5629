use serde_json::json;

use super::{Api, api::text};
use crate::{
    Result,
    import::settle,
    load::{Receiver, Vocabulary},
    sandbox::{Official, Sandbox},
};

/// An account that is bound and answers keywords.
pub struct Bound {
    /// The hub's id of it.
    pub id: String,
    pub official: Official,
    pub receiver: Receiver,
}

/// Binds an account of the sandbox directly, in safe mode, and has its pushes come to the hub.
pub async fn prepare(api: &Api, sandbox: &Sandbox, fans: u64) -> Result<Bound> {
    let official = sandbox.account("压测号", fans).await?;
    let account = json!({
        "mode": "direct",
        "app_id": official.appid,
        "app_secret": official.appsecret,
        "token": official.token,
        "encoding_aes_key": official.encoding_aes_key,
        "encryption": "safe",
        "kind": "service",
        "nick_name": "压测号",
        "verify_type": 0,
    });
    let account = api.post("/accounts", account).await?;
    let (id, url) = (text(&account, "id")?.to_owned(), text(&account, "callback_url")?.to_owned());
    sandbox.push_to(&official.appid, &url).await?;
    let receiver =
        Receiver::new(&url, &official.appid, &official.original_id, &official.token, &official.encoding_aes_key)?;
    if fans == 0 {
        // The import of nobody would take fans written later, of whom the sandbox knows nothing, for gone.
        settle(api, &id).await?;
    }
    Ok(Bound { id, official, receiver })
}

impl Bound {
    /// One rule a word of the vocabulary.
    pub async fn add_rules(&self, api: &Api) -> Result {
        for (word, answer) in Vocabulary.rules() {
            self.add_rule(api, word, &[answer]).await?;
        }
        Ok(())
    }

    /// The first answer goes out in the answer to the push, the others as customer-service messages.
    pub async fn add_rule(&self, api: &Api, word: &str, answers: &[&str]) -> Result {
        let answers: Vec<_> = answers.iter().map(|answer| json!({ "type": "text", "text": answer })).collect();
        let rule =
            json!({ "trigger": { "kind": "keyword", "match": "contains", "words": [word] }, "answers": answers });
        api.post(&format!("/accounts/{}/replies", self.id), rule).await?;
        Ok(())
    }

    /// The hub's id as a number, as it stands in the database.
    pub fn number(&self) -> Result<i64> {
        Ok(self.id.parse()?)
    }
}
