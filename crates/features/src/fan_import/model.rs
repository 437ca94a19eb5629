use kit::{AccountId, Millis};
use serde::Deserialize;
use wechat::api::user::get_user_info;

/// What the jobs about an account carry.
#[derive(Debug, Deserialize)]
pub struct AboutAccount {
    pub account: AccountId,
}

/// What WeChat says of a fan, in our terms. Empty values are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub openid: String,
    pub following: bool,
    pub subscribed_at: Option<Millis>,
    pub scene: Option<String>,
    pub qr_scene: Option<String>,
    pub remark: Option<String>,
    pub unionid: Option<String>,
    pub wechat_tags: Vec<i64>,
    pub name: Option<String>,
    pub sex: Option<i64>,
    pub language: Option<String>,
    pub city: Option<String>,
    pub province: Option<String>,
    pub country: Option<String>,
    pub avatar_url: Option<String>,
}

impl From<get_user_info::Response> for Told {
    fn from(said: get_user_info::Response) -> Self {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        let qr_scene = some(said.qr_scene_str)
            .or_else(|| said.qr_scene.filter(|scene| *scene != 0).map(|scene| scene.to_string()));
        Self {
            following: said.subscribe == 1,
            openid: said.openid,
            subscribed_at: said.subscribe_time.filter(|seconds| *seconds > 0).map(|seconds| seconds * 1000),
            scene: some(said.subscribe_scene),
            qr_scene,
            remark: some(said.remark),
            unionid: some(said.unionid),
            wechat_tags: said.tagid_list.unwrap_or_default(),
            name: some(said.nickname),
            sex: said.sex,
            language: some(said.language),
            city: some(said.city),
            province: some(said.province),
            country: some(said.country),
            avatar_url: some(said.headimgurl),
        }
    }
}

impl Told {
    /// Somebody WeChat does not know, or no more.
    pub fn gone(openid: &str) -> Self {
        Self { openid: openid.to_owned(), ..Self::default() }
    }
}
