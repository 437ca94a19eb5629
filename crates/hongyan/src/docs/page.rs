//! The page at `/api/docs`: one page, no scripts, nothing from elsewhere.

use std::fmt::Write;

use axum::response::Response;
use features::team::words::random_word;
use serde_json::{Map, Value};

use crate::web;

const STYLE: &str = "
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--accent:#0a7d5a}
body{font:15px/1.55 system-ui,'PingFang SC','Microsoft YaHei',sans-serif;margin:0 auto;max-width:62rem;padding:2rem 1rem}
h1{font-size:1.6rem}h2{margin-top:3rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
article{border:1px solid var(--line);border-radius:8px;margin:1rem 0;padding:.2rem 1rem 1rem}
h3{font-size:1rem;font-family:ui-monospace,monospace;overflow-wrap:anywhere}
.m{display:inline-block;min-width:4.2em;color:var(--accent);font-weight:700;text-transform:uppercase}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-top:1px solid var(--soft)}
code{font-family:ui-monospace,monospace;background:var(--soft);border-radius:4px;padding:0 .25em;overflow-wrap:anywhere}
.n{opacity:.7}a{color:var(--accent)}nav a{margin-right:1rem}
";

/// The codes that any operation may answer with.
const CODES: &[(&str, u16, &str)] = &[
    ("unauthenticated", 401, "Nobody is signed in, the session has ended, or the key is unknown."),
    ("forbidden", 403, "The caller's role or key does not allow it; `params.capability` names what is missing."),
    ("csrf", 403, "The x-csrf-token header is missing or wrong."),
    ("not_found", 404, "There is no such thing in this tenant."),
    ("invalid", 422, "Fields are wrong; `errors` lists them."),
    ("idempotency_reused", 422, "The Idempotency-Key was used with another body."),
    (
        "idempotency_unknown",
        409,
        "Nobody knows what came of the first request with this key. Look before trying again.",
    ),
    (
        "function_not_allowed",
        409,
        "The account may not do this; `params` says by which rule or missing permission set.",
    ),
    ("account_bound", 409, "The account is bound; it has to be unbound first."),
    ("account_taken", 409, "The account belongs to somebody already."),
    ("account_unverified", 422, "Unverified accounts cannot be bound."),
    ("wechat_refused", 502, "WeChat refused; `params` has its errcode and errmsg."),
    ("wechat_away", 502, "WeChat could not be reached, or its answer not read."),
    ("too_large", 413, "The body is larger than the operation takes."),
    ("rate_limited", 429, "Too many tries; `params.seconds` says how long to wait."),
    ("internal", 500, "A fault of the hub; `trace_id` finds it in the log."),
    ("unavailable", 503, "The database is away for the moment."),
    ("collided", 503, "Others changed the same things at the same moment. Nothing was changed; try again."),
];

const NONCE: &str = "__NONCE__";

/// The page, but for the nonce.
pub fn render(document: &Value) -> String {
    let mut out = String::new();
    let title = format!("Hongyan API {}", document["info"]["version"].as_str().unwrap_or_default());
    let about = text(document["info"]["description"].as_str().unwrap_or_default());
    let _ = write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style nonce=\"{NONCE}\">{STYLE}</style></head><body><h1>{title}</h1><p>{about}</p><p><a href=\"/api/openapi.json\">openapi.json</a></p><nav>"
    );
    let none = Vec::new();
    let tags: Vec<(&str, &str)> = document["tags"]
        .as_array()
        .unwrap_or(&none)
        .iter()
        .map(|tag| (tag["name"].as_str().unwrap_or_default(), tag["description"].as_str().unwrap_or_default()))
        .collect();
    for (tag, _) in &tags {
        let _ = write!(out, "<a href=\"#{tag}\">{tag}</a>");
    }
    out.push_str("<a href=\"#codes\">codes</a></nav>");
    for (tag, about) in tags {
        let _ = write!(out, "<h2 id=\"{tag}\">{tag}</h2><p class=\"n\">{}</p>", escape(about));
        for (path, method, operation) in operations(document).filter(|(_, _, operation)| operation["tags"][0] == tag) {
            write_operation(&mut out, document, path, method, operation);
        }
    }
    out.push_str("<h2 id=\"codes\">codes</h2><table>");
    for (code, status, about) in CODES {
        let _ =
            write!(out, "<tr id=\"{code}\"><td><code>{code}</code></td><td>{status}</td><td>{}</td></tr>", text(about));
    }
    out.push_str("</table></body></html>");
    out
}

pub fn answer(page: &str) -> Response {
    let nonce = random_word(18);
    web::html(page.replace(NONCE, &nonce), &nonce)
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

fn write_operation(out: &mut String, document: &Value, path: &str, method: &str, operation: &Value) {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let _ = write!(out, "<article id=\"{id}\"><h3><span class=\"m\">{method}</span> {}</h3>", escape(path));
    for about in [&operation["summary"], &operation["description"]].into_iter().filter_map(Value::as_str) {
        let _ = write!(out, "<p>{}</p>", text(about));
    }
    let scopes: Vec<&str> =
        operation["security"].as_array().into_iter().flatten().filter_map(|need| need["session"][0].as_str()).collect();
    let who = match (operation["security"].as_array().map(Vec::len), scopes.first()) {
        (Some(0), _) => "Open to everybody.".to_owned(),
        (_, Some(scope)) => format!("Needs <code>{scope}</code>."),
        _ => "For whoever is signed in.".to_owned(),
    };
    let _ = write!(out, "<p class=\"n\"><code>{id}</code> · {who}</p><table>");
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = escape(parameter["name"].as_str().unwrap_or_default());
        let place = parameter["in"].as_str().unwrap_or_default();
        let about = text(parameter["description"].as_str().unwrap_or_default());
        let _ = write!(
            out,
            "<tr><td><code>{name}</code></td><td>{place}</td><td>{}</td><td>{about}</td></tr>",
            kind(&parameter["schema"])
        );
    }
    let body = &operation["requestBody"]["content"];
    for (media, content) in body.as_object().into_iter().flatten() {
        write_fields(out, document, &content["schema"], &format!("body, {media}"));
    }
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let about = text(response["description"].as_str().unwrap_or_default());
        let schema = response["content"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, content)| kind(&content["schema"]))
            .next()
            .unwrap_or_default();
        let _ = write!(out, "<tr><td><b>{status}</b></td><td>answer</td><td>{schema}</td><td>{about}</td></tr>");
    }
    out.push_str("</table></article>");
}

fn write_fields(out: &mut String, document: &Value, schema: &Value, place: &str) {
    let schema = follow(document, schema);
    let empty = Map::new();
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, field) in schema["properties"].as_object().unwrap_or(&empty) {
        let about = text(field["description"].as_str().unwrap_or_default());
        let mark = if required.contains(&name.as_str()) { "" } else { " <span class=\"n\">optional</span>" };
        let _ = write!(
            out,
            "<tr><td><code>{}</code>{mark}</td><td>{place}</td><td>{}</td><td>{about}</td></tr>",
            escape(name),
            kind(field)
        );
    }
    if schema["properties"].is_null() {
        let _ = write!(out, "<tr><td></td><td>{place}</td><td>{}</td><td></td></tr>", kind(schema));
    }
}

fn follow<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|at| document.pointer(at.trim_start_matches('#'))) {
        Some(found) => found,
        None => schema,
    }
}

/// A schema in a word or two.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()) {
        return escape(name);
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).map(escape).collect::<Vec<_>>().join(" | ");
    }
    let either = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(either) = either {
        return either.iter().map(kind).collect::<Vec<_>>().join(" | ");
    }
    if let Some(types) = schema["type"].as_array() {
        return types.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ");
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", kind(&schema["items"])),
        Some(word) => word.to_owned(),
        None => String::new(),
    }
}

/// Escapes, and turns `words` between back-ticks into code.
fn text(raw: &str) -> String {
    escape(raw)
        .split('`')
        .enumerate()
        .fold(String::new(), |out, (n, part)| if n % 2 == 1 { out + "<code>" + part + "</code>" } else { out + part })
}

fn escape(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
