//! What becomes of broadcasts: who gets them, who has had enough, who says no, and the event.

use std::time::Instant;

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, MassPatch, MassState, Options, Originality};

use crate::mass::{DELETE, GET, SEND, SEND_ALL, named, over, settings, status, to_all};
use crate::shelf::article;
use crate::stage::{Hub, Stage, code};

const DAY: u32 = 24 * 3600;

/// The seconds until the next month begins in Shanghai.
fn until_next_month(now_ms: i64) -> u32 {
    use chrono::{Datelike, TimeZone};
    let shanghai = chrono::FixedOffset::east_opt(8 * 3600).expect("a zone");
    let now = shanghai.timestamp_millis_opt(now_ms).single().expect("an instant");
    let (year, month) = if now.month() == 12 { (now.year() + 1, 1) } else { (now.year(), now.month() + 1) };
    let next = shanghai.with_ymd_and_hms(year, month, 1, 0, 0, 0).single().expect("an instant");
    u32::try_from((next.timestamp_millis() - now_ms) / 1000 + 1).expect("seconds")
}

#[tokio::test]
async fn the_event_of_a_text_has_empty_results_and_the_counts() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    stage.sandbox.mute(&account.appid, "1", true).expect("muted");
    let body = json!({"openid_list": [stage.openid(&account, 2)]});
    assert_eq!(code(&stage.call(&token, "/cgi-bin/tags/members/batchblacklist", body).await), 0);
    stage.sandbox.fail_deliveries(&account.appid, "3", true).expect("failing");
    let sent = stage.call(&token, SEND_ALL, to_all("大家好")).await;
    stage.sandbox.advance(10);
    let push = hub.wait_for(1).await.remove(0);
    assert_eq!(
        (push.field("Event"), push.field("MsgID")),
        ("MASSSENDJOBFINISH".to_owned(), sent["msg_id"].to_string())
    );
    assert_eq!(push.field("Status"), "send success");
    let counts = ["TotalCount", "FilterCount", "SentCount", "ErrorCount"].map(|name| push.field(name));
    assert_eq!(counts, ["5", "3", "2", "1"]);
    assert!(push.body.contains(
        "<CopyrightCheckResult><Count>0</Count><ResultList></ResultList><CheckState>0</CheckState></CopyrightCheckResult>\n\
         <ArticleUrlResult><Count>0</Count><ResultList></ResultList></ArticleUrlResult>"
    ), "{}", push.body);
    let from = push.field("FromUserName");
    assert!(from.starts_with('o') && (0..5).all(|person| stage.openid(&account, person) != from), "the operator");
    let message = wechat::message::decode(push.body.as_bytes()).expect("the protocol reads it");
    assert_eq!(message.kind.event(), Some("MASSSENDJOBFINISH"));
    let got = |person: &str| stage.sandbox.chat(&account.appid, person).expect("a chat").len();
    assert_eq!([got("0"), got("1"), got("2"), got("3"), got("4")], [1, 0, 0, 0, 1]);
}

#[tokio::test]
async fn a_subscription_account_has_one_a_day_and_failures_are_none() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Subscription, 3);
    let token = stage.token(&account).await;
    let patch = settings(MassPatch { next_status: Some("err(10001)".to_owned()), ..MassPatch::default() });
    stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
    let refused = stage.call(&token, SEND_ALL, to_all("广告")).await;
    assert_eq!(code(&refused), 0);
    assert_eq!(code(&stage.call(&token, SEND_ALL, to_all("抢先")).await), 45028, "one is under way");
    stage.sandbox.advance(10);
    let job = over(&stage, &account, &refused["msg_id"]).await;
    assert_eq!(
        (job.state, job.status.as_str(), job.counts.total, job.counts.sent),
        (MassState::Failed, "err(10001)", 3, 0)
    );
    assert_eq!(stage.call(&token, GET, json!({"msg_id": refused["msg_id"]})).await["msg_status"], "SEND_FAIL");
    let good = stage.call(&token, SEND_ALL, to_all("正经")).await;
    assert_eq!(code(&good), 0, "what failed was not the day's");
    stage.sandbox.advance(10);
    assert_eq!(over(&stage, &account, &good["msg_id"]).await.state, MassState::Success);
    assert_eq!(code(&stage.call(&token, SEND_ALL, to_all("又一次")).await), 45028);
    stage.sandbox.advance(DAY);
    let token = stage.token(&account).await;
    assert_eq!(code(&stage.call(&token, SEND_ALL, to_all("又一天")).await), 0);
}

#[tokio::test]
async fn a_fan_of_a_service_account_gets_four_a_month_and_is_left_out_then() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 4);
    let token = stage.token(&account).await;
    // Early in a month, so that it does not turn in between.
    stage.sandbox.advance(until_next_month(stage.sandbox.advance(0)));
    let token = {
        drop(token);
        stage.token(&account).await
    };
    let two = json!([stage.openid(&account, 0), stage.openid(&account, 1)]);
    for n in 0..4 {
        let body = json!({"touser": two, "msgtype": "text", "text": {"content": format!("第{n}次")}});
        let sent = stage.call(&token, SEND, body).await;
        stage.sandbox.advance(10);
        assert_eq!(over(&stage, &account, &sent["msg_id"]).await.counts.sent, 2);
    }
    assert_eq!(stage.sandbox.fan(&account.appid, "0").expect("a fan").broadcasts, 4);
    let all = stage.call(&token, SEND_ALL, to_all("给所有人")).await;
    stage.sandbox.advance(10);
    let job = over(&stage, &account, &all["msg_id"]).await;
    assert_eq!((job.status.as_str(), job.counts.total, job.counts.filter, job.counts.sent), ("send success", 4, 2, 2));
    // To all there are four a month.
    for n in 0..3 {
        assert_eq!(code(&stage.call(&token, SEND_ALL, to_all(&format!("全体{n}"))).await), 0);
    }
    assert_eq!(code(&stage.call(&token, SEND_ALL, to_all("第五次全体")).await), 45028);
    stage.sandbox.advance(until_next_month(stage.sandbox.advance(0)));
    let token = stage.token(&account).await;
    let next = stage.call(&token, SEND_ALL, to_all("新的一月")).await;
    stage.sandbox.advance(10);
    assert_eq!(over(&stage, &account, &next["msg_id"]).await.counts.sent, 4, "the month has turned");
}

#[tokio::test]
async fn a_tag_is_who_has_it_when_it_is_sent() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let tag = stage.call(&token, "/cgi-bin/tags/create", json!({"tag": {"name": "会员"}})).await["tag"]["id"].clone();
    let people = json!([stage.openid(&account, 1), stage.openid(&account, 3)]);
    stage.call(&token, "/cgi-bin/tags/members/batchtagging", json!({"openid_list": people, "tagid": tag})).await;
    let body = json!({"filter": {"is_to_all": false, "tag_id": tag}, "msgtype": "text", "text": {"content": "会员日"}});
    let sent = stage.call(&token, SEND_ALL, body).await;
    stage.sandbox.unfollow(&account.appid, "3").expect("left").outcome().await;
    stage.sandbox.advance(10);
    let counts = over(&stage, &account, &sent["msg_id"]).await.counts;
    assert_eq!((counts.total, counts.filter, counts.sent), (2, 1, 1));
    let texts = |person: &str| {
        stage.sandbox.chat(&account.appid, person).expect("a chat").iter().filter(|item| item.text.is_some()).count()
    };
    assert_eq!([texts("0"), texts("1"), texts("3")], [0, 1, 0]);
}

#[tokio::test]
async fn an_administrator_confirms_refuses_or_lets_it_pass() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let patch = settings(MassPatch { protection: Some(true), ..MassPatch::default() });
    let account = stage.bound(&hub, patch).await;
    let token = stage.token(&account).await;
    let broadcasts = format!("/accounts/{}/broadcasts", account.appid);
    let sent = stage.call(&token, SEND_ALL, to_all("等一等")).await;
    stage.sandbox.advance(1700);
    let asked = stage.call(&token, GET, json!({"msg_id": sent["msg_id"]})).await;
    assert_eq!(
        (&asked["msg_status"], status(&stage, &account, &sent["msg_id"])),
        (&json!("SENDING"), MassState::Waiting)
    );
    let confirm = format!("{broadcasts}/{}/confirm", sent["msg_id"]);
    assert_eq!(stage.control("POST", &confirm, json!({})).await.0, 204);
    assert_eq!(stage.control("POST", &confirm, json!({})).await.0, 409, "once");
    stage.sandbox.advance(10);
    assert_eq!(over(&stage, &account, &sent["msg_id"]).await.counts.sent, 5);

    let refused = stage.call(&token, SEND_ALL, to_all("不要")).await;
    assert_eq!(stage.control("POST", &format!("{broadcasts}/{}/refuse", refused["msg_id"]), json!({})).await.0, 204);
    let waited = stage.call(&token, SEND_ALL, to_all("没人理")).await;
    stage.sandbox.advance(30 * 60 + 1);
    assert_eq!(over(&stage, &account, &waited["msg_id"]).await.state, MassState::Failed);
    let pushes = hub.wait_for(3).await;
    let statuses: Vec<String> = pushes.iter().map(|push| push.field("Status")).collect();
    assert_eq!(statuses, ["send success", "err(40001)", "err(40002)"]);
    // To some of them nobody is asked.
    let two = json!({"touser": [stage.openid(&account, 1), stage.openid(&account, 2)], "msgtype": "text", "text": {"content": "两位"}});
    let two = stage.call(&token, SEND, two).await;
    assert_eq!(status(&stage, &account, &two["msg_id"]), MassState::Sending);
}

#[tokio::test]
async fn reprints_are_found_and_stopped_unless_one_goes_on() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    let thumb = stage.upload(&token, "thumb", "a.jpg", "image/jpeg", vec![0xff, 0xd8, 0xff, 0xe0]).await;
    let mut pushes = 0;
    let mut send = async |originality: Originality, go_on: i64| {
        let patch = settings(MassPatch { originality: Some(originality), ..MassPatch::default() });
        stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
        let article =
            json!({"title": format!("{originality:?} {go_on}"), "thumb_media_id": thumb, "content": "<p>文</p>"});
        let news =
            stage.call(&token, "/cgi-bin/media/uploadnews", json!({"articles": [article]})).await["media_id"].clone();
        let two = json!([stage.openid(&account, 1), stage.openid(&account, 2)]);
        let body =
            json!({"touser": two, "msgtype": "mpnews", "mpnews": {"media_id": news}, "send_ignore_reprint": go_on});
        assert_eq!(code(&stage.call(&token, SEND, body).await), 0);
        stage.sandbox.advance(10);
        pushes += 1;
        hub.wait_for(pushes).await.pop().expect("the event")
    };
    let status = |push: &crate::stage::Push| {
        let check =
            push.body.split("<CheckState>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or("").to_owned();
        (push.field("Status"), check)
    };
    let expect = |status: &str, check: &str| (status.to_owned(), check.to_owned());
    let original = send(Originality::Original, 0).await;
    assert_eq!(status(&original), expect("send success", "1"));
    assert!(
        original
            .body
            .contains("<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl>")
    );
    assert_eq!(status(&send(Originality::Reprint, 0).await), expect("err(30003)", "2"));
    let reprint = send(Originality::Reprint, 1).await;
    assert_eq!(status(&reprint), expect("send success", "2"));
    assert!(
        reprint.body.contains("<CanReprint>1</CanReprint><NeedReplaceContent>1</NeedReplaceContent>"),
        "{}",
        reprint.body
    );
    assert_eq!(status(&send(Originality::Forbidden, 0).await), expect("err(30003)", "3"));
    assert_eq!(status(&send(Originality::Forbidden, 1).await), expect("err(30002)", "3"));
    assert_eq!(status(&send(Originality::Error, 0).await).0, "err(30001)");
}

#[tokio::test]
async fn a_million_fans_are_quick_and_small() {
    let stage = Stage::new().await;
    let patch = settings(MassPatch { delay_ms: Some(0), ..MassPatch::default() });
    let account = stage.account_with(AccountKind::Service, 1_000_000, patch);
    let token = stage.token(&account).await;
    let before = Instant::now();
    for n in 0..4 {
        let sent = stage.call(&token, SEND_ALL, to_all(&format!("一百万 {n}"))).await;
        assert_eq!(over(&stage, &account, &sent["msg_id"]).await.counts.sent, 1_000_000);
    }
    assert!(before.elapsed().as_secs() < 2, "{:?}", before.elapsed());
    let chat = stage.sandbox.chat(&account.appid, "999999").expect("a chat");
    assert_eq!(chat.len(), 4);
    let (_, page) =
        stage.control("GET", &format!("/accounts/{}/fans/31337/chat?limit=2", account.appid), Value::Null).await;
    let texts: Vec<&str> =
        page["items"].as_array().expect("items").iter().filter_map(|item| item["text"].as_str()).collect();
    assert_eq!((texts, &page["unread"]), (vec!["一百万 2", "一百万 3"], &json!(4)));
}

#[tokio::test]
async fn slow_speed_takes_longer() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 400_000);
    let token = stage.token(&account).await;
    stage.call(&token, "/cgi-bin/message/mass/speed/set", json!({"speed": 4})).await;
    let sent = stage.call(&token, SEND_ALL, to_all("慢慢来")).await;
    // Ten times ten thousand a minute: four minutes, and two seconds more.
    stage.sandbox.advance(230);
    assert_eq!(status(&stage, &account, &sent["msg_id"]), MassState::Sending);
    stage.sandbox.advance(15);
    assert_eq!(over(&stage, &account, &sent["msg_id"]).await.counts.sent, 400_000);
}

#[tokio::test]
async fn broadcasts_survive_and_end_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { data: Some(folder.path().to_owned()), seed: 7, phone_files: false };
    let stage = Stage::open(options.clone()).await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let first = stage.call(&token, SEND_ALL, named(to_all("早到"), "first")).await;
    stage.sandbox.advance(10);
    over(&stage, &account, &first["msg_id"]).await;
    let second = stage.call(&token, SEND_ALL, named(to_all("晚到"), "second")).await;
    stage.sandbox.flush().await;
    drop(stage);

    let again = Stage::open(options).await;
    again.sandbox.advance(70);
    assert_eq!(over(&again, &account, &second["msg_id"]).await.counts.sent, 3);
    let texts: Vec<String> =
        again.sandbox.chat(&account.appid, "1").expect("a chat").into_iter().filter_map(|item| item.text).collect();
    assert_eq!(texts, ["早到", "晚到"]);
    assert_eq!(again.sandbox.fan(&account.appid, "1").expect("a fan").broadcasts, 2);
    let clash = again.call(&token, SEND_ALL, named(to_all("早到"), "first")).await;
    assert_eq!((code(&clash), &clash["msg_id"]), (45065, &first["msg_id"]));
}

#[tokio::test]
async fn a_draft_that_is_broadcast_leaves_the_box_and_has_a_page() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let draft = stage.draft(&token, article(&cover, "头条")).await;
    let mut body = json!({"filter": {"is_to_all": true}, "msgtype": "mpnews", "mpnews": {"media_id": draft}});
    let count = async || stage.get(&format!("/cgi-bin/draft/count?access_token={token}")).await["total_count"].clone();

    // One that fails leaves it where it was, and no page.
    let patch = settings(MassPatch { next_status: Some("err(10001)".to_owned()), ..MassPatch::default() });
    stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
    assert_eq!(code(&stage.call(&token, SEND_ALL, named(body.clone(), "first")).await), 0);
    stage.sandbox.advance(10);
    hub.wait_for(1).await;
    assert_eq!(count().await, 1);

    body = named(body, "second");
    let sent = stage.call(&token, SEND_ALL, body).await;
    assert_eq!(code(&sent), 0, "{sent}");
    stage.sandbox.advance(10);
    let push = hub.wait_for(2).await.remove(1);
    assert_eq!(push.field("Status"), "send success");
    assert_eq!(count().await, 0, "out of the box");
    let gone = stage.call(&token, "/cgi-bin/draft/get", json!({"media_id": draft})).await;
    assert_eq!(code(&gone), 40007);

    let chat = stage.sandbox.chat(&account.appid, "3").expect("a chat");
    let cards = chat.iter().find_map(|item| item.articles.clone()).expect("an article card");
    assert_eq!((cards.len(), &*cards[0].title), (1, "头条"));
    assert!(push.body.contains(&cards[0].url), "ArticleUrlResult names the page: {}", push.body);
    let url = cards[0].url.replace("http://127.0.0.1:8090", &stage.base);
    let (status, _, page) = stage.page(&url, Some(3)).await;
    assert!(status == 200 && page.contains("头条") && page.contains("正文"), "{status} {page}");

    // Taken back, the page says so.
    assert_eq!(code(&stage.call(&token, DELETE, json!({"msg_id": sent["msg_id"]})).await), 0);
    let (_, _, page) = stage.page(&url, Some(3)).await;
    assert!(!page.contains("正文"), "{page}");
}
