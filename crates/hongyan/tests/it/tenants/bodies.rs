//! A sound body for every operation that takes one, so that it gets as far as looking for the ids.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};

pub enum Payload {
    Json(Value),
    /// A file, as a form.
    Form,
}

/// No two people share an address.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The body of an operation, with ids from `id`.
pub fn payload(operation: &str, has_body: bool, id: &dyn Fn(&str) -> String) -> Option<Payload> {
    let rule = || json!({ "name": "r", "trigger": { "kind": "keyword", "words": ["w"] }, "answers": [{ "type": "image", "media_id": id("media") }] });
    let code = || {
        json!({ "name": "c", "permanent": true, "tag_ids": [id("tag")], "logo_media_id": id("media"),
        "on_scan": { "new_fans": [{ "type": "image", "media_id": id("media") }], "following": [{ "type": "image", "media_id": id("media") }] } })
    };
    let body = match operation {
        "upload_media" | "create_qrcode_batch" => return Some(Payload::Form),
        "create_session" => json!({ "email": "nobody@shop.example", "password": "not a password" }),
        "create_setup" => {
            json!({ "tenant_name": "t", "name": "n", "email": "e@x.example", "password": "long enough", "language": "en-US" })
        }
        "update_session" => json!({}),
        "change_password" => json!({ "current": "not the password", "new": "another password" }),
        "create_person" => {
            json!({ "name": "n", "email": format!("new{}@shop.example", NEXT.fetch_add(1, Ordering::Relaxed)), "role": "viewer", "password": "long enough" })
        }
        "update_person" => json!({ "name": "changed" }),
        "create_api_key" => json!({ "name": "k", "scopes": ["accounts:read"] }),
        "update_tenant" => json!({}),
        "create_account" => {
            json!({ "mode": "direct", "app_id": "wx00000000000000ff", "app_secret": "0123456789abcdef0123456789abcdef", "token": "tokentoken",
            "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "encryption": "safe" })
        }
        "update_account" => json!({ "nick_name": "changed" }),
        "delete_account" => json!({ "confirm": "anything" }),
        "create_reply" | "replace_reply" => rule(),
        "update_reply" => json!({ "name": "changed" }),
        "order_replies" => json!({ "ids": [id("rule")] }),
        "test_replies" => json!({ "kind": "text", "text": "w", "draft": rule(), "draft_of": id("rule") }),
        "find_reply_conflicts" => json!({ "id": id("rule"), "trigger": { "kind": "keyword", "words": ["zzz"] } }),
        "replace_menu" => {
            json!({ "revision": 0, "buttons": menu(json!({ "type": "image", "media_id": id("media") })) })
        }
        "publish_menu" => json!({ "revision": 0 }),
        "import_menu" => json!({}),
        "rollback_menu" => json!({ "version_id": id("version") }),
        "schedule_menu" => json!({ "version_id": id("version"), "starts_at": 4_000_000_000_000_i64 }),
        "create_conditional_menu" => {
            json!({ "name": "c", "platform": "ios", "buttons": menu(json!({ "type": "image", "media_id": id("media") })) })
        }
        "add_menu_material" => json!({ "media_id": id("media") }),
        "see_menu_as" => json!({ "customer_id": id("customer") }),
        "update_customer" => json!({ "name": "changed" }),
        "create_message" => {
            json!({ "account_id": id("account"), "content": { "type": "image", "media_id": id("media") } })
        }
        "create_template_message" => {
            json!({ "account_id": id("account"), "customer_id": id("customer"), "message": { "type": "template", "template_id": "t", "data": { "thing1": "t" } } })
        }
        "create_subscription_notice" => {
            json!({ "account_id": id("account"), "customer_id": id("customer"), "message": { "type": "notice", "template_id": "t", "data": { "thing1": "t" } } })
        }
        "create_template" => json!({ "kind": "template", "short_id": "43210", "keywords": ["订单编号", "商品名称"] }),
        "set_template_industries" => json!({ "primary": 1, "secondary": 10 }),
        "create_campaign" | "replace_campaign" => {
            campaign(&id("account"), json!({ "type": "tags", "tag_ids": [id("tag")] }))
        }
        "check_campaign" | "start_campaign" => json!({}),
        "test_campaign" => json!({ "customer_id": id("customer") }),
        "resend_send" => json!({ "may_arrive_twice": true }),
        "replace_reach_settings" => json!({ "frequency_cap": { "messages": 5, "days": 7 } }),
        "create_opt_out" => json!({ "way": "template", "note": "n" }),
        "withdraw_opt_out" => json!({ "way": "notice" }),
        "open_gate" => json!({ "service": "custom" }),
        "assign_conversation" => json!({ "person_id": id("person"), "note": "n" }),
        "set_conversation_state" => json!({ "state": "done" }),
        "create_conversation_note" => json!({ "text": "n" }),
        "set_conversation_typing" => json!({ "typing": true }),
        "create_canned_answer" | "replace_canned_answer" => {
            json!({ "shortcut": format!("s{}", NEXT.fetch_add(1, Ordering::Relaxed)), "text": "t" })
        }
        "create_broadcast" => broadcast(id),
        "replace_broadcast" => {
            let mut body = broadcast(id);
            body["version"] = 1.into();
            body
        }
        "check_broadcast" => json!({}),
        "start_broadcast" => json!({ "fans": 1 }),
        "preview_broadcast" => json!({ "customer_id": id("customer") }),
        "withdraw_broadcast" => json!({ "part_id": id("part") }),
        "choose_winner" => json!({ "variant": 0 }),
        "resend_part" => json!({ "may_arrive_twice": true }),
        "create_tag" => json!({ "name": format!("t{}", id("account")), "mirror_accounts": [id("account")] }),
        "update_tag" => json!({ "name": "changed", "mirror_accounts": [id("account")] }),
        "create_qrcode" => code(),
        "update_qrcode" => json!({ "name": "changed", "tag_ids": [id("tag")], "logo_media_id": id("media"),
            "on_scan": { "new_fans": [{ "type": "image", "media_id": id("media") }], "following": [{ "type": "image", "media_id": id("media") }] } }),
        "make_qrcode" => json!({}),
        "create_article" => json!({ "account_id": id("account"), "items": [article(&id("media"))] }),
        "replace_article" => json!({ "revision": 1, "items": [article(&id("media"))] }),
        "resolve_article" => json!({ "take": "ours" }),
        "preview_article" => json!({ "customer_id": id("customer") }),
        "copy_article" => json!({ "account_id": id("account") }),
        "switch_comments" => json!({ "idx": 1, "open": true }),
        "elect_comment" => json!({ "idx": 1, "elected": true }),
        "reply_comment" => json!({ "idx": 1, "text": "t" }),
        "update_media" => json!({ "folder": "f" }),
        "start_qrcode_batch" => json!({ "permanent": true, "tag_ids": [id("tag")], "logo_media_id": id("media"),
            "on_scan": { "new_fans": [{ "type": "image", "media_id": id("media") }], "following": [{ "type": "image", "media_id": id("media") }] } }),
        _ => {
            assert!(!has_body, "no test knows a body for {operation}: see bodies.rs");
            return None;
        }
    };
    Some(Payload::Json(body))
}

/// A campaign of an account for these.
fn campaign(account: &str, audience: Value) -> Value {
    json!({ "account_id": account, "name": "c", "version": 1, "audience": audience,
        "message": { "type": "template", "template_id": "t", "data": { "thing1": "t" } } })
}

/// A broadcast of one picture to those with a tag.
fn broadcast(id: &dyn Fn(&str) -> String) -> Value {
    json!({ "account_id": id("account"), "name": "b", "contents": [{ "type": "images", "media_ids": [id("media")], "recommend": null, "comments": "off" }],
        "audience": { "type": "tags", "tag_ids": [id("tag")] } })
}

/// An article with this cover.
fn article(media: &str) -> Value {
    json!({ "title": "t", "html": "<p>t</p>", "cover_media_id": media })
}

/// A menu of one button with this answer.
fn menu(answer: Value) -> Value {
    json!([{ "id": "a", "name": "a", "type": "click", "answer": answer }])
}

/// Every way in which an operation can be handed an id: its body, and others that hold it in places that the first
/// has not, or in a list after one of our own.
pub fn payloads(
    operation: &str,
    has_body: bool,
    id: &dyn Fn(&str) -> String,
    own: &dyn Fn(&str) -> String,
) -> Vec<Payload> {
    let Some(first) = payload(operation, has_body, id) else { return Vec::new() };
    let answered = |answer: Value| json!({ "name": "r", "trigger": { "kind": "keyword", "words": ["w"] }, "answers": [{ "type": "text", "text": "t" }, answer] });
    let rules = || {
        [
            answered(json!({ "type": "voice", "media_id": id("media") })),
            answered(json!({ "type": "video", "media_id": id("media") })),
            answered(json!({ "type": "music", "url": "https://m.example/a.mp3", "thumb_media_id": id("media") })),
        ]
    };
    let scanned = || {
        let music = || json!({ "type": "music", "url": "https://m.example/a.mp3", "thumb_media_id": id("media") });
        let answered = |answer: Value| json!({ "on_scan": { "new_fans": [answer.clone()], "following": [answer] } });
        vec![
            json!({ "tag_ids": [own("tag"), id("tag")] }),
            json!({ "logo_media_id": id("media") }),
            answered(json!({ "type": "voice", "media_id": id("media") })),
            answered(json!({ "type": "video", "media_id": id("media") })),
            answered(music()),
        ]
    };
    let more: Vec<Value> = match operation {
        "create_reply" | "replace_reply" => rules().into(),
        "test_replies" => rules().map(|rule| json!({ "kind": "text", "text": "w", "draft": rule })).into(),
        "create_message" => [
            json!({ "type": "voice", "media_id": id("media") }),
            json!({ "type": "video", "media_id": id("media") }),
            json!({ "type": "music", "url": "https://m.example/a.mp3", "thumb_media_id": id("media") }),
        ]
        .into_iter()
        .map(|content| json!({ "account_id": own("account"), "content": content }))
        .chain([json!({ "account_id": id("account"), "content": { "type": "text", "text": "t" } })])
        .collect(),
        "replace_menu" | "create_conditional_menu" => [
            json!({ "type": "voice", "media_id": id("media") }),
            json!({ "type": "video", "media_id": id("media") }),
            json!({ "type": "music", "url": "https://m.example/a.mp3", "thumb_media_id": id("media") }),
        ]
        .into_iter()
        .map(|answer| match operation {
            "replace_menu" => json!({ "revision": 0, "buttons": menu(answer) }),
            _ => json!({ "name": "c", "platform": "ios", "buttons": menu(answer) }),
        })
        .collect(),
        "create_qrcode" | "update_qrcode" | "start_qrcode_batch" => {
            let mut bodies = scanned();
            // What a code must have, and what a change must not.
            for body in &mut bodies {
                if operation != "update_qrcode" {
                    body["permanent"] = true.into();
                }
                if operation == "create_qrcode" {
                    body["name"] = "c".into();
                }
            }
            bodies
        }
        "order_replies" => vec![json!({ "ids": [own("rule"), id("rule")] })],
        "create_campaign" | "replace_campaign" => vec![
            campaign(&own("account"), json!({ "type": "tags", "tag_ids": [own("tag"), id("tag")] })),
            campaign(&own("account"), json!({ "type": "customers", "customer_ids": [id("customer")] })),
        ],
        "create_template_message" | "create_subscription_notice" => [("account", "customer"), ("customer", "account")]
            .into_iter()
            .map(|(theirs, ours)| {
                let word = if operation == "create_template_message" { "template" } else { "notice" };
                let mut body = json!({ "message": { "type": word, "template_id": "t", "data": { "thing1": "t" } } });
                body[format!("{theirs}_id")] = id(theirs).into();
                body[format!("{ours}_id")] = own(ours).into();
                body
            })
            .collect(),
        "create_broadcast" | "replace_broadcast" => {
            let body = |content: Value, audience: Value| {
                let mut body = broadcast(own);
                (body["contents"], body["audience"]) = (json!([content]), audience);
                if operation == "replace_broadcast" {
                    body["version"] = 1.into();
                }
                body
            };
            let customers = || json!({ "type": "customers", "customer_ids": [own("customer"), id("customer")] });
            vec![
                body(json!({ "type": "article", "article_id": id("article") }), json!({ "type": "all" })),
                body(json!({ "type": "voice", "media_id": id("media") }), json!({ "type": "all" })),
                body(
                    json!({ "type": "video", "media_id": id("media"), "title": "t", "description": "d" }),
                    customers(),
                ),
            ]
        }
        "create_tag" => {
            vec![json!({ "name": format!("two{}", id("account")), "mirror_accounts": [own("account"), id("account")] })]
        }
        "create_article" => vec![
            json!({ "account_id": own("account"), "items": [article(&id("media"))] }),
            json!({ "account_id": own("account"), "items": [{ "html": format!("<img src=\"/api/v1/media/{}/file\">", id("media")) }] }),
        ],
        "replace_article" => vec![
            json!({ "revision": 1, "items": [{ "html": format!("<img src=\"/api/v1/media/{}/file\">", id("media")) }] }),
        ],
        "update_tag" => vec![json!({ "mirror_accounts": [own("account"), id("account")] })],
        _ => Vec::new(),
    };
    std::iter::once(first).chain(more.into_iter().map(Payload::Json)).collect()
}

/// The places in a body that hold this id: `.answers[].media_id`.
pub fn places_of(id: &str, body: &Value, place: &str, found: &mut BTreeSet<String>) {
    match body {
        Value::String(text) if text == id => drop(found.insert(place.to_owned())),
        Value::Array(items) => items.iter().for_each(|item| places_of(id, item, &format!("{place}[]"), found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| places_of(id, value, &format!("{place}.{name}"), found));
        }
        _ => {}
    }
}

/// The places that the document calls ids: those whose type is one of the id types.
pub fn id_places(document: &Value, schema: &Value, place: &str, within: &[&str], found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/")) {
        if name.ends_with("Id") {
            found.insert(place.to_owned());
        } else if !within.contains(&name) {
            id_places(document, &document["components"]["schemas"][name], place, &[within, &[name]].concat(), found);
        }
        return;
    }
    for either in ["allOf", "oneOf", "anyOf"] {
        for part in schema[either].as_array().into_iter().flatten() {
            id_places(document, part, place, within, found);
        }
    }
    if schema["items"].is_object() {
        id_places(document, &schema["items"], &format!("{place}[]"), within, found);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        id_places(document, field, &format!("{place}.{name}"), within, found);
    }
}
