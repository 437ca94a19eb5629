//! The list of fans, and what is said of each.

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch};

use crate::stage::{Stage, code};

fn openids(page: &Value) -> Vec<String> {
    let list = page["data"]["openid"].as_array().cloned().unwrap_or_default();
    list.iter().map(|openid| openid.as_str().expect("text").to_owned()).collect()
}

#[tokio::test]
async fn the_list_is_paged_by_ten_thousand_and_ends_without_data() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 23_000);
    let gone = stage.openid(&account, 10_000);
    stage.sandbox.unfollow(&account.appid, &gone).expect("unfollowed");
    let token = stage.token(&account).await;
    let (mut next, mut all, mut counts) = (String::new(), Vec::new(), Vec::new());
    loop {
        let page = stage.get(&format!("/cgi-bin/user/get?access_token={token}&next_openid={next}")).await;
        assert_eq!(page["total"], 22_999);
        let count = page["count"].as_u64().expect("count");
        counts.push(count);
        if count == 0 {
            assert!(page.get("data").is_none());
            assert_eq!(page["next_openid"], "");
            break;
        }
        all.extend(openids(&page));
        next = page["next_openid"].as_str().expect("next").to_owned();
        assert_eq!(Some(&next), all.last());
    }
    assert_eq!(counts, [10_000, 10_000, 2999, 0]);
    assert!(!all.contains(&gone));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 22_999);
}

#[tokio::test]
async fn an_openid_of_another_account_is_invalid() {
    let stage = Stage::new().await;
    let (ours, theirs) = (stage.account(AccountKind::Service, 5), stage.account(AccountKind::Service, 5));
    let token = stage.token(&ours).await;
    let foreign = stage.openid(&theirs, 1);
    assert_eq!(code(&stage.get(&format!("/cgi-bin/user/get?access_token={token}&next_openid={foreign}")).await), 40003);
    assert_eq!(code(&stage.get(&format!("/cgi-bin/user/info?access_token={token}&openid={foreign}")).await), 40003);
    let never_met = stage.openid(&ours, 50);
    assert_eq!(code(&stage.get(&format!("/cgi-bin/user/info?access_token={token}&openid={never_met}")).await), 40003);
}

#[tokio::test]
async fn names_are_given_only_with_the_legacy_switch_and_unionids_only_when_bound() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let other = stage.account_with(
        AccountKind::Subscription,
        5,
        AccountPatch { open_platform: Some(true), ..AccountPatch::default() },
    );
    let token = stage.token(&account).await;
    let path = format!("/cgi-bin/user/info?access_token={token}&openid={}&lang=zh_CN", stage.openid(&account, 3));
    let fan = stage.get(&path).await;
    assert_eq!((&fan["subscribe"], &fan["nickname"], &fan["city"]), (&json!(1), &json!(""), &json!("")));
    assert!(fan.get("unionid").is_none() && fan["tagid_list"] == json!([]) && fan["groupid"] == 0, "{fan}");
    let patch = AccountPatch { legacy_profile: Some(true), open_platform: Some(true), ..AccountPatch::default() };
    stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
    let fan = stage.get(&path).await;
    assert_ne!(fan["nickname"], "");
    let theirs = stage.token(&other).await;
    let same = stage.get(&format!("/cgi-bin/user/info?access_token={theirs}&openid={}", stage.openid(&other, 3))).await;
    assert_eq!(fan["unionid"], same["unionid"]);
    assert_ne!(fan["openid"], same["openid"]);
    // Under another Open Platform account a person has another name.
    let patch = AccountPatch { open_platform_no: Some(1), ..AccountPatch::default() };
    stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
    let moved = stage.get(&path).await;
    assert_eq!(moved["openid"], fan["openid"]);
    assert_ne!(moved["unionid"], fan["unionid"]);
}

#[tokio::test]
async fn a_batch_answers_up_to_a_hundred_in_their_order() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 200);
    let token = stage.token(&account).await;
    stage.sandbox.unfollow(&account.appid, "7").expect("unfollowed");
    let path = format!("/cgi-bin/user/info/batchget?access_token={token}");
    let list = |people: &[u64]| -> Value {
        people.iter().map(|&person| json!({"openid": stage.openid(&account, person), "lang": "zh_CN"})).collect()
    };
    let asked: Vec<u64> = (0..100).rev().collect();
    let answer = stage.post(&path, json!({"user_list": list(&asked)})).await;
    let fans = answer["user_info_list"].as_array().expect("a list");
    let given: Vec<&Value> = fans.iter().map(|fan| &fan["openid"]).collect();
    let wanted: Vec<Value> = asked.iter().map(|&person| stage.openid(&account, person).into()).collect();
    assert_eq!(given, wanted.iter().collect::<Vec<_>>());
    assert_eq!(fans[92], json!({"subscribe": 0, "openid": stage.openid(&account, 7), "tagid_list": []}));
    let too_many: Vec<u64> = (0..101).collect();
    assert_eq!(code(&stage.post(&path, json!({"user_list": list(&too_many)})).await), 40032);
}

#[tokio::test]
async fn a_remark_is_kept_and_not_too_long() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 2);
    let path = format!("/cgi-bin/user/info/updateremark?access_token={token}");
    assert_eq!(code(&stage.post(&path, json!({"openid": openid, "remark": "老顾客"})).await), 0);
    assert_eq!(code(&stage.post(&path, json!({"openid": openid, "remark": "长".repeat(30)})).await), 40092);
    let fan = stage.get(&format!("/cgi-bin/user/info?access_token={token}&openid={openid}")).await;
    assert_eq!(fan["remark"], "老顾客");
}
