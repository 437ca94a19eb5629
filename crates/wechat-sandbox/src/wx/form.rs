//! What template messages and notices have in common: their keys, their values, where they lead.

use serde_json::Value;
use sha1::{Digest, Sha1};

use super::answer::text;
use super::refusal::Refusal;
use super::typed;
use crate::world::ChatItem;
use crate::world::chat::{FormLine, From};
use crate::world::forms::{Form, FormKey};

/// What is shown of a value in a historical template.
const SHOWN: usize = 20;

/// By what a message is known: its client_msg_id, or template and content.
pub(super) fn key(body: &Value) -> String {
    match &*text(body, "client_msg_id") {
        "" => {
            let content = format!("{} {} {}", text(body, "template_id"), body["data"], text(body, "scene"));
            Sha1::digest(content.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
        }
        client_msg_id => client_msg_id.to_owned(),
    }
}

fn value_of(data: &Value, key: &str) -> Option<String> {
    match &data[key] {
        Value::Null => None,
        Value::Object(_) => Some(text(&data[key], "value").into_owned()),
        // Some send the bare value.
        _ => Some(text(data, key).into_owned()),
    }
}

fn invalid(key: &str) -> Refusal {
    Refusal::new(47003, format!("argument invalid! data.{key}.value invalid"))
}

/// The lines of a form, filled in: every key with a type must be there and fit it.
pub(super) fn lines(form: &Form, data: &Value) -> Result<Vec<FormLine>, Refusal> {
    if !data.is_object() {
        return Err(Refusal::new(47003, "argument invalid! data is missing"));
    }
    // What is not of the template is not looked at; `first` and `remark` are dropped.
    let mut lines = Vec::new();
    for FormKey { key, name, .. } in form.keys.iter().filter(|key| !matches!(&*key.key, "first" | "remark")) {
        let value = match value_of(data, key) {
            None if form.historical => String::new(),
            value => value.ok_or_else(|| invalid(key))?,
        };
        if !typed::fits(key, &value) {
            return Err(invalid(key));
        }
        let value = if form.historical { value.chars().take(SHOWN).collect() } else { value };
        lines.push(FormLine { name: name.clone(), value });
    }
    Ok(lines)
}

/// Where a tap leads: to a mini program if there is one, or to an address.
pub(super) fn lead(item: &mut ChatItem, body: &Value, url: &str, bad_url: &Refusal) -> Result<(), Refusal> {
    let address = text(body, url).into_owned();
    if !address.is_empty() {
        let parsed = url::Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        parsed.ok_or_else(|| bad_url.clone())?;
        item.url = Some(address);
    }
    let mini = &body["miniprogram"];
    let appid = text(mini, "appid");
    if mini.is_object() && !(appid.is_empty() && text(mini, "pagepath").is_empty()) {
        if !appid.starts_with("wx") || appid.len() != 18 {
            return Err(Refusal::WEAPP_APPID);
        }
        let path = Some(text(mini, "pagepath")).filter(|path| !path.is_empty()).unwrap_or_else(|| text(mini, "path"));
        (item.appid, item.pagepath) = (Some(appid.into_owned()), Some(path.into_owned()));
    }
    Ok(())
}

/// A form in a chat.
pub(super) fn item(kind: &str, form: &Form, lines: Vec<FormLine>) -> ChatItem {
    ChatItem {
        title: Some(form.title.clone()),
        lines: Some(lines),
        via: Some(kind.to_owned()),
        ..ChatItem::new(From::Account, kind)
    }
}
