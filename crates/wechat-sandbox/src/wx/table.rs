//! Every call the sandbox answers: how it is made, with what token, who may make
//! it, how often a day, and which function answers.
//!
//! Rights and quotas: <https://developers.weixin.qq.com/doc/service/guide/dev/api/limit>

use std::collections::HashMap;
use std::sync::LazyLock;

use super::answer::{Answer, Ctx};
use super::{
    Refusal, base, comment, component, custom, datacube, draft, mass, mass_content, material, media, menu, notice,
    publish, qrcode, quota, tags, template, token, users,
};
use crate::world::World;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Either,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenUse {
    None,
    /// The account's own, or an authorised platform's.
    Account,
    Component,
    Any,
}

/// What the logical key of a call is made of; see the journal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Path,
    /// The account a token is asked for.
    Appid,
    /// Account, fan and content.
    Message,
    /// Account and clientmsgid, or what WeChat makes of audience and content in its place.
    Mass,
    /// Account, fan and client_msg_id, or template and data.
    Form,
}

/// The four kinds of account a right may be given to.
pub(crate) const US: u8 = 1;
pub(crate) const VS: u8 = 2;
pub(crate) const USV: u8 = 4;
pub(crate) const VSV: u8 = 8;
const ALL: u8 = US | VS | USV | VSV;
const VERIFIED: u8 = VS | VSV;

pub(crate) type Run = fn(&mut World, &Ctx) -> Result<Answer, Refusal>;

pub(crate) struct Api {
    pub path: &'static str,
    pub verb: Verb,
    pub token: TokenUse,
    /// A platform needs one of these; empty: any.
    pub sets: &'static [u16],
    pub who: u8,
    /// Calls a day and a minute; 0 is without limit.
    pub daily: u32,
    pub minutely: u32,
    pub key: KeyKind,
    pub run: Run,
}

const fn api(
    path: &'static str,
    verb: Verb,
    token: TokenUse,
    sets: &'static [u16],
    who: u8,
    daily: u32,
    run: Run,
) -> Api {
    Api { path, verb, token, sets, who, daily, minutely: 0, key: KeyKind::Path, run }
}

const fn keyed(api: Api, key: KeyKind) -> Api {
    Api { key, ..api }
}

use TokenUse::{Account, Any, Component, None as Nobody};
use Verb::{Either, Get, Post};

pub(crate) static TABLE: &[Api] = &[
    // Tokens. Their quotas are spent by the calls themselves, once the account is known.
    keyed(api("/cgi-bin/token", Get, Nobody, &[], ALL, token::DAILY, token::plain), KeyKind::Appid),
    keyed(api("/cgi-bin/stable_token", Post, Nobody, &[], ALL, token::STABLE_DAILY, token::stable), KeyKind::Appid),
    // Platform.
    keyed(
        api("/cgi-bin/component/api_component_token", Post, Nobody, &[], ALL, 0, component::component_token),
        KeyKind::Appid,
    ),
    api("/cgi-bin/component/api_start_push_ticket", Post, Nobody, &[], ALL, 0, component::start_push_ticket),
    api("/cgi-bin/component/api_create_preauthcode", Post, Component, &[], ALL, 0, component::create_preauthcode),
    api("/cgi-bin/component/api_query_auth", Post, Component, &[], ALL, 0, component::query_auth),
    keyed(
        api("/cgi-bin/component/api_authorizer_token", Post, Component, &[], ALL, 0, component::authorizer_token),
        KeyKind::Appid,
    ),
    api("/cgi-bin/component/api_get_authorizer_info", Post, Component, &[], ALL, 0, component::authorizer_info),
    api("/cgi-bin/component/api_get_authorizer_list", Post, Component, &[], ALL, 0, component::authorizer_list),
    api("/cgi-bin/component/api_get_authorizer_option", Post, Component, &[], ALL, 0, component::get_option),
    api("/cgi-bin/component/api_set_authorizer_option", Post, Component, &[], ALL, 0, component::set_option),
    api("/cgi-bin/component/get_authorizer_option", Post, Any, &[3], ALL, 0, component::get_option),
    api("/cgi-bin/component/set_authorizer_option", Post, Any, &[3], ALL, 0, component::set_option),
    api("/cgi-bin/component/clear_quota/v2", Post, Nobody, &[], ALL, 0, quota::component_clear),
    // Addresses and quotas.
    api("/cgi-bin/get_api_domain_ip", Get, Account, &[], ALL, 5000, base::ip_list),
    api("/cgi-bin/getcallbackip", Get, Account, &[], ALL, 5000, base::ip_list),
    api("/cgi-bin/callback/check", Post, Account, &[], ALL, 0, base::callback_check),
    api("/cgi-bin/clear_quota", Post, Any, &[], ALL, 0, quota::clear),
    api("/cgi-bin/clear_quota/v2", Post, Nobody, &[], ALL, 0, quota::clear_by_secret),
    api("/cgi-bin/openapi/quota/get", Post, Any, &[], ALL, 0, quota::get),
    api("/cgi-bin/openapi/quota/clear", Post, Any, &[], ALL, 0, quota::clear_one),
    api("/cgi-bin/openapi/rid/get", Post, Any, &[], ALL, 0, quota::rid),
    // Fans.
    api("/cgi-bin/user/get", Get, Account, &[2], VERIFIED, 500, users::list),
    api("/cgi-bin/user/info", Get, Account, &[2, 100], VERIFIED, 5_000_000, users::info),
    api("/cgi-bin/user/info/batchget", Post, Account, &[2, 100], VERIFIED, 5_000_000, users::batch),
    api("/cgi-bin/user/info/updateremark", Post, Account, &[2], VERIFIED, 10_000, users::remark),
    // Tags and the blacklist.
    api("/cgi-bin/tags/create", Post, Account, &[2], VERIFIED, 1000, tags::create),
    api("/cgi-bin/tags/get", Get, Account, &[2], VERIFIED, 1000, tags::list),
    api("/cgi-bin/tags/update", Post, Account, &[2], VERIFIED, 1000, tags::update),
    api("/cgi-bin/tags/delete", Post, Account, &[2], VERIFIED, 1000, tags::delete),
    api("/cgi-bin/user/tag/get", Either, Account, &[2], VERIFIED, 1000, tags::people),
    api("/cgi-bin/tags/members/batchtagging", Post, Account, &[2, 100], VERIFIED, 100_000, tags::tag),
    api("/cgi-bin/tags/members/batchuntagging", Post, Account, &[2, 100], VERIFIED, 100_000, tags::untag),
    api("/cgi-bin/tags/getidlist", Post, Account, &[2], VERIFIED, 10_000, tags::of_fan),
    api("/cgi-bin/tags/members/getblacklist", Post, Account, &[2], VERIFIED, 1000, tags::blacklist),
    api("/cgi-bin/tags/members/batchblacklist", Post, Account, &[2], VERIFIED, 100_000, tags::block),
    api("/cgi-bin/tags/members/batchunblacklist", Post, Account, &[2], VERIFIED, 100_000, tags::unblock),
    // Customer-service messages.
    keyed(api("/cgi-bin/message/custom/send", Post, Account, &[1], VERIFIED, 500_000, custom::send), KeyKind::Message),
    api("/cgi-bin/message/custom/typing", Post, Account, &[1], VERIFIED, 500_000, custom::typing),
    // Files.
    api("/cgi-bin/media/upload", Post, Account, &[11, 100], VERIFIED, 100_000, media::upload),
    api("/cgi-bin/media/get", Get, Account, &[11, 100], VERIFIED, 200_000, media::get),
    api("/cgi-bin/media/uploadimg", Post, Account, &[11, 100], VERIFIED, 0, media::upload_image),
    // QR codes and menus.
    api("/cgi-bin/qrcode/create", Post, Account, &[3], VSV, 100_000, qrcode::create),
    api("/cgi-bin/menu/create", Post, Account, &[15], VS | USV | VSV, 1000, menu::create),
    api("/cgi-bin/menu/get", Get, Account, &[15], VS | USV | VSV, 10_000, menu::get),
    api("/cgi-bin/menu/delete", Get, Account, &[15], VS | USV | VSV, 1000, menu::delete),
    api("/cgi-bin/menu/addconditional", Post, Account, &[15], VERIFIED, 2000, menu::add_conditional),
    api("/cgi-bin/menu/delconditional", Post, Account, &[15], VERIFIED, 2000, menu::delete_conditional),
    api("/cgi-bin/menu/trymatch", Post, Account, &[15], VERIFIED, 20_000, menu::try_match),
    api("/cgi-bin/get_current_selfmenu_info", Get, Account, &[15], VS | USV | VSV, 10_000, menu::current),
    // Material, drafts, publishing and comments. What drafts took the place of is refused to all.
    api("/cgi-bin/material/add_material", Post, Account, &[11, 100], VERIFIED, 0, material::add),
    api("/cgi-bin/material/get_material", Post, Account, &[11, 100], VERIFIED, 0, material::get),
    api("/cgi-bin/material/batchget_material", Post, Account, &[11, 100], VERIFIED, 0, material::list),
    api("/cgi-bin/material/get_materialcount", Get, Account, &[11, 100], VERIFIED, 0, material::count),
    api("/cgi-bin/material/del_material", Post, Account, &[11, 100], VERIFIED, 0, material::delete),
    api("/cgi-bin/material/add_news", Post, Account, &[11, 100], VERIFIED, 0, material::obsolete),
    api("/cgi-bin/material/update_news", Post, Account, &[11, 100], VERIFIED, 0, material::obsolete),
    api("/cgi-bin/draft/add", Post, Account, &[11, 100], VERIFIED, 1000, draft::add),
    api("/cgi-bin/draft/get", Post, Account, &[11, 100], VERIFIED, 500, draft::get),
    api("/cgi-bin/draft/update", Post, Account, &[11, 100], VERIFIED, 1000, draft::update),
    api("/cgi-bin/draft/batchget", Post, Account, &[11, 100], VERIFIED, 1000, draft::list),
    api("/cgi-bin/draft/count", Get, Account, &[11, 100], VERIFIED, 1000, draft::count),
    api("/cgi-bin/draft/delete", Post, Account, &[11, 100], VERIFIED, 1000, draft::delete),
    api("/cgi-bin/draft/switch", Post, Account, &[11, 100], VERIFIED, 0, draft::switch),
    api("/cgi-bin/freepublish/submit", Post, Account, &[7], VERIFIED, 100, publish::submit),
    api("/cgi-bin/freepublish/get", Post, Account, &[7], VERIFIED, 100, publish::get),
    api("/cgi-bin/freepublish/getarticle", Post, Account, &[7], VERIFIED, 100, publish::get_article),
    api("/cgi-bin/freepublish/batchget", Post, Account, &[7], VERIFIED, 100, publish::list),
    api("/cgi-bin/freepublish/delete", Post, Account, &[7], VERIFIED, 10, publish::delete),
    api("/cgi-bin/comment/open", Post, Account, &[7], VERIFIED, 0, comment::open),
    api("/cgi-bin/comment/close", Post, Account, &[7], VERIFIED, 0, comment::close),
    api("/cgi-bin/comment/list", Post, Account, &[7], VERIFIED, 0, comment::list),
    api("/cgi-bin/comment/markelect", Post, Account, &[7], VERIFIED, 0, comment::elect),
    api("/cgi-bin/comment/unmarkelect", Post, Account, &[7], VERIFIED, 0, comment::unelect),
    api("/cgi-bin/comment/delete", Post, Account, &[7], VERIFIED, 0, comment::delete),
    api("/cgi-bin/comment/reply/add", Post, Account, &[7], VERIFIED, 0, comment::reply),
    api("/cgi-bin/comment/reply/delete", Post, Account, &[7], VERIFIED, 0, comment::delete_reply),
    // Statistics.
    api("/datacube/getusersummary", Post, Account, &[2], VERIFIED, 0, datacube::user_summary),
    api("/datacube/getusercumulate", Post, Account, &[2], VERIFIED, 0, datacube::user_cumulate),
    api("/datacube/getarticlesummary", Post, Account, &[7], VERIFIED, 0, datacube::article_summary),
    api("/datacube/getarticletotal", Post, Account, &[7], VERIFIED, 0, datacube::article_total),
    api("/datacube/getuserread", Post, Account, &[7], VERIFIED, 0, datacube::user_read),
    api("/datacube/getuserreadhour", Post, Account, &[7], VERIFIED, 0, datacube::user_read_hour),
    api("/datacube/getusershare", Post, Account, &[7], VERIFIED, 0, datacube::user_share),
    api("/datacube/getusersharehour", Post, Account, &[7], VERIFIED, 0, datacube::user_share_hour),
    api("/datacube/getupstreammsg", Post, Account, &[1], VERIFIED, 0, datacube::upstream),
    api("/datacube/getupstreammsghour", Post, Account, &[1], VERIFIED, 0, datacube::upstream_hour),
    api("/datacube/getupstreammsgweek", Post, Account, &[1], VERIFIED, 0, datacube::upstream_week),
    api("/datacube/getupstreammsgmonth", Post, Account, &[1], VERIFIED, 0, datacube::upstream_month),
    api("/datacube/getupstreammsgdist", Post, Account, &[1], VERIFIED, 0, datacube::upstream_dist),
    api("/datacube/getupstreammsgdistweek", Post, Account, &[1], VERIFIED, 0, datacube::upstream_dist_week),
    api("/datacube/getupstreammsgdistmonth", Post, Account, &[1], VERIFIED, 0, datacube::upstream_dist_month),
    api("/datacube/getinterfacesummary", Post, Account, &[3], VERIFIED, 0, datacube::interface),
    api("/datacube/getinterfacesummaryhour", Post, Account, &[3], VERIFIED, 0, datacube::interface_hour),
    // Broadcasts. All of them together have 60 calls a minute, which they count themselves.
    keyed(api("/cgi-bin/message/mass/sendall", Post, Account, &[7], VERIFIED, 100, mass::send_all), KeyKind::Mass),
    keyed(api("/cgi-bin/message/mass/send", Post, Account, &[7], VSV, 100, mass::send), KeyKind::Mass),
    api("/cgi-bin/message/mass/preview", Post, Account, &[7], VERIFIED, 0, mass::preview),
    api("/cgi-bin/message/mass/get", Post, Account, &[7], VERIFIED, 0, mass::get),
    api("/cgi-bin/message/mass/delete", Post, Account, &[7], VERIFIED, 10, mass::delete),
    api("/cgi-bin/message/mass/speed/get", Post, Account, &[7], VERIFIED, 0, mass::speed),
    api("/cgi-bin/message/mass/speed/set", Post, Account, &[7], VERIFIED, 0, mass::set_speed),
    api("/cgi-bin/media/uploadvideo", Post, Account, &[7, 11], VERIFIED, 0, mass_content::upload_video),
    api("/cgi-bin/media/uploadnews", Post, Account, &[7, 11], VERIFIED, 10, mass_content::upload_news),
    // Template messages and notices.
    api("/cgi-bin/template/api_set_industry", Post, Account, &[7], VSV, 0, template::set_industry),
    api("/cgi-bin/template/get_industry", Get, Account, &[7], VSV, 0, template::industry),
    api("/cgi-bin/template/api_add_template", Post, Account, &[7], VSV, 0, template::add),
    api("/cgi-bin/template/get_all_private_template", Get, Account, &[7], VSV, 0, template::list),
    api("/cgi-bin/template/del_private_template", Post, Account, &[7], VSV, 0, template::delete),
    keyed(api("/cgi-bin/message/template/send", Post, Account, &[7], VSV, 100_000, template::send), KeyKind::Form),
    keyed(
        api("/cgi-bin/message/template/subscribe", Post, Account, &[7], VERIFIED, 0, notice::send_once),
        KeyKind::Form,
    ),
    keyed(api("/cgi-bin/message/subscribe/bizsend", Post, Account, &[89], VSV, 0, notice::send), KeyKind::Form),
    api("/wxaapi/newtmpl/getcategory", Get, Account, &[89], VSV, 0, notice::categories),
    api("/wxaapi/newtmpl/getpubtemplatetitles", Get, Account, &[89], VSV, 0, notice::titles),
    api("/wxaapi/newtmpl/getpubtemplatekeywords", Get, Account, &[89], VSV, 0, notice::keywords),
    api("/wxaapi/newtmpl/addtemplate", Post, Account, &[89], VSV, 0, notice::add),
    api("/wxaapi/newtmpl/gettemplate", Get, Account, &[89], VSV, 0, notice::list),
    api("/wxaapi/newtmpl/deltemplate", Post, Account, &[89], VSV, 0, notice::delete),
];

/// The row of a path.
pub(crate) fn find(path: &str) -> Option<&'static Api> {
    static BY_PATH: LazyLock<HashMap<&'static str, &'static Api>> =
        LazyLock::new(|| TABLE.iter().map(|api| (api.path, api)).collect());
    BY_PATH.get(path).copied()
}

/// Which of the four kinds an account is.
pub(crate) fn kind_bit(service: bool, verified: bool) -> u8 {
    match (service, verified) {
        (false, false) => US,
        (false, true) => VS,
        (true, false) => USV,
        (true, true) => VSV,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_there_once() {
        assert!(TABLE.iter().all(|api| std::ptr::eq(find(api.path).expect("found"), api)));
    }
}
