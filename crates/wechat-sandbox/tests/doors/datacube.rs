//! The statistics: what happened yesterday, from eight o'clock on.

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, AccountView};

use crate::shelf::article;
use crate::stage::{Hub, Stage, code};

const HOUR: u32 = 3600;
const DAY: i64 = 24 * 3_600_000;

/// The day of an instant in Shanghai, and the milliseconds that have passed of it.
fn day(now_ms: i64) -> (String, i64) {
    let local = now_ms + 8 * 3_600_000;
    let days = local.div_euclid(DAY);
    let date = chrono_date(days);
    (date, local.rem_euclid(DAY))
}

/// A civil date from days since 1970.
fn chrono_date(days: i64) -> String {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (d, m) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let y = yoe + era * 400 + i64::from(m <= 2);
    format!("{y:04}-{m:02}-{d:02}")
}

/// Moves the clock to an hour of the day after this one.
fn to_tomorrow(stage: &Stage, hour: i64) {
    let (_, passed) = day(stage.sandbox.advance(0));
    let ahead = DAY - passed + hour * 3_600_000 + 1000;
    stage.sandbox.advance(u32::try_from(ahead / 1000).expect("less than two days"));
}

struct Numbers<'a> {
    stage: &'a Stage,
    account: &'a AccountView,
}

impl Numbers<'_> {
    async fn of(&self, call: &str, begin: &str, end: &str) -> Value {
        let token = self.stage.token(self.account).await;
        self.stage.api(&token, &format!("/datacube/{call}"), json!({"begin_date": begin, "end_date": end})).await
    }

    async fn rows(&self, call: &str, date: &str) -> Vec<Value> {
        let answer = self.of(call, date, date).await;
        answer["list"].as_array().unwrap_or_else(|| panic!("{call}: {answer}")).clone()
    }
}

#[tokio::test]
async fn follows_messages_and_answers_are_counted_by_day() {
    let stage = Stage::new().await;
    to_tomorrow(&stage, 9);
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    let code_body = json!({"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 9}}});
    let ticket =
        stage.api(&token, "/cgi-bin/qrcode/create", code_body).await["ticket"].as_str().expect("a ticket").to_owned();
    stage.sandbox.follow(&account.appid, "50", Some(&ticket)).expect("followed").outcome().await;
    stage.sandbox.follow(&account.appid, "51", Some(&ticket)).expect("followed").outcome().await;
    stage.sandbox.follow(&account.appid, "52", None).expect("followed").outcome().await;
    stage.sandbox.unfollow(&account.appid, "51").expect("left").outcome().await;
    for _ in 0..6 {
        stage.sandbox.say(&account.appid, "1", "在吗").expect("said").outcome().await;
    }
    stage.sandbox.say(&account.appid, "2", "在").expect("said").outcome().await;
    let today = day(stage.sandbox.advance(0)).0;
    let numbers = Numbers { stage: &stage, account: &account };
    assert_eq!(code(&numbers.of("getusersummary", &today, &today).await), 61501, "today is not over");
    to_tomorrow(&stage, 7);
    assert_eq!(code(&numbers.of("getusersummary", &today, &today).await), 61503, "not before eight");
    stage.sandbox.advance(HOUR);

    let rows = numbers.rows("getusersummary", &today).await;
    assert_eq!(
        rows,
        [
            json!({"ref_date": today, "user_source": 1, "new_user": 1, "cancel_user": 0}),
            json!({"ref_date": today, "user_source": 30, "new_user": 2, "cancel_user": 1}),
        ]
    );
    // Five from the start, three came, one went; who comes today does not count yesterday.
    stage.sandbox.follow(&account.appid, "53", None).expect("followed").outcome().await;
    assert_eq!(numbers.rows("getusercumulate", &today).await[0]["cumulate_user"], 7);
    let said = numbers.rows("getupstreammsg", &today).await;
    assert_eq!(said, [json!({"ref_date": today, "msg_type": 1, "msg_user": 2, "msg_count": 7})]);
    let hours = numbers.rows("getupstreammsghour", &today).await;
    assert_eq!(hours[0]["ref_hour"], 900);
    let dist = numbers.rows("getupstreammsgdist", &today).await;
    assert_eq!(
        dist,
        [
            json!({"ref_date": today, "count_interval": 1, "msg_user": 1}),
            json!({"ref_date": today, "count_interval": 2, "msg_user": 1}),
        ]
    );
    let month = numbers.rows("getupstreammsgmonth", &today).await;
    assert_eq!(
        (month[0]["ref_date"].as_str(), &month[0]["msg_count"]),
        (Some(format!("{}01", &today[..8]).as_str()), &json!(7))
    );
    assert_eq!(numbers.rows("getupstreammsgweek", &today).await[0]["msg_user"], 2);
    let interface = numbers.rows("getinterfacesummary", &today).await;
    assert_eq!((&interface[0]["callback_count"], &interface[0]["fail_count"]), (&json!(11), &json!(0)));
    assert_eq!(numbers.rows("getinterfacesummaryhour", &today).await[0]["ref_hour"], 900);
}

#[tokio::test]
async fn spans_and_dates_are_checked() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    to_tomorrow(&stage, 9);
    let now_ms = stage.sandbox.advance(0);
    let ago = |days: i64| day(now_ms - days * DAY).0;
    let numbers = Numbers { stage: &stage, account: &account };
    let asked = async |call: &str, begin: i64, end: i64| code(&numbers.of(call, &ago(begin), &ago(end)).await);
    for (call, span) in [
        ("getusersummary", 7),
        ("getusercumulate", 7),
        ("getarticlesummary", 1),
        ("getarticletotal", 1),
        ("getuserread", 3),
        ("getuserreadhour", 1),
        ("getusershare", 7),
        ("getusersharehour", 1),
        ("getupstreammsg", 7),
        ("getupstreammsghour", 1),
        ("getupstreammsgweek", 30),
        ("getupstreammsgmonth", 30),
        ("getupstreammsgdist", 15),
        ("getupstreammsgdistweek", 30),
        ("getupstreammsgdistmonth", 30),
        ("getinterfacesummary", 30),
        ("getinterfacesummaryhour", 1),
    ] {
        assert_eq!(asked(call, span, 1).await, 0, "{call} of {span} days");
        assert_eq!(asked(call, span + 1, 1).await, 61501, "{call} of {} days", span + 1);
    }
    assert_eq!(asked("getusersummary", 1, 2).await, 61501);
    assert_eq!(asked("getusersummary", 1, 0).await, 61501);
    assert_eq!(code(&numbers.of("getusersummary", "2014-11-30", "2014-11-30").await), 61501);
    for wrong in ["2026-1-1", "20260101", "2026-02-30", ""] {
        assert_eq!(code(&numbers.of("getusersummary", wrong, wrong).await), 61500, "{wrong}");
    }
}

#[tokio::test]
async fn articles_are_counted_where_they_are_read() {
    let stage = Stage::new().await;
    to_tomorrow(&stage, 9);
    let account = stage.account(AccountKind::Service, 9);
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let draft = stage.draft(&token, article(&cover, "数一数")).await;
    let (_, id, url) = stage.publish(&token, &draft).await;
    // Two in the phone, one of them twice; who has no phone does not count, nor does what a form leads back to.
    stage.page(&url, Some(1)).await;
    stage.page(&format!("{url}?source=2"), Some(1)).await;
    stage.page(&url, Some(2)).await;
    stage.page(&url, None).await;
    stage.page(&format!("{url}?done=act"), Some(3)).await;
    let act = async |person: u64, body: Value| {
        let mut body = body;
        body["url"] = url.clone().into();
        stage.control("POST", &format!("/people/{person}/article"), body).await.0
    };
    assert_eq!(act(1, json!({"action": "share", "scene": 2})).await, 200);
    assert_eq!(act(1, json!({"action": "favourite"})).await, 200);
    assert_eq!(act(2, json!({"action": "read_original"})).await, 200);
    assert_eq!(act(2, json!({"action": "share", "scene": 9})).await, 400);
    assert_eq!(act(2, json!({"action": "smoke"})).await, 400);
    let first = day(stage.sandbox.advance(0)).0;
    to_tomorrow(&stage, 9);
    let second = day(stage.sandbox.advance(0)).0;
    stage.page(&url, Some(4)).await;
    to_tomorrow(&stage, 9);

    let numbers = Numbers { stage: &stage, account: &account };
    let summary = numbers.rows("getarticlesummary", &first).await;
    assert_eq!(
        summary,
        [
            json!({"ref_date": first, "msgid": format!("{id}_1"), "title": "数一数", "int_page_read_user": 2, "int_page_read_count": 3,
            "ori_page_read_user": 1, "ori_page_read_count": 1, "share_user": 1, "share_count": 1, "add_to_fav_user": 1, "add_to_fav_count": 1})
        ]
    );
    let total = numbers.rows("getarticletotal", &first).await;
    let details = total[0]["details"].as_array().expect("days");
    assert_eq!((total[0]["title"].as_str(), details.len()), (Some("数一数"), 2));
    assert_eq!(
        (details[1]["stat_date"].as_str(), &details[1]["int_page_read_user"]),
        (Some(second.as_str()), &json!(3))
    );
    assert_eq!(
        (&details[0]["int_page_from_session_read_count"], &details[0]["int_page_from_feed_read_count"]),
        (&json!(2), &json!(1))
    );
    assert!(numbers.rows("getarticletotal", &second).await.is_empty(), "nothing came out then");
    let read = numbers.rows("getuserread", &first).await;
    let of = |source: u64| read.iter().find(|row| row["user_source"] == source).unwrap_or_else(|| panic!("{read:?}"));
    assert_eq!((&of(0)["int_page_read_user"], &of(2)["int_page_read_user"]), (&json!(2), &json!(1)));
    assert_eq!(of(5)["share_count"], 1);
    assert!(numbers.rows("getuserreadhour", &first).await.iter().all(|row| row["ref_hour"] == 900));
    let shares = numbers.rows("getusershare", &first).await;
    assert_eq!(shares, [json!({"ref_date": first, "share_scene": 2, "share_count": 1, "share_user": 1})]);
    assert_eq!(numbers.rows("getusersharehour", &first).await[0]["ref_hour"], 900);
    assert!(numbers.rows("getusershare", &second).await.is_empty());
}
