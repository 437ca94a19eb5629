//! What is said to many in one call: WeChat knows it by its `clientmsgid`, whatever it answered before.

use std::time::Duration;

use serde_json::json;

use super::{Came, Cell, Means, Outcome, Scene, came};
use crate::{
    broadcasts::{LIST, draft, service, start, text, to},
    hub::Hub,
};

/// A fan hears four a month, and so many are tried on each pair of fans.
const OF_A_PAIR: usize = 4;
/// WeChat takes a hundred calls a day.
const OF_A_DAY: i64 = 30;

/// Said again with the same bytes until there is an answer, and carried out once whatever the answers were. Who believes a
/// refusal says it again at once; when WeChat has carried it out all the same, it only says that this was too soon, and what it
/// knows at the third time.
fn by_id(cell: Cell) -> Came {
    let is_believed = !cell.second && !matches!(cell.means(), Means::Lost | Means::Unclear);
    came("sent", cell.before() + 2 + usize::from(is_believed && cell.executed), 1)
}

pub async fn mass(hub: &Hub) -> Vec<String> {
    let pairs = Cell::all().len().div_ceil(OF_A_PAIR);
    let scene = Scene::of(hub, service(hub, pairs as u64 * 2).await, LIST).await;
    let openids = hub.openids(&scene.account).await;
    let mut wrong = Vec::new();
    for cell in Cell::all() {
        if cell.number > 0 && cell.number % OF_A_DAY == 0 {
            hub.advance(Duration::from_secs(86_400)).await;
        }
        scene.prepare(cell, Outcome::Cut).await;
        let before = scene.made();
        let pair = usize::try_from(cell.number).unwrap() / OF_A_PAIR * 2;
        let path =
            draft(hub, text(&scene.account, &format!("No. {}", cell.number), to(&openids[pair..pair + 2]))).await;
        start(hub, &path).await;
        let end = settled(&scene, &path).await;
        scene.judge(cell, before, end, by_id(cell), &mut wrong);
    }
    wrong
}

/// Lets the time pass that a repetition waits for, and opens the way when it is closed, until WeChat has said the last word.
async fn settled(scene: &Scene<'_>, path: &str) -> &'static str {
    let hub = scene.hub;
    hub.until("WeChat has said the last word", async || {
        let broadcast = hub.get(path).await.expect(200);
        match broadcast["parts"][0]["state"].as_str() {
            Some("sent") => return Some("sent"),
            Some("refused" | "failed" | "cancelled") => return Some("refused"),
            Some("unknown") => return Some("unknown"),
            Some("queued" | "retrying") if super::is_closed(scene).await => {
                let body = json!({ "service": "broadcast" });
                hub.post(&format!("/accounts/{}/gates/open", scene.account.id), body).await.expect(200);
            }
            // It waits a minute, and after the second time three.
            Some("retrying") => {
                let due = scene.count("select coalesce(min(due_at), 0) from broadcast_parts where tenant_id is not null and account_id = ? and state = 'retrying'").await;
                if due > hub.clock.now() {
                    hub.advance(Duration::from_millis((due - hub.clock.now()) as u64 + 1000)).await;
                }
            }
            _ => {}
        }
        None
    })
    .await
}
