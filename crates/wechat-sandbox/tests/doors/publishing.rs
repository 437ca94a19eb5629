//! Publishing: the event, the pages, what readers write, and buttons and messages that show articles.

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, PublishOutcome, Publishing};

use crate::shelf::article;
use crate::stage::{Hub, Stage, code};

#[tokio::test]
async fn a_publication_is_accepted_then_out_and_told() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let both = json!({"articles": [article(&cover, "一"), article(&cover, "二")]});
    let draft = stage.api(&token, "/cgi-bin/draft/add", both).await["media_id"].clone();
    let submit = async |id: &Value| stage.api(&token, "/cgi-bin/freepublish/submit", json!({"media_id": id})).await;
    assert_eq!(code(&submit(&json!("nothing")).await), 40007);
    let accepted = submit(&draft).await;
    assert!(code(&accepted) == 0 && accepted["msg_data_id"].is_string(), "{accepted}");
    let poll =
        async || stage.api(&token, "/cgi-bin/freepublish/get", json!({"publish_id": accepted["publish_id"]})).await;
    assert_eq!(poll().await["publish_status"], 1);
    assert_eq!(code(&submit(&draft).await), 53501);
    stage.sandbox.advance(2);
    let event = hub.wait_for(1).await.remove(0);
    assert_eq!(event.field("Event"), "PUBLISHJOBFINISH");
    let fields = wechat::wire::parse(event.body.as_bytes()).expect("a document");
    let info = fields.tree("PublishEventInfo").expect("the outcome");
    assert_eq!((info.text("publish_id"), info.text("publish_status")), (accepted["publish_id"].as_str(), Some("0")));
    let stands = poll().await;
    assert_eq!((stands["article_id"].as_str(), &stands["fail_idx"]), (info.text("article_id"), &json!([])));
    let items = stands["article_detail"]["item"].as_array().expect("articles");
    assert_eq!((items.len(), &items[1]["idx"]), (2, &json!(2)));
    let url = items[1]["article_url"].as_str().expect("an address");
    assert!(event.body.contains(url), "{}", event.body);

    // The draft has left the box.
    assert_eq!(code(&stage.api(&token, "/cgi-bin/draft/get", json!({"media_id": draft})).await), 40007);
    assert_eq!(code(&submit(&draft).await), 40007);
    let id = &stands["article_id"];
    let list =
        stage.api(&token, "/cgi-bin/freepublish/batchget", json!({"offset": 0, "count": 1, "no_content": 1})).await;
    assert_eq!((&list["total_count"], &list["item"][0]["article_id"]), (&json!(1), id));
    let (status, policy, page) = stage.page(url, None).await;
    assert!(status == 200 && page.contains("<h1>二</h1>") && page.contains("正文"), "{page}");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src") && !page.contains("<script"));

    let delete = async |index: i64| {
        code(&stage.api(&token, "/cgi-bin/freepublish/delete", json!({"article_id": id, "index": index})).await)
    };
    assert_eq!(delete(3).await, 40060);
    assert_eq!(delete(2).await, 0);
    let read = stage.api(&token, "/cgi-bin/freepublish/getarticle", json!({"article_id": id})).await;
    assert_eq!(
        (&read["news_item"][0]["is_deleted"], &read["news_item"][1]["is_deleted"]),
        (&json!(false), &json!(true))
    );
    assert!(stage.page(url, None).await.2.contains("该内容已被发布者删除"));
    assert_eq!(delete(0).await, 0);
    assert_eq!(poll().await["publish_status"], 5);
    assert_eq!(delete(0).await, 53600);
    assert_eq!(code(&stage.api(&token, "/cgi-bin/freepublish/get", json!({"publish_id": 1})).await), 53502);
}

#[tokio::test]
async fn a_publication_that_fails_says_why_and_leaves_the_draft() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let publishing = |outcome, fail_idx| AccountPatch {
        publishing: Some(Publishing { outcome, fail_idx, seconds: 1 }),
        ..AccountPatch::default()
    };
    let account = stage.bound(&hub, publishing(PublishOutcome::NotOriginal, vec![2])).await;
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let both = json!({"articles": [article(&cover, "一"), article(&cover, "二")]});
    let draft = stage.api(&token, "/cgi-bin/draft/add", both).await["media_id"].clone();
    for (n, (outcome, status, failed)) in [
        (PublishOutcome::NotOriginal, 2, json!([2])),
        (PublishOutcome::Failed, 3, json!([])),
        (PublishOutcome::Refused, 4, json!([1, 2])),
    ]
    .into_iter()
    .enumerate()
    {
        if n > 0 {
            stage.sandbox.change_account(&account.appid, publishing(outcome, vec![]), false).await.expect("changed");
        }
        let id =
            stage.api(&token, "/cgi-bin/freepublish/submit", json!({"media_id": draft})).await["publish_id"].clone();
        stage.sandbox.advance(1);
        let event = hub.wait_for(n + 1).await.remove(n);
        assert!(event.body.contains(&format!("<publish_status>{status}</publish_status>")), "{}", event.body);
        assert_eq!(event.body.matches("<fail_idx>").count(), failed.as_array().expect("a list").len());
        let stands = stage.api(&token, "/cgi-bin/freepublish/get", json!({"publish_id": id})).await;
        assert_eq!((&stands["publish_status"], &stands["fail_idx"]), (&json!(status), &failed));
        assert!(stands.get("article_id").is_none(), "{stands}");
    }
    assert_eq!(code(&stage.api(&token, "/cgi-bin/draft/get", json!({"media_id": draft})).await), 0);
}

#[tokio::test]
async fn readers_comment_and_the_account_elects_answers_and_deletes() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let written = json!({"title": "茶", "content": "<p>茶</p>", "thumb_media_id": cover, "need_open_comment": 1, "only_fans_can_comment": 1});
    let draft = stage.draft(&token, written).await;
    let (_, id, url) = stage.publish(&token, &draft).await;
    let comment = async |person: u64, text: &str| {
        stage
            .control(
                "POST",
                &format!("/people/{person}/article"),
                json!({"url": url, "action": "comment", "text": text}),
            )
            .await
    };
    let (status, made) = comment(1, "想喝 <b>").await;
    assert_eq!(status, 200, "{made}");
    // In the phone it is a form, and the answer leads back to the page.
    let form = [("action", "comment"), ("text", "我也想")];
    let sent = stage.http.post(&url).header("cookie", "sandbox_person=2").form(&form).send().await.expect("sent");
    assert!(sent.status() == 200 && sent.url().query() == Some("done=comment"), "{}", sent.url());
    assert_eq!(comment(50, "我不是粉丝").await.0, 409);
    assert_eq!(comment(1, "").await.0, 400);
    assert_eq!(stage.http.post(&url).form(&form).send().await.expect("sent").status(), 403);

    let call = async |call: &str, more: Value| {
        let mut body = json!({"msg_data_id": id, "index": 0, "user_comment_id": made["user_comment_id"]});
        for (name, value) in more.as_object().expect("an object") {
            body[name] = value.clone();
        }
        stage.api(&token, &format!("/cgi-bin/comment/{call}"), body).await
    };
    let list = async |kind: u8| call("list", json!({"begin": 0, "count": 49, "type": kind})).await;
    let all = list(0).await;
    assert_eq!((&all["total"], &all["comment"][1]["content"]), (&json!(2), &json!("想喝 <b>")));
    assert_eq!(all["comment"][1]["openid"], stage.openid(&account, 1));
    assert_eq!(code(&call("list", json!({"begin": 0, "count": 50, "type": 0})).await), 88010);
    // Nobody else sees a comment before it is elected.
    assert!(!stage.page(&url, Some(3)).await.2.contains("想喝"));
    assert_eq!(code(&call("markelect", json!({})).await), 0);
    assert_eq!(code(&call("reply/add", json!({"content": ""})).await), 88007);
    assert_eq!(code(&call("reply/add", json!({"content": "周末见"})).await), 0);
    assert_eq!(code(&call("reply/add", json!({"content": "又"})).await), 88005);
    let (_, _, page) = stage.page(&url, Some(3)).await;
    assert!(page.contains("想喝 &lt;b&gt;") && page.contains("周末见") && !page.contains("我也想"), "{page}");
    assert_eq!((&list(2).await["total"], &list(1).await["total"]), (&json!(1), &json!(1)));
    assert_eq!(list(2).await["comment"][0]["reply"]["content"], "周末见");
    assert_eq!(code(&call("reply/delete", json!({})).await), 0);
    assert_eq!(code(&call("reply/delete", json!({})).await), 88009);
    assert_eq!(code(&call("unmarkelect", json!({})).await), 0);
    assert_eq!(code(&call("delete", json!({})).await), 0);
    assert_eq!(code(&call("delete", json!({})).await), 88008);
    assert_eq!(code(&call("close", json!({})).await), 0);
    assert_eq!(comment(1, "还在吗").await.0, 409);
    assert_eq!(code(&call("open", json!({})).await), 0);
    assert_eq!(comment(1, "在了").await.0, 200);
    assert_eq!(code(&call("open", json!({"index": 5})).await), 88001);
    let patch = AccountPatch { no_comments: Some(true), ..AccountPatch::default() };
    stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
    assert_eq!(code(&list(0).await), 88000);
}

#[tokio::test]
async fn published_articles_are_sent_and_shown_by_buttons() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let draft = stage.draft(&token, article(&cover, "新品")).await;
    let (article_id, _, url) = stage.publish(&token, &draft).await;
    let pushed = hub.wait_for(1).await.len();
    let menu = |button: Value| json!({"button": [button]});
    let create = async |button: Value| code(&stage.api(&token, "/cgi-bin/menu/create", menu(button)).await);
    for (kind, field, refusal) in [
        ("media_id", "media_id", 40007),
        ("view_limited", "media_id", 40007),
        ("article_id", "article_id", 53600),
        ("article_view_limited", "article_id", 53600),
    ] {
        let mut button = json!({"type": kind, "name": "看"});
        button[field] = "nothing".into();
        assert_eq!(create(button).await, refusal, "{kind}");
    }
    let buttons = json!({"button": [
        {"type": "media_id", "name": "图", "media_id": cover},
        {"type": "article_id", "name": "读", "article_id": article_id},
        {"type": "article_view_limited", "name": "开", "article_id": article_id}]});
    assert_eq!(code(&stage.api(&token, "/cgi-bin/menu/create", buttons).await), 0);
    let path = format!("/accounts/{}/fans/1", account.appid);
    for n in 0..3 {
        let (_, done) = stage.control("POST", &format!("{path}/tap?wait=true"), json!({"path": [n]})).await;
        assert_eq!(done["outcome"], "not_pushed", "WeChat answers by itself");
    }
    let (_, chat) = stage.control("GET", &format!("{path}/chat"), Value::Null).await;
    let given: Vec<(&str, &str)> = chat["items"]
        .as_array()
        .expect("lines")
        .iter()
        .filter(|item| item["from"] == "account")
        .map(|item| (item["kind"].as_str().expect("a kind"), item["via"].as_str().expect("a way")))
        .collect();
    assert_eq!(given, [("image", "menu"), ("mpnews", "menu")]);
    assert_eq!(chat["menu"]["button"][2]["url"], url);
    assert_eq!(hub.pushes().len(), pushed);

    let openid = stage.openid(&account, 1);
    stage.sandbox.say(&account.appid, &openid, "有新品吗").expect("said").outcome().await;
    let send = async |id: &str| {
        let body = json!({"touser": openid, "msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": id}});
        code(&stage.api(&token, "/cgi-bin/message/custom/send", body).await)
    };
    assert_eq!((send(&article_id).await, send("nothing").await), (0, 53600));
    let chat = stage.sandbox.chat(&account.appid, &openid).expect("a chat");
    let card = &chat.last().expect("a line").articles.as_ref().expect("a card")[0];
    assert_eq!((card.title.as_str(), card.url.as_str()), ("新品", url.as_str()));
    stage.api(&token, "/cgi-bin/freepublish/delete", json!({"article_id": article_id, "index": 0})).await;
    assert_eq!(send(&article_id).await, 53600);
    assert_eq!(stage.control("POST", &format!("{path}/tap"), json!({"path": [1]})).await.0, 409);
}

#[tokio::test]
async fn faults_strike_here_as_everywhere() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let fault = json!({"where": {"path": "/cgi-bin/draft/add"}, "what": {"kind": "drop_after"}, "times": 1});
    assert_eq!(stage.control("POST", "/faults", fault).await.0, 201);
    let url = format!("{}/cgi-bin/draft/add?access_token={token}", stage.base);
    let lost = stage.http.post(url).body(json!({"articles": [article(&cover, "丢了回答")]}).to_string()).send().await;
    assert!(lost.is_err(), "the answer is lost");
    let list = stage.api(&token, "/cgi-bin/draft/batchget", json!({"offset": 0, "count": 20})).await;
    assert_eq!(
        (&list["total_count"], &list["item"][0]["content"]["news_item"][0]["title"]),
        (&json!(1), &json!("丢了回答"))
    );
}
