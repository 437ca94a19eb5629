//! What an account may call: by its kind and verification, and, through a
//! component, by the permission sets its owner granted. Both must agree.
//!
//! Quotas are those of a new account; WeChat raises them with the fans.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/product/offical_account_authority.html>

mod paths;
mod sets;

pub use paths::{allowed, daily_quota, sets_for};
pub use sets::{PermissionSet, SETS};

/// Subscription or service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    Subscription,
    Service,
}

impl AccountKind {
    /// From `service_type_info.id`: 0 and 1 subscription, 2 service. Not for mini programs.
    pub fn of_service_type(id: i64) -> Option<Self> {
        match id {
            0 | 1 => Some(AccountKind::Subscription),
            2 => Some(AccountKind::Service),
            _ => None,
        }
    }
}

/// `verify_type_info.id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VerifyType(pub i64);

impl VerifyType {
    /// Whether the API treats the account as verified. Weibo's word (1, 2) does not count;
    /// WeChat's check of the owner does, even while the name is still being checked (3, 4, 5).
    pub fn is_verified(self) -> bool {
        matches!(self.0, 0 | 3 | 4 | 5)
    }
}

/// The four columns of WeChat's table of rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountClass {
    UnverifiedSubscription,
    VerifiedSubscription,
    UnverifiedService,
    VerifiedService,
}

impl AccountClass {
    pub const ALL: [AccountClass; 4] =
        [Self::UnverifiedSubscription, Self::VerifiedSubscription, Self::UnverifiedService, Self::VerifiedService];

    pub fn new(kind: AccountKind, verify: VerifyType) -> Self {
        match (kind, verify.is_verified()) {
            (AccountKind::Subscription, false) => Self::UnverifiedSubscription,
            (AccountKind::Subscription, true) => Self::VerifiedSubscription,
            (AccountKind::Service, false) => Self::UnverifiedService,
            (AccountKind::Service, true) => Self::VerifiedService,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verification_is_wechats_own_word_about_the_owner() {
        let verified: Vec<i64> = (-1..=6).filter(|&id| VerifyType(id).is_verified()).collect();
        assert_eq!(verified, [0, 3, 4, 5]);
        assert_eq!(AccountKind::of_service_type(1), Some(AccountKind::Subscription));
        assert_eq!(AccountKind::of_service_type(4), None);
    }

    #[test]
    fn each_class_has_its_own_rights() {
        let who = |path: &str| AccountClass::ALL.map(|class| allowed(path, class));
        assert_eq!(who("/cgi-bin/message/custom/send"), [false, true, false, true]);
        assert_eq!(who("/cgi-bin/menu/create"), [false, true, true, true]);
        assert_eq!(who("/cgi-bin/qrcode/create"), [false, false, false, true]);
        assert_eq!(who("/cgi-bin/token"), [true, true, true, true]);
        assert_eq!(who("/cgi-bin/user/info/batchget"), [false, true, false, true]);
        assert_eq!(who("/cgi-bin/freepublish/submit"), [false, true, false, true]);
        assert_eq!(who("/cgi-bin/material/add_news"), [false; 4]);
    }

    #[test]
    fn each_path_needs_its_sets() {
        assert_eq!(sets_for("/cgi-bin/menu/create"), [PermissionSet::MENU]);
        assert_eq!(sets_for("/cgi-bin/message/custom/send"), [PermissionSet::MESSAGES]);
        assert_eq!(sets_for("/cgi-bin/tags/create")[0], PermissionSet::USERS);
        assert!(sets_for("/cgi-bin/clear_quota").is_empty());
        assert_eq!(sets_for("/cgi-bin/freepublish/getarticle"), [PermissionSet::BROADCAST]);
        assert_eq!(sets_for("/cgi-bin/comment/reply/add"), [PermissionSet::BROADCAST]);
        assert_eq!(sets_for("/datacube/getusersummary")[0], PermissionSet::USERS);
        assert_eq!(sets_for("/datacube/getuserread"), [PermissionSet::BROADCAST]);
        assert_eq!(sets_for("/datacube/getupstreammsghour"), [PermissionSet::MESSAGES]);
        assert_eq!(daily_quota("/cgi-bin/qrcode/create"), Some(100_000));
        assert_eq!(daily_quota("/sns/userinfo"), None);
    }

    #[test]
    fn sets_are_known_by_id() {
        assert_eq!(PermissionSet(15).name_en(), Some("custom menu"));
        assert_eq!(PermissionSet(15).name_zh(), Some("自定义菜单权限"));
        assert_eq!(PermissionSet(9999).name_en(), None);
        let exclusive: Vec<_> =
            SETS.iter().map(|&(id, ..)| id).filter(|&id| PermissionSet(id).is_exclusive()).collect();
        assert_eq!(exclusive, [4, 24, 34, 54]);
        assert!(SETS.is_sorted_by_key(|&(id, ..)| id));
    }
}
