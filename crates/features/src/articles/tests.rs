use std::{collections::HashMap, sync::Arc};

use entities::articles::{AtWechat, Comments, Item};
use kit::{AccountId, MediaId, http::Faults};
use wechat::api::draft;
use wechat_client::Pictures;

use super::{
    decide,
    html::{self, Src},
    wire::{self, Uploaded},
};

fn pictures() -> Pictures {
    Pictures::new("qpic.cn").unwrap()
}

const THEIRS: &str = "http://mmbiz.qpic.cn/mmbiz_png/a/640?wx_fmt=png&from=1";

#[test]
fn what_wechat_does_not_keep_goes_and_the_words_stay() {
    let dirty = r##"<section class="x" style="color: red; position: fixed; background-image: url(https://evil.example/a.png); line-height: 1.75" onclick="x()">
        <script>alert(1)</script><iframe src="https://v.example"></iframe><p id="y">你好 <a href="javascript:x()">a</a><a href="https://shop.example/">b</a></p>
        <img src="https://evil.example/p.png"><img src="/api/v1/media/12/file" alt="c>d"></section>"##;
    let kept = html::clean(&pictures(), dirty, html::kept());
    for gone in ["script", "alert", "iframe", "class", "id=", "onclick", "position", "evil", "javascript", "url("] {
        assert!(!kept.contains(gone), "{gone}: {kept}");
    }
    for there in ["color: red", "line-height: 1.75", "你好", "https://shop.example/", r#"src="/api/v1/media/12/file""#]
    {
        assert!(kept.contains(there), "{there}: {kept}");
    }
    assert_eq!(kept.matches("<img").count(), 1, "{kept}");
    assert_eq!(html::clean(&pictures(), &kept, html::kept()), kept, "cleaning twice changes nothing");
}

#[test]
fn wechats_pictures_are_shown_by_our_own_server_and_kept_by_their_own_address() {
    let body = format!(r#"<p style="background: url('{THEIRS}') no-repeat"><img data-src="{THEIRS}"></p>"#);
    let kept = html::clean(&pictures(), &body, html::kept());
    assert!(kept.contains("http://mmbiz.qpic.cn/") && !kept.contains("data-src"), "{kept}");
    let shown = html::clean(&pictures(), &kept, html::shown(AccountId(7)));
    assert!(
        !shown.contains("http://mmbiz.qpic.cn") && shown.contains("/api/v1/accounts/7/wechat_picture?address="),
        "{shown}"
    );
    assert_eq!(html::clean(&pictures(), &shown, html::kept()), kept, "what was shown comes back as it was kept");
    let Src::Theirs(address) = html::src(&pictures(), &html::shown_at(AccountId(7), THEIRS)) else { panic!("{shown}") };
    assert_eq!(address, THEIRS);
    assert_eq!(html::src(&pictures(), "https://qpic.cn.evil.example/a.png"), Src::Foreign);
    let through_us = "/api/v1/accounts/7/wechat_picture?address=https%3A%2F%2Fevil.example%2Fa.png";
    assert_eq!(html::src(&pictures(), through_us), Src::Foreign);
}

fn item() -> Item {
    Item {
        title: "Autumn".into(),
        html: r#"<p>Hello</p><img src="/api/v1/media/5/file">"#.into(),
        cover_media_id: Some(MediaId(6)),
        comments: Comments::Fans,
        ..Item::default()
    }
}

#[test]
fn an_article_comes_back_from_wechat_with_our_own_pictures() {
    let uploaded = Uploaded {
        bodies: HashMap::from([(MediaId(5), THEIRS.to_owned())]),
        covers: HashMap::from([(MediaId(6), "perm_6".to_owned())]),
    };
    let sent = wire::to_wechat(&pictures(), &item(), &uploaded);
    assert_eq!((sent.thumb_media_id.as_str(), sent.need_open_comment, sent.only_fans_can_comment), ("perm_6", 1, 1));
    assert!(sent.content.contains("mmbiz.qpic.cn") && !sent.content.contains("/api/"), "{}", sent.content);
    let ours = Arc::new(HashMap::from([(THEIRS.to_owned(), MediaId(5)), ("perm_6".to_owned(), MediaId(6))]));
    let back = wire::from_wechat(&pictures(), &sent, &ours);
    assert_eq!(
        (&back.title, &back.html, back.cover_media_id, back.comments),
        (&item().title, &item().html, Some(MediaId(6)), Comments::Fans)
    );
    assert!(wire::reads_like(&pictures(), &[item()], std::slice::from_ref(&sent)));
    let other = draft::Article { title: "Winter".into(), ..sent.clone() };
    assert!(!wire::reads_like(&pictures(), &[item()], std::slice::from_ref(&other)));
    let viewed = draft::Article { url: Some("http://x".into()), thumb_url: Some("http://y".into()), ..sent.clone() };
    assert!(wire::same(std::slice::from_ref(&sent), &[viewed]), "addresses that do not last make no difference");
}

#[test]
fn a_message_of_pictures_goes_back_as_it_came() {
    let theirs = draft::Article {
        article_type: "newspic".into(),
        title: "Photos".into(),
        content: "plain <words>".into(),
        image_info: Some(draft::ImageInfo { image_list: vec![draft::Image { image_media_id: "m1".into() }] }),
        ..draft::Article::default()
    };
    let item = wire::from_wechat(&pictures(), &theirs, &Arc::default());
    assert_eq!(item.wechat.as_ref().map(|at: &AtWechat| at.images.clone()), Some(vec!["m1".to_owned()]));
    assert!(wire::same(&[wire::to_wechat(&pictures(), &item, &Uploaded::default())], &[theirs]));
}

#[test]
fn what_is_wrong_is_said_of_each_item_and_unfinished_ones_may_be_kept() {
    let codes = |check: fn(&[Item], &mut Faults), items: &[Item]| {
        let mut faults = Faults::default();
        check(items, &mut faults);
        faults.into_list().into_iter().map(|fault| (fault.field, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(codes(decide::check_written, &[Item::default()]), vec![]);
    let long = Item { title: "长".repeat(33), source_url: "ftp://a".into(), ..Item::default() };
    assert_eq!(
        codes(decide::check_written, &[item(), long]),
        vec![("items[1].title".to_owned(), "too_long"), ("items[1].source_url".to_owned(), "url"),]
    );
    assert_eq!(codes(decide::check_whole, &[item()]), vec![]);
    let empty = codes(decide::check_whole, &[Item::default()]);
    assert_eq!(
        empty.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(),
        ["items[0].title", "items[0].html", "items[0].cover_media_id"]
    );
    assert_eq!(codes(decide::check_written, &[]), vec![("items".to_owned(), "count")]);
    assert_eq!(codes(decide::check_written, &vec![Item::default(); 9]), vec![("items".to_owned(), "count")]);
}
