//! The permission sets of Official Accounts, by their ids in `func_info`.

/// A permission set (`funcscope_category.id`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct PermissionSet(pub i64);

impl PermissionSet {
    /// Receiving and answering messages, customer-service messages.
    pub const MESSAGES: PermissionSet = PermissionSet(1);
    /// Fans, tags, blacklist, fan statistics.
    pub const USERS: PermissionSet = PermissionSet(2);
    /// Parametric QR codes, options of the account.
    pub const ACCOUNT: PermissionSet = PermissionSet(3);
    /// Web sign-in and JS-SDK. Exclusive.
    pub const WEB: PermissionSet = PermissionSet(4);
    /// WeChat's own web agents.
    pub const AGENTS: PermissionSet = PermissionSet(6);
    /// Broadcasts, template messages, publishing.
    pub const BROADCAST: PermissionSet = PermissionSet(7);
    pub const CARDS: PermissionSet = PermissionSet(8);
    /// Media, material, drafts.
    pub const MATERIAL: PermissionSet = PermissionSet(11);
    pub const MENU: PermissionSet = PermissionSet(15);
    /// Binding to an Open Platform account. Exclusive.
    pub const OPEN_PLATFORM: PermissionSet = PermissionSet(24);
    /// Subscription notices of service accounts.
    pub const NOTICES: PermissionSet = PermissionSet(89);
    /// Seen beside 2 and 11 as an alternative; its name is not documented.
    pub const USERS_AND_MATERIAL: PermissionSet = PermissionSet(100);

    fn row(self) -> Option<&'static (i64, &'static str, &'static str, bool)> {
        SETS.iter().find(|row| row.0 == self.0)
    }

    pub fn name_zh(self) -> Option<&'static str> {
        self.row().map(|row| row.1)
    }

    pub fn name_en(self) -> Option<&'static str> {
        self.row().map(|row| row.2)
    }

    /// Whether only one component may hold it: granting it to another takes it away.
    pub fn is_exclusive(self) -> bool {
        self.row().is_some_and(|row| row.3)
    }
}

/// Id, Chinese name, English name, exclusive.
pub const SETS: &[(i64, &str, &str, bool)] = &[
    (1, "消息管理权限", "message management", false),
    (2, "用户管理权限", "user management", false),
    (3, "帐号服务权限", "account service", false),
    (4, "网页服务权限", "web service", true),
    (5, "微信小店权限", "WeChat shop", false),
    (6, "微信多客服权限", "customer service agents", false),
    (7, "群发与通知权限", "broadcast and notice", false),
    (8, "微信卡券权限", "cards and coupons", false),
    (9, "微信扫一扫权限", "scan products", false),
    (10, "微信连WIFI权限", "WiFi", false),
    (11, "素材管理权限", "material management", false),
    (12, "微信摇周边权限", "shake nearby", false),
    (13, "微信门店权限", "stores", false),
    (15, "自定义菜单权限", "custom menu", false),
    (22, "城市服务接口权限", "city service", false),
    (23, "广告管理权限", "ads management", false),
    (24, "开放平台帐号管理权限", "Open Platform account management", true),
    (26, "微信电子发票权限", "e-invoice", false),
    (27, "快速注册小程序权限", "quick mini program registration", false),
    (33, "小程序管理权限", "mini program linking", false),
    (34, "微信商品库权限", "product library", true),
    (44, "好物圈权限", "good things circle", false),
    (46, "微信一物一码权限", "one item one code", false),
    (47, "微信财政电子票据权限", "fiscal e-bill", false),
    (54, "服务号对话权限", "service account dialogue", true),
    (66, "服务平台管理权限", "service market", false),
    (89, "服务号订阅通知权限", "service account subscription notice", false),
    (113, "医疗助手权限", "medical assistant", false),
    (121, "公众号购物订单权限", "shopping orders", false),
];
