//! The errcodes the sandbox answers, each with WeChat's own text.
//!
//! Texts are for people; only the number is to be relied on, and every text
//! gets a `rid` behind it so that nobody matches it whole.

use std::borrow::Cow;

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: i64,
    pub message: Cow<'static, str>,
    /// The broadcast that runs already.
    pub msg_id: Option<u64>,
}

impl Refusal {
    pub fn new(code: i64, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), msg_id: None }
    }

    /// Names the broadcast that runs already.
    pub fn of_job(self, msg_id: u64) -> Self {
        Self { msg_id: Some(msg_id), ..self }
    }
}

macro_rules! refusals {
    ($($name:ident = $code:literal $message:literal;)*) => {
        impl Refusal {
            $(pub const $name: Refusal = Refusal { code: $code, message: Cow::Borrowed($message), msg_id: None };)*
        }
    };
}

refusals! {
    INVALID_CREDENTIAL = 40001 "invalid credential, access_token is invalid or not latest";
    INVALID_GRANT_TYPE = 40002 "invalid grant_type";
    INVALID_OPENID = 40003 "invalid openid";
    INVALID_MEDIA_TYPE = 40004 "invalid media type";
    INVALID_FILE_TYPE = 40005 "invalid file type";
    INVALID_MEDIA_ID = 40007 "invalid media_id";
    INVALID_MESSAGE_TYPE = 40008 "invalid message type";
    INVALID_IMAGE_SIZE = 40009 "invalid image size";
    INVALID_APPID = 40013 "invalid appid";
    INVALID_TOKEN = 40014 "invalid access_token";
    INVALID_BUTTON_COUNT = 40016 "invalid button size";
    INVALID_BUTTON_TYPE = 40017 "invalid button type";
    INVALID_BUTTON_NAME = 40018 "invalid button name size";
    INVALID_BUTTON_KEY = 40019 "invalid button key size";
    INVALID_BUTTON_URL = 40020 "invalid button url size";
    INVALID_SUB_BUTTON_COUNT = 40023 "invalid sub button size";
    INVALID_SUB_BUTTON_NAME = 40025 "invalid sub button name size";
    INVALID_SUB_BUTTON_URL = 40027 "invalid sub button url size";
    INVALID_LIST_SIZE = 40032 "invalid openid list size";
    INVALID_CHARSET = 40033 "invalid charset. please check your request, if include \\uxxxx will create fail!";
    INVALID_ARGS = 40035 "invalid args size";
    INVALID_ACTION_INFO = 40053 "invalid action info";
    INVALID_URL = 40066 "invalid url";
    INVALID_REMARK = 40092 "invalid remark name";
    INVALID_ARG = 40097 "invalid args";
    INVALID_SECRET = 40125 "invalid appsecret";
    INVALID_SCENE = 40129 "invalid scene";
    INVALID_CHECK_ACTION = 40202 "invalid action";
    INVALID_CHECK_OPERATOR = 40203 "invalid check_operator";
    MISSING_TOKEN = 41001 "access_token missing";
    MISSING_APPID = 41002 "appid missing";
    MISSING_SECRET = 41004 "appsecret missing";
    MISSING_MEDIA = 41005 "media data missing";
    MISSING_MEDIA_ID = 41006 "media_id missing";
    MISSING_OPENID = 41009 "missing openid";
    MISSING_COMPONENT_APPID = 41018 "missing component_appid";
    MISSING_COMPONENT_SECRET = 41019 "missing component_appsecret";
    MISSING_COMPONENT_TICKET = 41020 "missing component_verify_ticket";
    MISSING_COMPONENT_TOKEN = 41021 "missing component_access_token";
    EXPIRED_TOKEN = 42001 "access_token expired";
    EXPIRED_COMPONENT_TOKEN = 42006 "component_access_token expired";
    REQUIRE_GET = 43001 "require GET method";
    REQUIRE_POST = 43002 "require POST method";
    BLACKLISTED = 43019 "require remove blacklist";
    EMPTY_BODY = 44002 "empty post data";
    EMPTY_NEWS = 44003 "empty news data";
    EMPTY_CONTENT = 44004 "empty content";
    EMPTY_LIST = 44005 "empty list size";
    MEDIA_TOO_LARGE = 45001 "media size out of limit";
    CONTENT_TOO_LONG = 45002 "content size out of limit";
    ARTICLES_TOO_MANY = 45008 "article size out of limit";
    DAILY_QUOTA = 45009 "reach max api daily quota limit";
    MINUTE_QUOTA = 45011 "api minute-quota reach limit, must slower, retry next minute";
    OUT_OF_TIME = 45015 "response out of time limit or subscription is canceled";
    QR_LIMIT = 45029 "qrcode count out of limit";
    OUT_OF_COUNT = 45047 "out of response count limit";
    TAGS_TOO_MANY = 45056 "too many tag now, no need to add new";
    TAG_TOO_BIG = 45057 "can't delete the tag that has too many fans";
    TAG_SYSTEM = 45058 "can't modify sys tag";
    TAGS_PER_FAN = 45059 "can not tag same user too many tags";
    TYPING_COMMAND = 45072 "invalid command";
    TYPING_TOO_LATE = 45080 "need sending within 30 seconds after user interaction";
    TYPING_ALREADY = 45081 "you are already typing";
    MENU_ITEMS = 45098 "msgmenu list size out of limit";
    MENU_ITEM_SIZE = 45099 "msgmenu item size out of limit";
    TAG_NAME = 45157 "invalid tag name";
    TAG_NAME_LONG = 45158 "tag name too long";
    TAG_ID = 45159 "invalid tag id";
    NO_MENU = 46003 "menu no exist";
    BAD_JSON = 47001 "data format error";
    UNAUTHORIZED_API = 48001 "api unauthorized";
    MUTED = 48002 "user block receive message";
    FORBIDDEN_API = 48004 "api forbidden for irregularities, view detail on mp.weixin.qq.com";
    NO_MORE_CLEARS = 48006 "forbid to clear quota because of reaching the limit";
    FOREIGN_OPENID = 49003 "not match openid with appid";
    NOT_AUTHORIZED = 61003 "component is not authorized by this account";
    COMPONENT_IP = 61004 "access clientip is not registered";
    TICKET_EXPIRED = 61005 "component ticket is expired";
    TICKET_INVALID = 61006 "component ticket is invalid";
    SET_NOT_GRANTED = 61007 "api is unauthorized to component";
    AUTH_CODE_INVALID = 61009 "code is invalid";
    AUTH_CODE_EXPIRED = 61010 "code is expired";
    INVALID_COMPONENT = 61011 "invalid component";
    OPTION_NAME = 61012 "invalid option name";
    OPTION_VALUE = 61013 "invalid option value";
    NEED_COMPONENT_TOKEN = 61014 "must use component token for component api";
    NEED_ACCOUNT_TOKEN = 61015 "must use api token for function api";
    REFRESH_TOKEN = 61023 "refresh_token is invalid";
    READ_ONLY_OPTION = 61025 "read-only option";
    MENU_NOT_FOUND = 65301 "not exist menuid";
    MENU_NO_USER = 65302 "no such user";
    MENU_NO_DEFAULT = 65303 "there is no selfmenu, please create selfmenu first";
    MENU_NO_RULE = 65304 "match rule empty";
    MENU_DOMAINS = 65316 "too many external domain names in menu";
    QUOTA_PATH = 76003 "cgi_path is invalid, please check";
    RID_NOT_FOUND = 76001 "rid not found";
    QUOTA_NO_PATH = 76021 "cgi_path not found, please check";
    INVALID_SUB_BUTTON_LEVEL = 40022 "invalid sub_menu level";
    INVALID_SUB_BUTTON_TYPE = 40024 "invalid sub button type";
    INVALID_SUB_BUTTON_KEY = 40026 "invalid sub button key size";
    ARTICLE_INDEX = 40060 "invalid article idx";
    UNSUPPORTED_FILE = 40113 "unsupported file type";
    INVALID_IMAGE = 40137 "invalid image format";
    TITLE_TOO_LONG = 45003 "title size out of limit";
    DIGEST_TOO_LONG = 45004 "description size out of limit";
    URL_TOO_LONG = 45005 "url size out of limit";
    PLAYTIME = 45007 "playtime out of limit";
    AUTHOR_TOO_LONG = 45110 "author size out of limit";
    UNSUPPORTED_API = 45103 "this api has been unsupported, please use draft instead";
    MATERIAL_IN_USE = 48005 "forbid to delete material used by auto-reply or menu";
    CROP = 53402 "crop failed";
    PUBLISH_TOO_FREQUENT = 53501 "publish too frequent";
    PUBLISH_ID = 53502 "invalid publish_id";
    DRAFT_CHECK = 53503 "draft check failed";
    ARTICLE_ID = 53600 "invalid article_id";
    DATE_FORMAT = 61500 "date format error";
    DATE_RANGE = 61501 "date range error";
    DATA_NOT_READY = 61503 "data is not ready, please try later";
    MENU_EMPTY = 65307 "conditional menu is empty";
    MENU_SILENT = 65308 "there is a button without response";
    MENU_COUNTRY = 65310 "country is empty or invalid";
    MENU_PROVINCE = 65311 "province is empty or invalid";
    MENU_URL = 65317 "invalid url in menu";
    MENU_PLATFORM = 65319 "invalid client platform in match rule";
    NO_COMMENTS = 88000 "without comment privilege";
    NO_MSG_DATA = 88001 "msg_data is not exists";
    ELECTED_FULL = 88003 "elected comments reached the limit";
    REPLIED = 88005 "already reply";
    REPLY_LENGTH = 88007 "reply content beyond max len or content len is zero";
    NO_COMMENT = 88008 "comment is not exists";
    NO_REPLY = 88009 "reply is not exists";
    COMMENT_RANGE = 88010 "count range error. count <= 0 or count > 50";
    // The number is not documented; that there is a limit is.
    MATERIAL_FULL = 45001 "media count out of limit";
    QUOTA_NOT_YOURS = 76022 "could not use this cgi_path, no permission";
    // Broadcasts, template messages, notices.
    SYSTEM = -1 "system error";
    INVALID_OPENID_LIST = 40031 "invalid openid list";
    TEMPLATE_ID_SIZE = 40036 "invalid template_id size";
    TEMPLATE_ID = 40037 "invalid template_id";
    INVALID_MSG_ID = 40059 "invalid msg id";
    INVALID_ARTICLE_IDX = 40060 "invalid article idx";
    INDUSTRY = 40102 "invalid industry id";
    TOO_FEW_OPENIDS = 40130 "invalid openid list size, at least two openid";
    INVALID_WECHAT_ID = 40132 "invalid username";
    WEAPP_APPID = 40166 "invalid weapp appid";
    KEYWORDS = 40246 "invalid keyword_name_list";
    INVALID_PAGE = 41030 "invalid page";
    REQUIRE_SUBSCRIBE = 43004 "require subscribe";
    INDUSTRY_TOO_OFTEN = 43100 "change template too frequently";
    REFUSED_BY_FAN = 43101 "user refuse to accept the msg";
    TEMPLATES_TOO_MANY = 45026 "template num exceeds limit";
    TEMPLATE_INDUSTRY = 45027 "template conflict with industry";
    NO_MASS_QUOTA = 45028 "has no masssend quota";
    TEMPLATE_LINK = 45051 "template message invalid link";
    CLIENTMSGID_EXISTS = 45065 "clientmsgid exist";
    CLIENTMSGID_FAST = 45066 "same clientmsgid retry too fast";
    CLIENTMSGID_SIZE = 45067 "clientmsgid size out of limit";
    SPEED_RANGE = 45083 "the speed out of range";
    NO_SPEED = 45084 "No speed message";
    VIDEO_ID = 45161 "video id must be generated by upload api";
    MASS_PROTOCOL = 48003 "user not agree mass-send protocol";
    TEMPLATE_DISABLED = 48011 "disabled template id";
    NOTICES_TOO_MANY = 200_012 "the private template count exceeds the limit";
    NOTICE_TID = 200_014 "invalid tid";
    NOTICE_START = 200_016 "invalid start";
    NOTICE_LIMIT = 200_017 "invalid limit";
    NOTICE_CATEGORIES = 200_018 "invalid category ids";
    NOTICE_KIDS = 200_020 "invalid kidList";
    NOTICE_SCENE = 200_021 "invalid sceneDesc";
}
