//! What is not said to a fan: tokens, files, tags, menus, codes.

use entities::{accounts::tokens::Keeper, media};
use reqwest::{Method, multipart};
use serde_json::json;
use wechat_client::{TokenError, TokenSource};

use super::{Came, Cell, Means, Outcome, Scene, came};
use crate::{
    hub::{Hub, Said},
    menus::{draft, view},
};

/// A lost answer counts as a fetch, and two in ten minutes are the most; a refusal counts for nothing.
fn token_came(cell: Cell) -> Came {
    match (cell.means(), cell.second) {
        (Means::Lost | Means::Unclear, true) => came("stopped", 2, cell.done()),
        _ => came("a token", cell.before() + 2, cell.done() + 1),
    }
}

pub async fn token(hub: &Hub) -> Vec<String> {
    let scene = Scene::new(hub, "/cgi-bin/stable_token").await;
    let keeper = Keeper::new(hub.running.ctx(), scene.tenant, scene.id);
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        scene.prepare(cell, Outcome::Cut).await;
        scene.write("update account_tokens set expires_at = 0 where tenant_id is not null and account_id = ?").await;
        let before = scene.made();
        let mut end = "no token";
        for _ in 0..4 {
            match keeper.token().await {
                Ok(_) => end = "a token",
                Err(TokenError::Stopped { .. }) => end = "stopped",
                Err(_) => continue,
            }
            break;
        }
        scene.judge(cell, before, end, token_came(cell), &mut wrong);
    }
    wrong
}

/// Handing a file up is asked for once, and once more with a fresh token; whoever needs the file asks again later.
fn upload_came(cell: Cell) -> Came {
    match (cell.means(), cell.second) {
        (Means::StaleToken, false) => came("given", 2, cell.done() + 1),
        _ => came("not given", cell.before() + 1, cell.done()),
    }
}

pub async fn upload(hub: &Hub) -> Vec<String> {
    let scene = Scene::new(hub, "/cgi-bin/media/upload").await;
    let picture = multipart::Part::bytes(b"\x89PNG\r\n\x1a\n0000".to_vec()).file_name("spring.png");
    let form = multipart::Form::new().text("kind", "image").part("file", picture);
    let request = hub.http.post(format!("{}/api/v1/media", hub.url)).bearer_auth(&hub.key).multipart(form);
    let file = Said::of(request.send().await.unwrap()).await.expect(201);
    let file = file["id"].as_str().unwrap().parse().unwrap();
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        scene.prepare(cell, Outcome::StaleToken).await;
        let before = scene.made();
        let given = media::upload(hub.running.ctx(), scene.tenant, scene.id, file).await;
        let end = if given.is_ok() { "given" } else { "not given" };
        scene.judge(cell, before, end, upload_came(cell), &mut wrong);
    }
    wrong
}

/// The list of tags is read before anything is made again, and a name that is taken is looked up: a tag is made once.
fn tag_came(cell: Cell) -> Came {
    let before = cell.before();
    match cell.means() {
        Means::NotAllowed => came("not there", before + 1, cell.done()),
        Means::StaleToken => came("there", before + 2, 1),
        _ => came("there", before + 2 - cell.done(), 1),
    }
}

pub async fn tag(hub: &Hub) -> Vec<String> {
    let scene = Scene::new(hub, "/cgi-bin/tags/create").await;
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        scene.prepare(cell, Outcome::Cut).await;
        let before = scene.made();
        let body = json!({ "name": format!("T{}", cell.number), "mirror_accounts": [scene.account.id] });
        let tag = hub.post("/tags", body).await.expect(201);
        let end = if brought(&scene, "tag_mirror").await == 0 { "there" } else { "not there" };
        scene.judge(cell, before, end, tag_came(cell), &mut wrong);
        if end == "not there" {
            // Nobody wants it any more, or the next would bring it along.
            hub.delete(&format!("/tags/{}", tag["id"].as_str().unwrap())).await.expect(204);
            brought(&scene, "tag_mirror").await;
        }
    }
    wrong
}

/// Runs the account's job until there is none. How many of its tags WeChat has not got.
async fn brought(scene: &Scene<'_>, job: &'static str) -> i64 {
    scene.hub.until(job, async || hurried(scene, job).await.then_some(())).await;
    scene
        .count("select count(*) from wechat_tags where tenant_id is not null and account_id = ? and wechat_id < 0")
        .await
}

/// Lets the jobs of the account begin that wait for their time. True when there is none.
async fn hurried(scene: &Scene<'_>, job: &'static str) -> bool {
    let tx = scene.hub.running.ctx().store().write().await.unwrap();
    let key = scene.account.id.as_str();
    let now = store::sql(
        "update jobs set run_at = 0 where tenant_id is not null and name = ? and dedupe_key = ? and state = 'ready'",
    );
    tx.execute(now.bind(job).bind(key)).await.unwrap();
    let left = store::sql(
        "select count(*) from jobs where tenant_id is not null and name = ? and dedupe_key = ? and state in ('ready', 'running')",
    );
    let left: Option<i64> = tx.scalar(left.bind(job).bind(key)).await.unwrap();
    tx.commit().await.unwrap();
    scene.hub.running.ctx().job_nudge().notify_one();
    left == Some(0)
}

/// Setting a menu twice does no harm, and it can be read: it is read before it is set again.
fn menu_came(cell: Cell) -> Came {
    let before = cell.before();
    match cell.means() {
        Means::DayQuota | Means::NotAllowed => came("failed", before + 1, cell.done()),
        Means::StaleToken => came("live", before + 2, cell.done() + 1),
        _ => came("live", before + 2 - cell.done(), 1),
    }
}

pub async fn menu(hub: &Hub) -> Vec<String> {
    let scene = Scene::new(hub, "/cgi-bin/menu/create").await;
    let path = format!("/accounts/{}/menu", scene.account.id);
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        scene.prepare(cell, Outcome::Cut).await;
        let before = scene.made();
        let name = format!("M{}", cell.number);
        let revision = draft(hub, &scene.account, json!([view("shop", &name, "https://shop.example/")])).await;
        hub.post(&format!("{path}/publish"), json!({ "revision": revision })).await.expect(202);
        let menu = hub
            .until("the menu is settled", async || {
                hurried(&scene, "menu_sync").await;
                let menu = hub.get(&path).await.expect(200);
                menu["publishing"].is_null().then_some(menu)
            })
            .await;
        let end = if menu["live"]["buttons"][0]["name"] == name.as_str() { "live" } else { "failed" };
        scene.judge(cell, before, end, menu_came(cell), &mut wrong);
    }
    wrong
}

/// A person waits for it: what was lost on the way is asked for again at once, three times in all. A second code does no harm.
fn qrcode_came(cell: Cell) -> Came {
    match cell.means() {
        Means::Lost | Means::StaleToken => came("live", cell.before() + 2, cell.done() + 1),
        _ => came("failed", cell.before() + 1, cell.done()),
    }
}

pub async fn qrcode(hub: &Hub) -> Vec<String> {
    let scene = Scene::new(hub, "/cgi-bin/qrcode/create").await;
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        scene.prepare(cell, Outcome::Cut).await;
        let before = scene.made();
        let body = json!({ "name": format!("Q{}", cell.number), "permanent": true });
        let said =
            hub.call(&hub.key, Method::POST, &format!("/accounts/{}/qrcodes", scene.account.id), Some(body)).await;
        let is_live = said.status.as_u16() == 201 && said.body["state"] == "live";
        scene.judge(cell, before, if is_live { "live" } else { "failed" }, qrcode_came(cell), &mut wrong);
    }
    wrong
}
