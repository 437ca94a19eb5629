//! Which account classes, permission sets and quotas go with which path.
//!
//! A row's path stands for itself and all below it; the longest that fits
//! counts. Columns: unverified and verified subscription, then service accounts.

use super::{AccountClass, PermissionSet};

type Row = (&'static str, [bool; 4], &'static [PermissionSet], Option<u32>);

const ALL: [bool; 4] = [true; 4];
const NONE: [bool; 4] = [false; 4];
const VERIFIED: [bool; 4] = [false, true, false, true];
const VERIFIED_SERVICE: [bool; 4] = [false, false, false, true];
const BUT_UNVERIFIED_SUBSCRIPTION: [bool; 4] = [false, true, true, true];

const ANY: &[PermissionSet] = &[];
const MESSAGES: &[PermissionSet] = &[PermissionSet::MESSAGES];
const USERS: &[PermissionSet] = &[PermissionSet::USERS, PermissionSet::USERS_AND_MATERIAL];
const ACCOUNT: &[PermissionSet] = &[PermissionSet::ACCOUNT];
const WEB: &[PermissionSet] = &[PermissionSet::WEB];
const AGENTS: &[PermissionSet] = &[PermissionSet::AGENTS];
const BROADCAST: &[PermissionSet] = &[PermissionSet::BROADCAST];
const NOTICES: &[PermissionSet] = &[PermissionSet::NOTICES];
const MATERIAL: &[PermissionSet] = &[PermissionSet::MATERIAL, PermissionSet::USERS_AND_MATERIAL];
const MENU: &[PermissionSet] = &[PermissionSet::MENU];

const ROWS: &[Row] = &[
    ("/cgi-bin/token", ALL, ANY, Some(2000)),
    ("/cgi-bin/stable_token", ALL, ANY, Some(500_000)),
    ("/cgi-bin/getcallbackip", ALL, ANY, Some(5000)),
    ("/cgi-bin/get_api_domain_ip", ALL, ANY, Some(5000)),
    ("/cgi-bin/callback/check", ALL, ANY, None),
    ("/cgi-bin/clear_quota", ALL, ANY, None),
    ("/cgi-bin/openapi", ALL, ANY, None),
    ("/cgi-bin/component", ALL, ANY, None),
    ("/cgi-bin/message/custom", VERIFIED, MESSAGES, Some(500_000)),
    ("/cgi-bin/message/mass", VERIFIED, BROADCAST, Some(100)),
    ("/cgi-bin/message/mass/send", VERIFIED_SERVICE, BROADCAST, Some(100)),
    ("/cgi-bin/message/mass/sendall", VERIFIED, BROADCAST, Some(100)),
    ("/cgi-bin/message/mass/delete", VERIFIED, BROADCAST, Some(10)),
    ("/cgi-bin/message/mass/get", VERIFIED, BROADCAST, None),
    ("/cgi-bin/message/mass/speed", VERIFIED, BROADCAST, None),
    ("/cgi-bin/media/uploadvideo", VERIFIED, BROADCAST, None),
    ("/cgi-bin/message/template", VERIFIED_SERVICE, BROADCAST, Some(100_000)),
    ("/cgi-bin/message/template/subscribe", VERIFIED, BROADCAST, None),
    ("/cgi-bin/template", VERIFIED_SERVICE, BROADCAST, None),
    ("/cgi-bin/message/subscribe", VERIFIED_SERVICE, NOTICES, None),
    ("/wxaapi/newtmpl", VERIFIED_SERVICE, NOTICES, None),
    ("/cgi-bin/user/get", VERIFIED, USERS, Some(500)),
    ("/cgi-bin/user/info", VERIFIED, USERS, Some(5_000_000)),
    ("/cgi-bin/user/info/updateremark", VERIFIED, USERS, Some(10_000)),
    ("/cgi-bin/user/tag/get", VERIFIED, USERS, Some(1000)),
    ("/cgi-bin/changeopenid", ALL, USERS, None),
    ("/cgi-bin/tags", VERIFIED, USERS, Some(1000)),
    ("/cgi-bin/tags/getidlist", VERIFIED, USERS, Some(10_000)),
    ("/cgi-bin/tags/members/batchtagging", VERIFIED, USERS, Some(100_000)),
    ("/cgi-bin/tags/members/batchuntagging", VERIFIED, USERS, Some(100_000)),
    ("/cgi-bin/tags/members/getblacklist", VERIFIED, USERS, None),
    ("/cgi-bin/tags/members/batchblacklist", VERIFIED, USERS, None),
    ("/cgi-bin/tags/members/batchunblacklist", VERIFIED, USERS, None),
    ("/cgi-bin/qrcode/create", VERIFIED_SERVICE, ACCOUNT, Some(100_000)),
    ("/cgi-bin/shorten", VERIFIED_SERVICE, ACCOUNT, None),
    ("/cgi-bin/shorturl", NONE, ACCOUNT, None),
    ("/cgi-bin/menu", BUT_UNVERIFIED_SUBSCRIPTION, MENU, Some(1000)),
    ("/cgi-bin/menu/get", BUT_UNVERIFIED_SUBSCRIPTION, MENU, Some(10_000)),
    ("/cgi-bin/menu/addconditional", BUT_UNVERIFIED_SUBSCRIPTION, MENU, Some(2000)),
    ("/cgi-bin/menu/delconditional", BUT_UNVERIFIED_SUBSCRIPTION, MENU, Some(2000)),
    ("/cgi-bin/menu/trymatch", BUT_UNVERIFIED_SUBSCRIPTION, MENU, Some(20_000)),
    ("/cgi-bin/get_current_selfmenu_info", ALL, MENU, None),
    ("/cgi-bin/get_current_autoreply_info", ALL, MESSAGES, None),
    ("/cgi-bin/media/upload", VERIFIED, MATERIAL, Some(5000)),
    ("/cgi-bin/media/get", VERIFIED, MATERIAL, Some(10_000)),
    ("/cgi-bin/media/uploadimg", VERIFIED, MATERIAL, None),
    ("/cgi-bin/material", VERIFIED, MATERIAL, None),
    ("/cgi-bin/material/add_news", NONE, MATERIAL, None),
    ("/cgi-bin/material/update_news", NONE, MATERIAL, None),
    ("/cgi-bin/draft", VERIFIED, MATERIAL, Some(1000)),
    ("/cgi-bin/draft/get", VERIFIED, MATERIAL, Some(500)),
    ("/cgi-bin/freepublish", VERIFIED, BROADCAST, Some(100)),
    ("/cgi-bin/freepublish/delete", VERIFIED, BROADCAST, Some(10)),
    ("/cgi-bin/comment", VERIFIED, BROADCAST, None),
    ("/cgi-bin/customservice", VERIFIED_SERVICE, AGENTS, None),
    ("/customservice", VERIFIED_SERVICE, AGENTS, None),
    ("/datacube", VERIFIED, BROADCAST, None),
    ("/datacube/getusersummary", VERIFIED, USERS, None),
    ("/datacube/getusercumulate", VERIFIED, USERS, None),
    ("/datacube/getupstreammsg", VERIFIED, MESSAGES, None),
    ("/datacube/getupstreammsghour", VERIFIED, MESSAGES, None),
    ("/datacube/getupstreammsgweek", VERIFIED, MESSAGES, None),
    ("/datacube/getupstreammsgmonth", VERIFIED, MESSAGES, None),
    ("/datacube/getupstreammsgdist", VERIFIED, MESSAGES, None),
    ("/datacube/getupstreammsgdistweek", VERIFIED, MESSAGES, None),
    ("/datacube/getupstreammsgdistmonth", VERIFIED, MESSAGES, None),
    ("/datacube/getinterfacesummary", VERIFIED, ACCOUNT, None),
    ("/datacube/getinterfacesummaryhour", VERIFIED, ACCOUNT, None),
    ("/cgi-bin/ticket/getticket", ALL, WEB, None),
    ("/sns", VERIFIED_SERVICE, WEB, None),
];

fn row(path: &str) -> Option<&'static Row> {
    let fits = |row: &&Row| path.strip_prefix(row.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    ROWS.iter().filter(fits).max_by_key(|row| row.0.len())
}

/// Whether an account of the class has the API. Paths not in the table are refused, as WeChat
/// refuses what an account lacks: 48001.
pub fn allowed(path: &str, class: AccountClass) -> bool {
    let column = match class {
        AccountClass::UnverifiedSubscription => 0,
        AccountClass::VerifiedSubscription => 1,
        AccountClass::UnverifiedService => 2,
        AccountClass::VerifiedService => 3,
    };
    row(path).is_some_and(|row| row.1[column])
}

/// The permission sets any one of which a component needs for the path; empty when none is needed.
pub fn sets_for(path: &str) -> &'static [PermissionSet] {
    row(path).map_or(&[], |row| row.2)
}

/// Calls a day for a new account; `None` when there is no limit, or none is known.
pub fn daily_quota(path: &str) -> Option<u32> {
    row(path).and_then(|row| row.3)
}
