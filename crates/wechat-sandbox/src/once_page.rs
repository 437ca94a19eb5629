//! WeChat's page that asks whether one wants a single message of an account.
//!
//! Who is asked is known by the phone's cookie. Both answers lead back to where the account says;
//! a yes lets it send one message under that scene.
//!
//! <https://developers.weixin.qq.com/doc/subscription/guide/product/one_time_subscription.html>

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::sandbox::Sandbox;

const POLICY: &str =
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'";
const STYLE: &str = "body{margin:0;font:16px/1.6 system-ui,sans-serif;color:#1d2733;background:#fbfaf7}\
main{max-width:420px;margin:0 auto;padding:48px 24px;text-align:center}img{width:72px;height:72px;border-radius:50%}\
h1{font-size:19px;margin:16px 0 4px}p{margin:0 0 32px;color:#5b6773;font-size:14px}\
button{display:block;width:100%;margin:0 0 12px;padding:11px;border:1px solid #d5d9dd;border-radius:6px;background:#fff;font:inherit}\
button[value=confirm]{background:#1f6f78;border-color:#1f6f78;color:#fff}";
/// Of `reserved`.
const RESERVED_BYTES: usize = 128;

/// What the page is opened with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    action: String,
    appid: String,
    scene: String,
    template_id: String,
    redirect_url: String,
    reserved: String,
}

/// `confirm` or `cancel`.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    action: String,
}

struct Question {
    nick_name: String,
    scene: u32,
    person: u64,
    openid: String,
}

/// What is asked, of whom; or why it cannot be.
fn question(sandbox: &Sandbox, asked: &Asked, headers: &HeaderMap) -> Result<Question, &'static str> {
    let world = sandbox.world();
    let account = world.account(&asked.appid).ok_or("appid 参数错误")?;
    if asked.action != "get_confirm" {
        return Err("action 参数错误");
    }
    let scene = asked.scene.parse().ok().filter(|scene| *scene <= 10_000).ok_or("scene 参数错误")?;
    if asked.template_id != account.once_template_id() {
        return Err("template_id 参数错误");
    }
    let goes = url::Url::parse(&asked.redirect_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !goes {
        return Err("redirect_url 参数错误");
    }
    if asked.reserved.len() > RESERVED_BYTES {
        return Err("reserved 参数错误");
    }
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let person = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("sandbox_person=")?.parse().ok());
    let person = person.filter(|person| *person < world.people()).ok_or("请在微信客户端打开链接")?;
    Ok(Question { nick_name: account.nick_name.clone(), scene, person, openid: account.fans.ids.id(person) })
}

fn page(status: StatusCode, title: &str, inside: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style><main>{inside}</main>"
    );
    (status, [(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
}

fn refuse(why: &str) -> Response {
    page(StatusCode::BAD_REQUEST, "一次性订阅消息", &format!("<h1>无法订阅</h1><p id=\"error\">{why}</p>"))
}

/// GET /mp/subscribemsg?action=get_confirm&….
pub(crate) async fn ask(State(sandbox): State<Sandbox>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    match question(&sandbox, &asked, &headers) {
        Err(why) => refuse(why),
        Ok(question) => {
            let name = question.nick_name.replace('&', "&amp;").replace('<', "&lt;");
            let inside = format!(
                "<img src=\"/sandbox/files/head-{}.jpg\" alt=\"\"><h1>{name}</h1><p>申请给你发送一次消息</p>\
                 <form method=\"post\"><button name=\"action\" value=\"confirm\">允许</button>\
                 <button name=\"action\" value=\"cancel\">取消</button></form>",
                asked.appid
            );
            page(StatusCode::OK, "一次性订阅消息", &inside)
        }
    }
}

/// The answer: the same address, posted to.
pub(crate) async fn answer(
    State(sandbox): State<Sandbox>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Form(Answer { action }): Form<Answer>,
) -> Response {
    let question = match question(&sandbox, &asked, &headers) {
        Ok(question) => question,
        Err(why) => return refuse(why),
    };
    let agreed = match action.as_str() {
        "confirm" => sandbox.agree_once(&asked.appid, &question.person.to_string(), question.scene),
        "cancel" => Ok(()),
        _ => return refuse("action 参数错误"),
    };
    if agreed.is_err() {
        return refuse("appid 参数错误");
    }
    let Ok(mut back) = url::Url::parse(&asked.redirect_url) else { return refuse("redirect_url 参数错误") };
    back.query_pairs_mut()
        .append_pair("openid", &question.openid)
        .append_pair("template_id", &asked.template_id)
        .append_pair("action", &action)
        .append_pair("scene", &question.scene.to_string())
        .append_pair("reserved", &asked.reserved);
    Redirect::to(back.as_str()).into_response()
}
