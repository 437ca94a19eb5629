use serde_json::json;

use super::*;
use crate::errcode::{Answer, parse_answer};

/// The sample answers of the documentation are read, and what is written from them reads the same.
fn answers<C: Call>(sample: serde_json::Value) -> C::Response {
    let Answer::Ok(_) = parse_answer::<C::Response>(sample.to_string().as_bytes()) else {
        panic!("{} does not read {sample}", C::PATH)
    };
    let Ok(response) = serde_json::from_value::<C::Response>(sample.clone()) else { panic!("{sample}") };
    let written = serde_json::to_value(&response).expect("json");
    for (key, value) in sample.as_object().expect("an object") {
        if !["errcode", "errmsg"].contains(&key.as_str()) {
            assert_eq!(written.get(key), Some(value), "{} loses {key}", C::PATH);
        }
    }
    response
}

/// The sample requests of the documentation are what is written, and they are read.
fn asks<C: Call>(request: &C::Request, sample: serde_json::Value) {
    assert_eq!(serde_json::to_value(request).expect("json"), sample, "{}", C::PATH);
    let back: C::Request = serde_json::from_value(sample.clone()).expect("reads its own");
    assert_eq!(serde_json::to_value(back).expect("json"), sample);
}

#[test]
fn an_authorization_is_read_as_documented() {
    let response = answers::<component::query_auth::QueryAuth>(json!({"authorization_info":{
        "authorizer_appid":"wxauth0000000001","authorizer_access_token":"aat_1","expires_in":7200,
        "authorizer_refresh_token":"refreshtoken@@@R1",
        "func_info":[{"funcscope_category":{"id":1}},
            {"funcscope_category":{"id":8},"confirm_info":{"need_confirm":0,"already_confirm":0,"can_confirm":0}}]}}));
    assert_eq!(response.authorization_info.sets().collect::<Vec<_>>(), [1, 8]);
    assert!(!format!("{response:?}").contains("aat_1"), "tokens do not print");
}

#[test]
fn an_account_is_read_as_documented() {
    let body = json!({"authorizer_info":{"nick_name":"Harbour Books","head_img":"http://wx.qlogo.cn/x/0",
        "service_type_info":{"id":2},"verify_type_info":{"id":0,"name":"x"},"user_name":"gh_0123456789ab","alias":"",
        "business_info":{"open_pay":0,"open_card":1},"idc":1,"principal_name":"Harbour Books Co., Ltd.","signature":"Books",
        "account_status":1,"basic_config":{"is_phone_configured":true}},
        "authorization_info":{"authorizer_appid":"wxauth0000000001","func_info":[]}});
    let response: component::get_authorizer_info::Response = serde_json::from_value(body).expect("reads");
    assert_eq!(response.authorizer_info.service_type_info.id, 2);
    assert!(!response.authorizer_info.is_mini_program());
    assert_eq!(response.authorization_info.authorizer_refresh_token, None);
}

#[test]
fn an_authorizer_without_refresh_token_is_listed() {
    let response = answers::<component::get_authorizer_list::GetAuthorizerList>(json!({"total_count":2,"list":[
        {"authorizer_appid":"wxauth0000000001","refresh_token":"refreshtoken@@@R1","auth_time":1764000100},
        {"authorizer_appid":"wxauth0000000002","auth_time":1764000200}]}));
    assert_eq!(response.list[1].refresh_token, None);
}

#[test]
fn pages_of_openids_end_without_data() {
    let page = answers::<user::list_users::ListUsers>(
        json!({"total":23000,"count":2,"data":{"openid":["oA1","oA2"]},"next_openid":"oA2"}),
    );
    assert_eq!(page.data.expect("data").openid.len(), 2);
    let end = answers::<user::list_users::ListUsers>(json!({"total":23000,"count":0,"next_openid":""}));
    assert_eq!(end.data, None);
}

#[test]
fn a_fan_who_left_has_little_more_than_an_openid() {
    let left = answers::<user::get_user_info::GetUserInfo>(json!({"subscribe":0,"openid":"oA1"}));
    assert!(!left.follows());
    answers::<user::get_user_info::GetUserInfo>(
        json!({"subscribe":1,"openid":"oA1","nickname":"","sex":0,"language":"zh_CN",
        "city":"","province":"","country":"","headimgurl":"","subscribe_time":1764000000,"unionid":"uX1","remark":"","groupid":0,
        "tagid_list":[101],"subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":0,"qr_scene_str":"shop-12"}),
    );
}

#[test]
fn custom_messages_are_written_as_documented() {
    use custom::send_message::*;
    asks::<SendMessage>(
        &Request::new("oFAN", Content::text("你好")),
        json!({"touser":"oFAN","msgtype":"text","text":{"content":"你好"}}),
    );
    let menu = MsgMenu {
        head_content: "Helpful?".to_owned(),
        list: vec![MsgMenuItem { id: "101".to_owned(), content: "yes".to_owned() }],
        tail_content: "Thanks".to_owned(),
    };
    asks::<SendMessage>(
        &Request {
            customservice: Some(CustomService { kf_account: "anna@shop".to_owned() }),
            ..Request::new("oFAN", Content::MsgMenu { msgmenu: menu })
        },
        json!({"touser":"oFAN","msgtype":"msgmenu","msgmenu":{"head_content":"Helpful?","list":[{"id":"101","content":"yes"}],
            "tail_content":"Thanks"},"customservice":{"kf_account":"anna@shop"}}),
    );
    for msgtype in Content::MSGTYPES {
        let body = json!({"touser":"oFAN","msgtype":msgtype,msgtype:{}});
        let request: Request = serde_json::from_value(body).expect("every msgtype is read");
        assert_eq!(serde_json::to_value(request).expect("json")["msgtype"], msgtype);
    }
}

#[test]
fn chinese_is_written_as_it_is_and_not_as_escapes() {
    let request = custom::send_message::Request::new("oFAN", custom::send_message::Content::text("你好"));
    assert!(serde_json::to_string(&request).expect("json").contains("你好"));
}

#[test]
fn menus_are_written_and_read_as_documented() {
    use menu::{Button, types};
    let button = Button {
        name: "More".to_owned(),
        sub_button: Some(vec![Button {
            kind: Some(types::VIEW.to_owned()),
            name: "Shop".to_owned(),
            url: Some("https://shop.example.com/".to_owned()),
            ..Button::default()
        }]),
        ..Button::default()
    };
    asks::<menu::create_menu::CreateMenu>(
        &menu::create_menu::Request { button: vec![button] },
        json!({"button":[{"name":"More","sub_button":[{"type":"view","name":"Shop","url":"https://shop.example.com/"}]}]}),
    );
    let got = answers::<menu::get_menu::GetMenu>(json!({
        "menu":{"button":[{"type":"click","name":"Today","key":"K_TODAY","sub_button":[]}],"menuid":401654600},
        "conditionalmenu":[{"button":[],"matchrule":{"tag_id":"134","client_platform_type":"2"},"menuid":401654628}]}));
    assert_eq!(got.menu.button[0].items(), []);
    answers::<menu::get_menu::GetMenu>(json!({"menu":{"button":[]}}));
    for id in [json!("401654628"), json!(401654628)] {
        let made: menu::add_conditional_menu::Response = serde_json::from_value(json!({"menuid":id})).expect("reads");
        assert_eq!(made.menuid, "401654628");
    }
    answers::<menu::get_selfmenu_info::GetSelfmenuInfo>(json!({"is_menu_open":1,"selfmenu_info":{"button":[
        {"name":"More","sub_button":{"list":[{"type":"view","name":"Shop","url":"https://.."}]}},
        {"type":"news","name":"N","value":"MEDIA","news_info":{"list":[{"title":"t"}]}}]}}));
}

#[test]
fn qr_codes_are_asked_for_as_documented() {
    use qrcode::create_qrcode::*;
    asks::<CreateQrcode>(
        &Request::temporary("desk-7", 604_800),
        json!({"expire_seconds":604800,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"desk-7"}}}),
    );
    asks::<CreateQrcode>(
        &Request::permanent("desk-7"),
        json!({"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"desk-7"}}}),
    );
    answers::<CreateQrcode>(json!({"ticket":"gQH47joAAAAA","url":"http://weixin.qq.com/q/02abc"}));
}

fn article() -> serde_json::Value {
    json!({"article_type":"news","title":"Autumn list","author":"Li","digest":"d","content":"<p>hi</p>",
        "content_source_url":"https://b.example/1","thumb_media_id":"perm_1","need_open_comment":1,
        "only_fans_can_comment":0,"pic_crop_235_1":"0.1945_0_1_0.5236","pic_crop_1_1":"0_0_1_1"})
}

#[test]
fn material_is_sent_and_read_as_documented() {
    use material::*;
    let film =
        add_material::Request::video(&add_material::Description { title: "片".into(), introduction: "介绍".into() });
    asks::<add_material::AddMaterial>(
        &film,
        json!({"type":"video","description":r#"{"title":"片","introduction":"介绍"}"#}),
    );
    asks::<add_material::AddMaterial>(&add_material::Request::of_kind("image"), json!({"type":"image"}));
    assert_eq!(add_material::AddMaterial::FORM, ["description"]);
    answers::<add_material::AddMaterial>(json!({"media_id":"perm_1","url":"http://mmbiz.qpic.cn/x"}));
    answers::<get_material::GetMaterial>(json!({"title":"t","description":"d","down_url":"http://v"}));
    answers::<get_material::GetMaterial>(json!({"news_item":[article()]}));
    answers::<batch_get_materials::BatchGetMaterials>(json!({"total_count":9,"item_count":1,
        "item":[{"media_id":"perm_1","name":"a.jpg","update_time":1764000000,"url":"http://mmbiz.qpic.cn/x"}]}));
    answers::<get_material_count::GetMaterialCount>(
        json!({"voice_count":1,"video_count":2,"image_count":3,"news_count":4}),
    );
}

#[test]
fn drafts_are_written_and_read_as_documented() {
    use draft::*;
    let request: add_draft::Request = serde_json::from_value(json!({"articles":[article()]})).expect("reads");
    assert_eq!(request.articles[0].title, "Autumn list");
    asks::<add_draft::AddDraft>(&request, json!({"articles":[article()]}));
    let mut read = article();
    for (key, value) in
        [("url", json!("http://mp.weixin.qq.com/s/x")), ("thumb_url", json!("http://t")), ("show_cover_pic", json!(0))]
    {
        read[key] = value;
    }
    answers::<get_draft::GetDraft>(json!({"news_item":[read]}));
    let pictures = json!({"article_type":"newspic","title":"t","content":"c","need_open_comment":0,"only_fans_can_comment":0,
        "image_info":{"image_list":[{"image_media_id":"perm_2"}]}});
    let answer = answers::<batch_get_drafts::BatchGetDrafts>(json!({"total_count":1,"item_count":1,"item":[
        {"media_id":"draft_1","content":{"news_item":[pictures],"create_time":1,"update_time":2},"update_time":2}]}));
    assert_eq!(answer.item[0].content.news_item[0].image_info.as_ref().expect("pictures").image_list.len(), 1);
    let update: update_draft::Request =
        serde_json::from_value(json!({"media_id":"draft_1","index":"1","articles":article()})).expect("reads");
    assert_eq!(update.index, 1);
    answers::<switch_draft::SwitchDraft>(json!({"errcode":0,"errmsg":"ok","is_open":1}));
    assert_eq!(switch_draft::SwitchDraft::SENDS, Sends::Query);
}

#[test]
fn publications_are_read_as_documented() {
    use freepublish::*;
    for id in [json!("2247503051"), json!(2_247_503_051_i64)] {
        let body = json!({"errcode":0,"errmsg":"ok","publish_id":id,"msg_data_id":id});
        let accepted: submit_publish::Response = serde_json::from_value(body).expect("reads");
        assert_eq!((accepted.publish_id.as_str(), accepted.msg_data_id.as_str()), ("2247503051", "2247503051"));
    }
    let out = answers::<get_publish::GetPublish>(json!({"publish_id":"1","publish_status":0,"article_id":"art_1",
        "article_detail":{"count":1,"item":[{"idx":1,"article_url":"http://mp.weixin.qq.com/s/x"}]},"fail_idx":[]}));
    assert_eq!(out.publish_status, status::DONE);
    let failed = answers::<get_publish::GetPublish>(json!({"publish_id":"1","publish_status":2,"fail_idx":[1,2]}));
    assert_eq!((failed.article_id, failed.fail_idx), (None, vec![1, 2]));
    let mut read = article();
    read["is_deleted"] = json!(false);
    answers::<get_article::GetArticle>(json!({"news_item":[read]}));
    asks::<delete_article::DeleteArticle>(
        &delete_article::Request { article_id: "art_1".into(), index: 1 },
        json!({"article_id":"art_1","index":1}),
    );
}

#[test]
fn comments_are_asked_for_and_read_as_documented() {
    use comment::*;
    asks::<list_comments::ListComments>(
        &list_comments::Request { msg_data_id: 2_247_503_051, index: 0, begin: 0, count: 49, kind: 0 },
        json!({"msg_data_id":2_247_503_051_i64,"index":0,"begin":0,"count":49,"type":0}),
    );
    let page = answers::<list_comments::ListComments>(json!({"errcode":0,"errmsg":"ok","total":1,"comment":[
        {"user_comment_id":9,"openid":"oA1","create_time":1764000000,"content":"好","comment_type":0,
            "reply":{"content":"谢谢","create_time":1764000100}}]}));
    assert_eq!(page.comment[0].reply.as_ref().expect("answered").content, "谢谢");
    asks::<mark_elected::MarkElected>(
        &OfComment { msg_data_id: 1, index: 0, user_comment_id: 9 },
        json!({"msg_data_id":1,"index":0,"user_comment_id":9}),
    );
}

#[test]
fn statistics_are_read_as_documented() {
    use datacube::*;
    asks::<get_user_summary::GetUserSummary>(
        &Days { begin_date: "2026-11-10".into(), end_date: "2026-11-16".into() },
        json!({"begin_date":"2026-11-10","end_date":"2026-11-16"}),
    );
    answers::<get_user_summary::GetUserSummary>(
        json!({"list":[{"ref_date":"2026-11-10","user_source":30,"new_user":3,"cancel_user":1}]}),
    );
    let reads = json!({"ref_date":"2026-11-10","msgid":"12003_3","title":"t","int_page_read_user":1,"int_page_read_count":2,
        "ori_page_read_user":3,"ori_page_read_count":4,"share_user":5,"share_count":6,"add_to_fav_user":7,"add_to_fav_count":8});
    let answer = answers::<get_article_summary::GetArticleSummary>(json!({"list":[reads]}));
    assert_eq!(answer.list[0].reads.add_to_fav_count, 8);
    let total: get_article_total::Response =
        serde_json::from_value(json!({"list":[{"ref_date":"2026-11-10","msgid":"1_1",
        "title":"t","details":[{"stat_date":"2026-11-11","target_user":9,"int_page_read_user":4}]}]}))
        .expect("reads");
    assert_eq!((total.list[0].details[0].target_user, total.list[0].details[0].reads.int_page_read_user), (9, 4));
    answers::<get_upstream_msg_hour::GetUpstreamMsgHour>(
        json!({"list":[{"ref_date":"2026-11-10","ref_hour":2300,"msg_type":1,"msg_user":2,"msg_count":3}]}),
    );
    answers::<get_upstream_msg_dist::GetUpstreamMsgDist>(
        json!({"list":[{"ref_date":"2026-11-10","count_interval":1,"msg_user":2}]}),
    );
    answers::<get_interface_summary::GetInterfaceSummary>(json!({"list":[
        {"ref_date":"2026-11-10","callback_count":36974,"fail_count":67,"total_time_cost":14994291,"max_time_cost":5044}]}));
    let empty: get_user_read::Response = serde_json::from_value(json!({})).expect("reads");
    assert!(empty.list.is_empty());
}

#[test]
fn broadcasts_are_written_as_documented() {
    use mass::{Content, Images, MpVideo, send, send_all};
    asks::<send_all::SendAll>(
        &send_all::Request::new(send_all::Filter::tag(102), Content::mpnews("NEWS1"), "campaign-7-part-1"),
        json!({"filter":{"is_to_all":false,"tag_id":102},"mpnews":{"media_id":"NEWS1"},"msgtype":"mpnews",
            "send_ignore_reprint":0,"clientmsgid":"campaign-7-part-1"}),
    );
    asks::<send_all::SendAll>(
        &send_all::Request::new(send_all::Filter::all(), Content::text("你好"), "c1"),
        json!({"filter":{"is_to_all":true},"text":{"content":"你好"},"msgtype":"text","send_ignore_reprint":0,"clientmsgid":"c1"}),
    );
    let images = Images {
        media_ids: vec!["P1".to_owned(), "P2".to_owned()],
        recommend: "why read".to_owned(),
        need_open_comment: 1,
        only_fans_can_comment: 0,
    };
    asks::<send::Send>(
        &send::Request::new(vec!["oA".to_owned(), "oB".to_owned()], Content::Image { images }, "c2"),
        json!({"touser":["oA","oB"],"images":{"media_ids":["P1","P2"],"recommend":"why read","need_open_comment":1,
            "only_fans_can_comment":0},"msgtype":"image","send_ignore_reprint":0,"clientmsgid":"c2"}),
    );
    let mpvideo = MpVideo { media_id: "MPV1".to_owned(), ..MpVideo::default() };
    asks::<mass::preview::Preview>(
        &mass::preview::Request {
            touser: Some("oA".to_owned()),
            towxname: None,
            content: Content::MpVideo { mpvideo },
        },
        json!({"touser":"oA","mpvideo":{"media_id":"MPV1"},"msgtype":"mpvideo"}),
    );
    for msgtype in Content::MSGTYPES {
        let key = if msgtype == "image" { "images" } else { msgtype };
        let request: send_all::Request =
            serde_json::from_value(json!({"filter":{"group_id":"2"},"msgtype":msgtype,key:{}})).expect("read");
        assert_eq!((request.content.msgtype(), request.filter.tag_id), (msgtype, Some(2)));
    }
    asks::<mass::get_mass_status::GetMassStatus>(
        &mass::get_mass_status::Request { msg_id: 3_147_483_650 },
        json!({"msg_id":"3147483650"}),
    );
    asks::<mass::delete_mass::DeleteMass>(
        &mass::delete_mass::Request { msg_id: Some(30124), article_idx: Some(2), url: None },
        json!({"msg_id":30124,"article_idx":2}),
    );
}

#[test]
fn answers_about_broadcasts_are_read_as_documented() {
    use mass::get_mass_status::SendStatus;
    let taken = answers::<mass::send_all::SendAll>(
        json!({"errcode":0,"errmsg":"send job submission success","msg_id":3147483650_u64,"msg_data_id":2247483700_u64}),
    );
    assert_eq!((taken.msg_id, taken.msg_data_id), (3_147_483_650, Some(2_247_483_700)));
    let text = answers::<mass::send::Send>(json!({"errcode":0,"errmsg":"ok","msg_id":3147483650_u64}));
    assert_eq!(text.msg_data_id, None);
    answers::<mass::preview::Preview>(json!({"errcode":0,"errmsg":"preview success","msg_id":34182}));
    for id in [json!(201053012), json!("201053012")] {
        let status: mass::get_mass_status::Response =
            serde_json::from_value(json!({"msg_id":id,"msg_status":"SEND_SUCCESS"})).expect("reads");
        assert_eq!((status.msg_id, SendStatus::of(&status.msg_status)), (201_053_012, SendStatus::Success));
    }
    assert_eq!(SendStatus::of("DELETE"), SendStatus::Deleted);
    assert_eq!(SendStatus::of("PAUSED"), SendStatus::Other("PAUSED".to_owned()));
    answers::<mass::get_speed::GetSpeed>(json!({"speed":3,"realspeed":30}));
    answers::<mass::upload_video::UploadVideo>(json!({"type":"video","media_id":"MPV1","created_at":1700000000}));
}

#[test]
fn template_messages_are_written_and_read_as_documented() {
    use template::{Datum, MiniProgram, send_template};
    let data = [("thing2", "Blue mug"), ("amount3", "12.00")];
    asks::<send_template::SendTemplate>(
        &send_template::Request {
            touser: "oFAN".to_owned(),
            template_id: "T1".to_owned(),
            url: Some("https://example.com/o/1".to_owned()),
            miniprogram: Some(MiniProgram { appid: "wxMINI".to_owned(), pagepath: "pages/o?id=1".to_owned() }),
            client_msg_id: Some("ord-1-paid".to_owned()),
            data: data.map(|(key, value)| (key.to_owned(), Datum::new(value))).into(),
        },
        json!({"touser":"oFAN","template_id":"T1","url":"https://example.com/o/1",
            "miniprogram":{"appid":"wxMINI","pagepath":"pages/o?id=1"},"client_msg_id":"ord-1-paid",
            "data":{"amount3":{"value":"12.00"},"thing2":{"value":"Blue mug"}}}),
    );
    let sent = answers::<send_template::SendTemplate>(
        json!({"errcode":0,"errmsg":"ok","msgid":2_918_131_553_548_107_776_u64}),
    );
    assert_eq!(sent.msgid, 2_918_131_553_548_107_776, "not a digit is lost");
    asks::<template::set_industry::SetIndustry>(
        &template::set_industry::Request { industry_id1: "1".to_owned(), industry_id2: "4".to_owned() },
        json!({"industry_id1":"1","industry_id2":"4"}),
    );
    answers::<template::get_industry::GetIndustry>(json!({
        "primary_industry":{"first_class":"IT科技","second_class":"电子技术"},
        "secondary_industry":{"first_class":"医药护理","second_class":"医药医疗"}}));
    asks::<template::add_template::AddTemplate>(
        &template::add_template::Request {
            template_id_short: "43210".to_owned(),
            keyword_name_list: vec!["订单号".to_owned(), "金额".to_owned()],
        },
        json!({"template_id_short":"43210","keyword_name_list":["订单号","金额"]}),
    );
    let held = answers::<template::get_templates::GetTemplates>(
        json!({"template_list":[{"template_id":"T1","title":"订单支付成功",
        "primary_industry":"","deputy_industry":"","content":"订单号：{{character_string1.DATA}}\n金额:{{ amount3.DATA }}\n","example":"e"}]}),
    );
    let keys: Vec<_> = template::keys(&held.template_list[0].content).collect();
    assert_eq!(keys, ["character_string1", "amount3"]);
    assert_eq!(template::key_type("character_string1"), Some("character_string"));
    assert_eq!(template::key_type("keyword1"), None);
    assert_eq!(template::key_type("thing"), None, "a key has a number");
}

#[test]
fn notices_are_written_and_read_as_documented() {
    use subscribe::send_notice;
    use template::Datum;
    asks::<send_notice::SendNotice>(
        &send_notice::Request {
            touser: "oFAN".to_owned(),
            template_id: "N1".to_owned(),
            page: Some("https://example.com/".to_owned()),
            miniprogram: None,
            data: [("thing1".to_owned(), Datum::new("读书会"))].into(),
        },
        json!({"touser":"oFAN","template_id":"N1","page":"https://example.com/","data":{"thing1":{"value":"读书会"}}}),
    );
    assert_eq!(answers::<send_notice::SendNotice>(json!({"errcode":0,"errmsg":"ok"})).msgid, None);
    let number: send_notice::Request =
        serde_json::from_value(json!({"touser":"o","data":{"number1":{"value":5}}})).expect("numbers are read as text");
    assert_eq!(number.data["number1"].value, "5");
    answers::<subscribe::get_categories::GetCategories>(
        json!({"errcode":0,"errmsg":"ok","data":[{"id":616,"name":"图书"}]}),
    );
    answers::<subscribe::get_titles::GetTitles>(
        json!({"count":55,"data":[{"tid":99,"title":"活动提醒","type":2,"categoryId":"616"}]}),
    );
    answers::<subscribe::get_keywords::GetKeywords>(
        json!({"count":1,"data":[{"kid":1,"name":"活动名称","example":"读书会","rule":"thing"}]}),
    );
    asks::<subscribe::add_notice_template::AddNoticeTemplate>(
        &subscribe::add_notice_template::Request {
            tid: "99".to_owned(),
            kid_list: vec![1, 2],
            scene_desc: "活动".to_owned(),
        },
        json!({"tid":"99","kidList":[1,2],"sceneDesc":"活动"}),
    );
    answers::<subscribe::get_notice_templates::GetNoticeTemplates>(
        json!({"data":[{"priTmplId":"N1","title":"活动提醒","content":"活动:{{thing1.DATA}}","example":"e","type":2}]}),
    );
    asks::<subscribe::get_titles::GetTitles>(
        &subscribe::get_titles::Request { ids: "2,616".to_owned(), start: 0, limit: 30 },
        json!({"ids":"2,616","start":0,"limit":30}),
    );
    asks::<subscribe::send_once::SendOnce>(
        &subscribe::send_once::Request { touser: "o".to_owned(), scene: "1000".to_owned(), ..Default::default() },
        json!({"touser":"o","template_id":"","scene":"1000","title":"","data":{}}),
    );
}

#[test]
fn the_smaller_answers_are_read_as_documented() {
    answers::<token::get_token::GetToken>(json!({"access_token":"78_tokA","expires_in":7200}));
    answers::<tag::create_tag::CreateTag>(json!({"tag":{"id":134,"name":"vip"}}));
    answers::<tag::get_tags::GetTags>(json!({"tags":[{"id":2,"name":"星标组","count":0}]}));
    answers::<tag::list_tag_users::ListTagUsers>(json!({"count":1,"data":{"openid":["oA1"]},"next_openid":"oA1"}));
    answers::<tag::get_user_tags::GetUserTags>(json!({"tagid_list":[134,2]}));
    answers::<base::get_callback_ip::GetCallbackIp>(json!({"ip_list":["198.51.100.0/25"]}));
    answers::<quota::get_quota::GetQuota>(
        json!({"errcode":0,"errmsg":"ok","quota":{"daily_limit":500000,"used":12,"remain":499988}}),
    );
    answers::<media::upload_media::UploadMedia>(json!({"type":"image","media_id":"tmp_1","created_at":1764000000}));
    answers::<menu::create_menu::CreateMenu>(json!({"errcode":0,"errmsg":"ok"}));
    assert_eq!(serde_json::to_string(&Done {}).expect("json"), r#"{"errcode":0,"errmsg":"ok"}"#);
    assert!(serde_json::from_str::<Done>(r#"{"status":"accepted"}"#).is_err(), "nobody said that it was done");
}

#[test]
fn a_request_lacking_everything_is_still_read() {
    fn reads<C: Call>() {
        assert!(serde_json::from_str::<C::Request>("{}").is_ok(), "{}", C::PATH);
    }
    reads::<token::get_token::GetToken>();
    reads::<component::query_auth::QueryAuth>();
    reads::<user::batch_get_user_info::BatchGetUserInfo>();
    reads::<tag::tag_users::TagUsers>();
    reads::<menu::add_conditional_menu::AddConditionalMenu>();
    reads::<qrcode::create_qrcode::CreateQrcode>();
    reads::<material::add_material::AddMaterial>();
    reads::<draft::add_draft::AddDraft>();
    reads::<draft::update_draft::UpdateDraft>();
    reads::<draft::batch_get_drafts::BatchGetDrafts>();
    reads::<freepublish::submit_publish::SubmitPublish>();
    reads::<freepublish::delete_article::DeleteArticle>();
    reads::<comment::list_comments::ListComments>();
    reads::<datacube::get_user_summary::GetUserSummary>();
    reads::<mass::get_mass_status::GetMassStatus>();
    reads::<mass::set_speed::SetSpeed>();
    reads::<template::send_template::SendTemplate>();
    reads::<subscribe::send_notice::SendNotice>();
    reads::<subscribe::add_notice_template::AddNoticeTemplate>();
}

#[test]
fn where_a_request_goes_follows_from_the_call() {
    assert_eq!(user::list_users::ListUsers::SENDS, Sends::Query);
    assert_eq!(menu::create_menu::CreateMenu::SENDS, Sends::Json);
    assert_eq!(media::upload_media::UploadMedia::SENDS, Sends::Multipart);
    assert_eq!(component::query_auth::QueryAuth::TOKEN.query_key(), Some("component_access_token"));
}
