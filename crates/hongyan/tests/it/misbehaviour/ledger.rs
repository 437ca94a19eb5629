//! What is said to a fan: customer-service messages, template messages, notices.

use std::time::Duration;

use entities::{
    accounts::tokens::Keeper,
    messages::{
        Message, ledger,
        sends::{self, NewSend, SendState},
    },
};
use kit::{SendId, Work};
use reqwest::Method;
use serde_json::{Value, json};
use wechat::api::subscribe::add_notice_template::{AddNoticeTemplate, Request};

use super::{Came, Cell, Means, Outcome, Scene, came, is_closed};
use crate::{
    fan_import::imported,
    hub::{Bound, Hub},
};

/// Once or not at all: after a lost answer nobody knows, and nobody says it again. What WeChat refused for a reason that
/// passes is said again when it has passed.
fn once(cell: Cell) -> Came {
    match cell.means() {
        Means::Lost | Means::Unclear => came("unknown", cell.before() + 1, cell.done()),
        _ => came("sent", cell.before() + 2, cell.done() + 1),
    }
}

/// WeChat knows it by its id: said again until there is an answer, and carried out once whatever the answers were.
fn by_id(cell: Cell) -> Came {
    came("sent", cell.before() + 2, 1)
}

pub async fn custom(hub: &Hub) -> Vec<String> {
    let scene = Scene::of(hub, imported(hub, 1).await, "/cgi-bin/message/custom/send").await;
    let message = |cell: Cell| json!({ "type": "text", "text": format!("No. {}", cell.number) });
    let fan = fan(&scene).await;
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        // The window is open, whatever the clock says by now.
        hub.says(&scene.account, &fan.0, "hello").await;
        try_it(&scene, &fan, cell, message(cell), Outcome::MinuteQuota, once(cell), &mut wrong).await;
    }
    wrong
}

pub async fn template(hub: &Hub, (account, template): (Bound, String)) -> Vec<String> {
    let scene = Scene::of(hub, account, "/cgi-bin/message/template/send").await;
    no_reports(&scene).await;
    let fan = fan(&scene).await;
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        let data = json!({ "character_string1": format!("{}", 20_261_128_000 + cell.number), "thing2": "手工陶瓷杯" });
        let message = json!({ "type": "template", "template_id": template, "data": data });
        try_it(&scene, &fan, cell, message, Outcome::Cut, by_id(cell), &mut wrong).await;
    }
    wrong
}

pub async fn notice(hub: &Hub) -> Vec<String> {
    let scene = Scene::of(hub, imported(hub, 1).await, "/cgi-bin/message/subscribe/bizsend").await;
    let keeper = Keeper::new(hub.running.ctx(), scene.tenant, scene.id);
    let request = Request { tid: "1004".into(), kid_list: vec![1, 2], scene_desc: "取书".into() };
    let made = hub.running.ctx().wechat().call_as::<AddNoticeTemplate>(&keeper, &request).await.expect("a template");
    let fan = fan(&scene).await;
    let yes = json!({ "choices": [{ "template_id": made.pri_tmpl_id, "accept": true }], "scene": 1 });
    hub.fan(&scene.account, &fan.0, "choose-notices", yes).await;
    no_reports(&scene).await;
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        let data = json!({ "thing1": "海错图笔记", "character_string2": format!("A{}", 1000 + cell.number) });
        let message = json!({ "type": "notice", "template_id": made.pri_tmpl_id, "data": data });
        try_it(&scene, &fan, cell, message, Outcome::MinuteQuota, once(cell), &mut wrong).await;
    }
    wrong
}

/// WeChat's reports would settle what is in doubt before it is said again, or before it is looked at.
async fn no_reports(scene: &Scene<'_>) {
    let silent = json!({ "callback_url": "" });
    scene.hub.wechat(Method::PATCH, &format!("/accounts/{}", scene.account.app_id), silent).await.expect(200);
}

/// The account's one fan, by openid and as a customer.
async fn fan(scene: &Scene<'_>) -> (String, String) {
    let openid = scene.hub.openids(&scene.account).await.remove(0);
    let customer = scene.hub.customer(&openid).await["id"].as_str().unwrap().to_owned();
    (openid, customer)
}

async fn try_it(
    scene: &Scene<'_>,
    fan: &(String, String),
    cell: Cell,
    message: Value,
    first: Outcome,
    wanted: Came,
    wrong: &mut Vec<String>,
) {
    scene.prepare(cell, first).await;
    let before = scene.made();
    let id = queue(scene, fan, cell, message).await;
    let end = settled(scene, id).await;
    scene.judge(cell, before, end, wanted, wrong);
}

async fn queue(scene: &Scene<'_>, (openid, customer): &(String, String), cell: Cell, message: Value) -> SendId {
    let mut work = Work::begin(scene.hub.running.ctx(), scene.tenant);
    let new = NewSend {
        account: scene.id,
        customer: customer.parse().unwrap(),
        openid: openid.clone(),
        message: serde_json::from_value::<Message>(message).unwrap(),
        rule: None,
        group: scene.id.0 + cell.number,
        position: 0,
        due_at: work.now(),
        deadline_at: None,
        by: Some("Ann".into()),
    };
    let id = sends::queue(&mut work, vec![new]).await.unwrap().remove(0);
    work.commit().await.unwrap();
    id
}

/// Lets the time pass that a repetition waits for, and opens closed ways, until it is over.
async fn settled(scene: &Scene<'_>, id: SendId) -> &'static str {
    let hub = scene.hub;
    hub.until("the send is over", async || {
        let send = ledger::find(&mut Work::reading(hub.running.ctx(), scene.tenant), id).await.unwrap();
        match send.state {
            SendState::Queued if is_closed(scene).await => {
                let body = json!({ "service": send.service });
                hub.post(&format!("/accounts/{}/gates/open", scene.account.id), body).await.expect(200);
            }
            SendState::Retrying if is_closed(scene).await => {
                let body = json!({ "service": send.service });
                hub.post(&format!("/accounts/{}/gates/open", scene.account.id), body).await.expect(200);
            }
            SendState::Retrying if send.due_at > hub.clock.now() => {
                hub.advance(Duration::from_millis((send.due_at - hub.clock.now()) as u64 + 1000)).await;
            }
            SendState::Queued | SendState::Sending | SendState::Retrying => {}
            over => return Some(over.as_str()),
        }
        hub.running.ctx().send_nudge().notify_one();
        None
    })
    .await
}
