use entities::fans::{Fan, FanStatus};
use kit::{AccountId, CustomerId};
use wechat::{ErrCode, errcode::ErrorBody};
use wechat_client::{Failure, Next, Refusal};

use super::{
    decide::{Then, after, fields_of, tag_changes, updated},
    model::Told,
};

fn fan(status: FanStatus, status_at: i64) -> Fan {
    Fan {
        account: AccountId(1),
        openid: "oA".into(),
        customer: CustomerId(1),
        status,
        status_at,
        subscribed_at: Some(100),
        scene: None,
        qr_scene: None,
        remark: None,
        unionid: Some("u1".into()),
        wechat_tags: vec![100],
        info_at: Some(1),
    }
}

fn told(following: bool, subscribed_at: Option<i64>) -> Told {
    Told { openid: "oA".into(), following, subscribed_at, wechat_tags: vec![100], ..Told::default() }
}

#[test]
fn hearing_the_same_again_changes_nothing() {
    assert_eq!(updated(&fan(FanStatus::Following, 100), &told(true, Some(100)), 900), None);
    assert_eq!(updated(&fan(FanStatus::Following, 100), &told(true, None), 900), None);
    assert_eq!(updated(&fan(FanStatus::Left, 300), &told(false, None), 900), None);
}

#[test]
fn r16_a_missed_unfollow_and_a_missed_follow_are_put_right() {
    let left = updated(&fan(FanStatus::Following, 100), &told(false, None), 900).unwrap();
    assert_eq!((left.fan.status, left.fan.status_at, left.news), (FanStatus::Left, 900, true));
    assert_eq!(left.fan.wechat_tags, [100], "WeChat says nothing of the tags of somebody who left");
    let back = updated(&fan(FanStatus::Left, 300), &told(true, Some(500)), 900).unwrap();
    assert_eq!(
        (back.fan.status, back.fan.status_at, back.fan.subscribed_at, back.news),
        (FanStatus::Following, 500, Some(500), true)
    );
}

#[test]
fn p14_an_answer_older_than_an_unfollow_does_not_bring_the_fan_back() {
    let known = fan(FanStatus::Left, 300);
    let same = updated(&known, &told(true, Some(100)), 900);
    assert!(same.is_none_or(|same| same.fan.status == FanStatus::Left && !same.news));
}

#[test]
fn what_wechat_leaves_out_stays_known() {
    let known = fan(FanStatus::Following, 100);
    let news = updated(&known, &Told { wechat_tags: vec![], remark: Some("vip".into()), ..told(true, Some(100)) }, 900)
        .unwrap();
    assert_eq!(
        (news.fan.unionid.as_deref(), news.fan.remark.as_deref(), news.fan.info_at),
        (Some("u1"), Some("vip"), Some(900))
    );
    assert_eq!(news.fan.wechat_tags, Vec::<i64>::new());
    assert!(!news.news);
}

#[test]
fn tags_that_came_and_went_are_told_apart() {
    let (came, went) = tag_changes(&[100, 101], &[101, 102]);
    assert_eq!((came.collect::<Vec<_>>(), went.collect::<Vec<_>>()), (vec![102], vec![100]));
}

#[test]
fn r15_empty_values_of_wechats_are_no_values() {
    use wechat::api::user::get_user_info::Response;
    let empty = Response {
        subscribe: 1,
        nickname: Some(String::new()),
        sex: Some(0),
        headimgurl: Some(String::new()),
        ..Response::default()
    };
    assert!(fields_of(&Told::from(empty)).is_empty());
    let legacy = Response { subscribe: 1, nickname: Some("小明".into()), sex: Some(2), ..Response::default() };
    assert_eq!(fields_of(&Told::from(legacy)).len(), 2);
}

#[test]
fn a_quota_waits_for_the_minute_or_for_the_day_in_china() {
    let refused =
        |code| Failure::Refused(Refusal { body: ErrorBody::new(ErrCode(code), ""), next: Next::of(ErrCode(code)) });
    // 2026-11-23 20:00 UTC is the 24th, 04:00, in China.
    let now = 1_795_464_000_000;
    assert_eq!(after(&refused(45011), now), Then::Wait { until: now + 60_000, problem: "wechat_minute" });
    let Then::Wait { until, problem } = after(&refused(45009), now) else { panic!("it does not wait") };
    assert_eq!((until - now, problem), (20 * 3_600_000 + 60_000, "wechat_day"));
    assert_eq!(after(&refused(61003), now), Then::Lost);
    assert_eq!(after(&refused(48001), now), Then::Stop { problem: "not_allowed" });
    assert_eq!(after(&Failure::Unclear("cut".into()), now), Then::Wait { until: now + 15_000, problem: "wechat_away" });
}
