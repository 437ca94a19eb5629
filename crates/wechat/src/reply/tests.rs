use super::*;
use crate::message::{Event, Kind, Text};

fn article(title: &str) -> Article {
    Article {
        title: title.to_owned(),
        description: "12 new items".to_owned(),
        pic_url: "https://img.example.com/a.jpg".to_owned(),
        url: "https://example.com/a".to_owned(),
    }
}

fn all() -> Vec<Reply> {
    let some = |text: &str| Some(text.to_owned());
    vec![
        Reply::text("line 1\nline 2 ]]> <a href=\"https://example.com\">x</a> 你好"),
        Reply::Image { media_id: "M".to_owned() },
        Reply::Voice { media_id: "M".to_owned() },
        Reply::Video { media_id: "M".to_owned(), title: some("t"), description: None },
        Reply::Music {
            title: some("t"),
            description: None,
            music_url: some("https://example.com/a.mp3"),
            hq_music_url: None,
            thumb_media_id: "T".to_owned(),
        },
        Reply::News { articles: vec![article("a")] },
        Reply::News { articles: vec![article("a"), article("b")] },
        Reply::TransferCustomerService { kf_account: None },
        Reply::TransferCustomerService { kf_account: some("anna@shop") },
    ]
}

#[test]
fn every_reply_is_read_back_from_both_spellings() {
    for reply in all() {
        let want = Addressed {
            to: "oFAN".to_owned(),
            from: "gh_a".to_owned(),
            create_time: 1_700_000_003,
            reply: reply.clone(),
        };
        let xml = reply.encode_xml("oFAN", "gh_a", 1_700_000_003);
        assert_eq!(decode(xml.as_bytes()), Ok(Some(want.clone())), "{xml}");
        let json = reply.encode_json("oFAN", "gh_a", 1_700_000_003);
        assert_eq!(decode(json.as_bytes()), Ok(Some(want)), "{json}");
        let stored = serde_json::to_string(&reply).expect("json");
        assert_eq!(serde_json::from_str::<Reply>(&stored).expect("json"), reply);
    }
}

#[test]
fn news_has_its_articles_in_items() {
    let xml = Reply::News { articles: vec![article("a")] }.encode_xml("o", "g", 1);
    assert!(xml.contains("<ArticleCount>1</ArticleCount>\n<Articles><item><Title><![CDATA[a]]></Title>"), "{xml}");
}

#[test]
fn silence_is_success_or_nothing() {
    assert_eq!(decode(b""), Ok(None));
    assert_eq!(decode(SILENCE.as_bytes()), Ok(None));
    assert_eq!(decode(b"ok"), Err(DecodeError::Xml));
}

#[test]
fn broken_replies_are_refused() {
    let with = |rest: &str| {
        decode(format!("<xml><ToUserName>o</ToUserName><FromUserName>g</FromUserName><CreateTime>1700000003000</CreateTime>{rest}</xml>").as_bytes())
    };
    assert_eq!(with("<MsgType>text</MsgType><Content></Content>"), Err(DecodeError::Missing("Content")));
    assert_eq!(with("<MsgType>image</MsgType><MediaId>M</MediaId>"), Err(DecodeError::Missing("Image")));
    assert_eq!(with("<MsgType>poem</MsgType>"), Err(DecodeError::Invalid("MsgType")));
    assert!(with("<MsgType>text</MsgType><Content>x</Content>").is_ok());
}

#[test]
fn what_would_not_be_delivered_is_found_beforehand() {
    let text = Kind::Text(Text::default());
    let follow = Kind::Event(Event::Subscribe { key: String::new(), ticket: None });
    assert_eq!(Reply::text("").check(&text), Err(ReplyFault::EmptyContent));
    assert_eq!(Reply::text("你".repeat(682)).check(&text), Ok(()));
    assert_eq!(Reply::text("你".repeat(683)).check(&text), Err(ReplyFault::ContentTooLong { bytes: 2049 }));
    assert_eq!(Reply::Image { media_id: String::new() }.check(&text), Err(ReplyFault::NoMedia));
    let news = |count| Reply::News { articles: vec![article("a"); count] };
    assert_eq!(news(0).check(&follow), Err(ReplyFault::NoArticles));
    assert_eq!(news(2).check(&text), Err(ReplyFault::TooManyArticles { count: 2, allowed: 1 }));
    assert_eq!(news(8).check(&follow), Ok(()));
    assert_eq!(news(9).check(&follow), Err(ReplyFault::TooManyArticles { count: 9, allowed: 8 }));
}
