use super::*;

const HEAD: &str = "<ToUserName><![CDATA[gh_3f2a90c1d4e5]]></ToUserName>\n<FromUserName><![CDATA[oA1b2C3d4E5f6G7h8I9j0K1l2M3n]]></FromUserName>\n<CreateTime>1700000001</CreateTime>\n";

fn push(rest: &str) -> Message {
    decode(format!("<xml>{HEAD}{rest}</xml>").as_bytes()).expect("a push")
}

fn event(rest: &str) -> Message {
    push(&format!("<MsgType><![CDATA[event]]></MsgType>\n{rest}"))
}

/// Decodes to the kind, and is written back letter by letter.
fn same(rest: &str, kind: Kind) {
    let xml = format!("<xml>{HEAD}{rest}</xml>");
    let message = decode(xml.as_bytes()).expect("a push");
    assert_eq!(message.kind, kind);
    assert_eq!(encode_xml(&message), xml);
    let through_json = decode(encode_json(&message).as_bytes()).expect("json");
    assert_eq!(through_json, message, "{}", encode_json(&message));
    assert_eq!(through_json.dedupe(), message.dedupe());
}

#[test]
fn a_live_text_is_read_and_written_with_the_same_layout() {
    same(
        "<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[opening hours?]]></Content>\n<MsgId>24350012345678901</MsgId>\n",
        Kind::Text(Text { content: "opening hours?".to_owned(), menu_id: None }),
    );
}

#[test]
fn the_fields_after_the_message_id_stay_there() {
    same(
        "<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[yes]]></Content>\n<MsgId>24350012345678902</MsgId>\n<bizmsgmenuid><![CDATA[101]]></bizmsgmenuid>\n",
        Kind::Text(Text { content: "yes".to_owned(), menu_id: Some("101".to_owned()) }),
    );
    same(
        "<MsgType><![CDATA[voice]]></MsgType>\n<MediaId><![CDATA[M]]></MediaId>\n<Format><![CDATA[amr]]></Format>\n<MsgId>1</MsgId>\n<MediaId16K><![CDATA[M16]]></MediaId16K>\n",
        Kind::Voice(Voice {
            media_id: "M".to_owned(),
            format: "amr".to_owned(),
            recognition: None,
            media_id_16k: Some("M16".to_owned()),
        }),
    );
}

#[test]
fn a_message_from_inside_an_article_names_it() {
    let message = push(
        "<MsgType>text</MsgType><Content>x</Content><MsgId>18446744073709551615</MsgId><MsgDataId>2247483649</MsgDataId><Idx>2</Idx>",
    );
    assert_eq!(message.msg_id, Some(u64::MAX));
    assert_eq!(message.article, Some(Article { msg_data_id: 2_247_483_649, idx: 2 }));
}

#[test]
fn a_location_has_coordinates() {
    same(
        "<MsgType><![CDATA[location]]></MsgType>\n<Location_X>23.134521</Location_X>\n<Location_Y>113.358803</Location_Y>\n<Scale>20</Scale>\n<Label><![CDATA[广州]]></Label>\n<MsgId>1</MsgId>\n",
        Kind::Location(Location { x: 23.134521, y: 113.358803, scale: Some(20), label: "广州".to_owned() }),
    );
}

#[test]
fn a_follow_through_a_code_tells_its_scene() {
    let message = event(
        "<Event><![CDATA[SUBSCRIBE]]></Event><EventKey><![CDATA[qrscene_shop42]]></EventKey><Ticket><![CDATA[gQH]]></Ticket>",
    );
    let Kind::Event(event) = &message.kind else { panic!("an event was expected") };
    assert_eq!(event.scene(), Some("shop42"));
    assert_eq!(message.kind.interaction(), Some(Interaction::Follow));
    same(
        "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[subscribe]]></Event>\n<EventKey><![CDATA[]]></EventKey>\n",
        Kind::Event(Event::Subscribe { key: String::new(), ticket: None }),
    );
}

#[test]
fn a_follow_without_an_event_key_is_the_same_follow() {
    let with = event("<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[]]></EventKey>");
    let without = event("<Event><![CDATA[subscribe]]></Event>");
    assert_eq!(with, without);
}

#[test]
fn pictures_are_found_in_one_list_or_in_several() {
    let item = |md5: &str| format!("<item><PicMd5Sum><![CDATA[{md5}]]></PicMd5Sum></item>");
    let pictures = |list: &str| {
        let message = event(&format!(
            "<Event><![CDATA[pic_weixin]]></Event><EventKey><![CDATA[k]]></EventKey><SendPicsInfo><Count>1</Count>{list}</SendPicsInfo>"
        ));
        let Kind::Event(Event::PicWeixin { pictures, .. }) = message.kind else { panic!("pictures were expected") };
        pictures.pictures.into_iter().map(|picture| picture.md5).collect::<Vec<_>>()
    };
    assert_eq!(pictures(&format!("<PicList>{}{}</PicList>", item("a"), item("b"))), ["a", "b"]);
    assert_eq!(pictures(&format!("<PicList>{}</PicList><PicList>{}</PicList>", item("a"), item("b"))), ["a", "b"]);
    assert!(pictures("<PicList></PicList>").is_empty());
}

#[test]
fn a_picked_place_keeps_its_numbers_in_cdata() {
    same(
        "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[location_select]]></Event>\n<EventKey><![CDATA[k]]></EventKey>\n<SendLocationInfo><Location_X><![CDATA[23.1]]></Location_X><Location_Y><![CDATA[113.3]]></Location_Y><Scale><![CDATA[15]]></Scale><Label><![CDATA[addr]]></Label><Poiname><![CDATA[]]></Poiname></SendLocationInfo>\n",
        Kind::Event(Event::LocationSelect {
            key: "k".to_owned(),
            place: menu::SendLocationInfo {
                x: 23.1,
                y: 113.3,
                scale: Some(15),
                label: "addr".to_owned(),
                poi_name: String::new(),
            },
        }),
    );
}

#[test]
fn a_broadcast_result_keeps_its_lists() {
    same(
        "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[MASSSENDJOBFINISH]]></Event>\n<MsgID>3147483650</MsgID>\n<Status><![CDATA[send success]]></Status>\n<TotalCount>4</TotalCount>\n<FilterCount>4</FilterCount>\n<SentCount>4</SentCount>\n<ErrorCount>0</ErrorCount>\n<CopyrightCheckResult><Count>0</Count><ResultList></ResultList><CheckState>0</CheckState></CopyrightCheckResult>\n<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl><![CDATA[http://mp.weixin.qq.com/s/abc]]></ArticleUrl></item></ResultList></ArticleUrlResult>\n",
        Kind::Event(Event::MassSendJobFinish {
            msg_id: 3_147_483_650,
            status: "send success".to_owned(),
            total_count: Some(4),
            filter_count: Some(4),
            sent_count: Some(4),
            error_count: Some(0),
            copyright: Some(job::CopyrightCheckResult { count: Some(0), results: Vec::new(), check_state: Some(0) }),
            articles: Some(job::ArticleUrlResult {
                count: Some(1),
                results: vec![job::SentArticle {
                    article_idx: Some(1),
                    article_url: "http://mp.weixin.qq.com/s/abc".to_owned(),
                }],
            }),
        }),
    );
}

#[test]
fn a_publication_result_has_articles_or_faults() {
    same(
        "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[PUBLISHJOBFINISH]]></Event>\n<PublishEventInfo><publish_id>2247483999</publish_id><publish_status>0</publish_status><article_id><![CDATA[ART]]></article_id><article_detail><count>1</count><item><idx>1</idx><article_url><![CDATA[http://mp.weixin.qq.com/s/x]]></article_url></item></article_detail></PublishEventInfo>\n",
        Kind::Event(Event::PublishJobFinish {
            info: job::PublishEventInfo {
                publish_id: 2_247_483_999,
                publish_status: 0,
                article_id: Some("ART".to_owned()),
                article_detail: Some(job::ArticleDetail {
                    count: Some(1),
                    items: vec![job::PublishedArticle {
                        idx: Some(1),
                        article_url: "http://mp.weixin.qq.com/s/x".to_owned(),
                    }],
                }),
                fail_idx: Vec::new(),
            },
        }),
    );
    let faults = event(
        "<Event>PUBLISHJOBFINISH</Event><PublishEventInfo><publish_id>1</publish_id><publish_status>2</publish_status><fail_idx>1</fail_idx><fail_idx>3</fail_idx></PublishEventInfo>",
    );
    let Kind::Event(Event::PublishJobFinish { info }) = faults.kind else { panic!("a publication was expected") };
    assert_eq!(info.fail_idx, [1, 3]);
}

#[test]
fn subscription_choices_are_read_wherever_json_puts_them() {
    let choice = |id: &str, status: &str| subscription::Choice {
        template_id: id.to_owned(),
        status: status.to_owned(),
        popup_scene: Some(2),
    };
    let list = |id: &str, status: &str| {
        format!(
            "<List><TemplateId><![CDATA[{id}]]></TemplateId><SubscribeStatusString><![CDATA[{status}]]></SubscribeStatusString><PopupScene>2</PopupScene></List>"
        )
    };
    for ids in [&["tplA", "tplB"][..], &["tplA"]] {
        let lists: String = ids.iter().map(|id| list(id, "accept")).collect();
        same(
            &format!(
                "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[subscribe_msg_popup_event]]></Event>\n<SubscribeMsgPopupEvent>{lists}</SubscribeMsgPopupEvent>\n"
            ),
            Kind::Event(Event::SubscribeMsgPopup { list: ids.iter().map(|id| choice(id, "accept")).collect() }),
        );
    }
    let json = br#"{"ToUserName":"gh_a","FromUserName":"oA","CreateTime":"1758783896","MsgType":"event","Event":"subscribe_msg_popup_event","List":{"TemplateId":"tplA","SubscribeStatusString":"reject","PopupScene":"2"}}"#;
    let message = decode(json).expect("json with strings for numbers");
    assert_eq!(message.create_time, 1_758_783_896);
    assert_eq!(message.kind, Kind::Event(Event::SubscribeMsgPopup { list: vec![choice("tplA", "reject")] }));
}

#[test]
fn unknown_pushes_are_kept_whole() {
    let rest = "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[brand_new]]></Event>\n<A><![CDATA[1]]></A>\n<B>2</B>\n<C><item><D>x y</D></item></C>\n";
    let message = push(rest);
    let Kind::Unknown(unknown) = &message.kind else { panic!("unknown was expected") };
    assert_eq!(unknown.event.as_deref(), Some("brand_new"));
    assert_eq!(unknown.fields.text("B"), Some("2"));
    assert_eq!(encode_xml(&message), format!("<xml>{HEAD}{}</xml>", rest.replace("x y", "<![CDATA[x y]]>")));
    let device = push("<MsgType>device_text</MsgType><DeviceID>d</DeviceID><MsgId>7</MsgId>");
    assert_eq!((device.msg_id, device.kind.msg_type()), (Some(7), "device_text"));
}

#[test]
fn a_known_kind_in_an_unknown_shape_is_kept_whole() {
    let message = push("<MsgType>location</MsgType><Location_X>north</Location_X><MsgId>7</MsgId>");
    let Kind::Unknown(unknown) = &message.kind else { panic!("unknown was expected") };
    assert_eq!(unknown.fields.text("Location_X"), Some("north"));
}

#[test]
fn an_envelope_that_names_nobody_is_an_error() {
    let missing = |body: &str| decode(body.as_bytes()).expect_err("an error");
    assert_eq!(missing("<xml><FromUserName>o</FromUserName></xml>"), DecodeError::Missing("ToUserName"));
    assert_eq!(missing("<xml><ToUserName>g</ToUserName></xml>"), DecodeError::Missing("FromUserName"));
    assert_eq!(
        missing(r#"{"ToUserName":"g","FromUserName":"o o","CreateTime":1,"MsgType":"text"}"#),
        DecodeError::Invalid("FromUserName")
    );
    assert_eq!(
        missing(r#"{"ToUserName":"g","FromUserName":"o","CreateTime":"x","MsgType":"text"}"#),
        DecodeError::Invalid("CreateTime")
    );
    assert_eq!(missing(r#"{"ToUserName":"g","FromUserName":"o","CreateTime":1}"#), DecodeError::Missing("MsgType"));
}

#[test]
fn two_events_of_one_fan_in_one_second_are_two() {
    let click = |key: &str| event(&format!("<Event>CLICK</Event><EventKey>{key}</EventKey>")).dedupe();
    assert_eq!(click("a"), click("a"));
    assert_ne!(click("a"), click("b"));
    let view = event("<Event>VIEW</Event><EventKey>a</EventKey>").dedupe();
    assert_ne!(click("a"), view);
    let job = |id: &str| {
        event(&format!("<Event>TEMPLATESENDJOBFINISH</Event><MsgID>{id}</MsgID><Status>success</Status>")).dedupe()
    };
    assert_ne!(job("1"), job("2"));
    let unknown = |value: &str| event(&format!("<Event>brand_new</Event><A>{value}</A>")).dedupe();
    assert_ne!(unknown("1"), unknown("2"));
}

#[test]
fn a_message_is_known_by_its_id() {
    let text = |content: &str, id: u64| {
        push(&format!("<MsgType>text</MsgType><Content>{content}</Content><MsgId>{id}</MsgId>")).dedupe()
    };
    assert_eq!(text("a", 1), text("a", 1));
    assert_ne!(text("a", 1), text("a", 2));
}

#[test]
fn the_ciphertext_beside_a_plain_push_does_not_make_it_another() {
    let push = |cipher: &str| event(&format!("<Event>brand_new</Event><A>1</A><Encrypt>{cipher}</Encrypt>"));
    assert_eq!(push("QUJD").dedupe(), push("REVG").dedupe());
}

#[test]
fn job_statuses_are_read_whatever_their_blanks() {
    use job::{MassStatus, TemplateStatus};
    assert_eq!(MassStatus::of("send success"), MassStatus::Success);
    assert_eq!(MassStatus::of("sendsuccess"), MassStatus::Success);
    assert_eq!(MassStatus::of("send fail"), MassStatus::Fail);
    assert_eq!(MassStatus::of("err(20431)"), MassStatus::Stopped(20431));
    assert_eq!(MassStatus::of("err()"), MassStatus::Other("err()".to_owned()));
    assert_eq!(TemplateStatus::of("failed:user block"), TemplateStatus::UserBlock);
    assert_eq!(TemplateStatus::of("failed: system failed"), TemplateStatus::SystemFailed);
}

#[test]
fn what_a_push_allows_follows_from_what_the_fan_did() {
    let text = push("<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId>").kind;
    assert_eq!(
        (text.interaction(), text.may_be_answered(), text.max_articles()),
        (Some(Interaction::Message), true, 1)
    );
    let tap = push("<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId><bizmsgmenuid>101</bizmsgmenuid>").kind;
    assert_eq!(tap.interaction(), Some(Interaction::MenuTap));
    let view = event("<Event>VIEW</Event><EventKey>u</EventKey>").kind;
    assert_eq!((view.interaction(), view.may_be_answered()), (None, false));
    let scan = event("<Event>SCAN</Event><EventKey>7</EventKey>").kind;
    assert_eq!((scan.interaction(), scan.max_articles()), (Some(Interaction::Scan), 8));
}
