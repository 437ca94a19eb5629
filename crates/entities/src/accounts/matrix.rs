//! What an account may do: the table of R8, the permission sets of R10, and the reason when it may not.
//!
//! The table is written once, here. [`Account::could`] asks it and the granted sets; [`Account::may`] asks
//! besides whether the account is bound and whether we only listen.

use kit::Error;
use serde::Serialize;
use utoipa::ToSchema;
use wechat::rights::{AccountKind, PermissionSet};

use super::{Account, Mode, Status, model::words};

words! {
    /// Something the hub does with an account.
    Function {
        FanImport = "fan_import",
        ReplyFollow = "reply_follow",
        ReplyKeyword = "reply_keyword",
        Menu = "menu",
        /// A QR code with parameters.
        Qrcode = "qrcode",
        /// A QR code whose parameters name a visitor.
        IdentityQrcode = "identity_qrcode",
        Materials = "materials",
        Broadcast = "broadcast",
        CustomMessage = "custom_message",
        Template = "template",
        /// A notice that a fan has agreed to.
        Notice = "notice",
        /// Create and send coupons; their use needs nothing.
        Coupon = "coupon",
        PageAuth = "page_auth",
        PageVisitor = "page_visitor",
        Journeys = "journeys",
        Tags = "tags",
    }
}

/// One line of the table.
struct Line {
    function: Function,
    /// Whether a verified subscription account may; a verified service account may do everything here.
    subscription: bool,
    /// Whether it needs no verification: an answer to a callback is no call of the API.
    unverified: bool,
    /// Which rule says so.
    rule: &'static str,
    /// The permission set a platform needs for it.
    set: PermissionSet,
    /// Fans notice it, so it is not done while we only listen.
    speaks: bool,
}

const fn line(function: Function, subscription: bool, rule: &'static str, set: PermissionSet) -> Line {
    Line { function, subscription, unverified: false, rule, set, speaks: false }
}

const fn speaking(line: Line) -> Line {
    Line { speaks: true, ..line }
}

const fn answering(line: Line) -> Line {
    Line { speaks: true, unverified: true, ..line }
}

const TABLE: [Line; 16] = [
    line(Function::FanImport, true, "R8", PermissionSet::USERS),
    answering(line(Function::ReplyFollow, true, "R8", PermissionSet::MESSAGES)),
    answering(line(Function::ReplyKeyword, true, "R8", PermissionSet::MESSAGES)),
    speaking(line(Function::Menu, true, "R8", PermissionSet::MENU)),
    line(Function::Qrcode, false, "R8", PermissionSet::ACCOUNT),
    line(Function::IdentityQrcode, false, "R8", PermissionSet::ACCOUNT),
    line(Function::Materials, true, "R8", PermissionSet::MATERIAL),
    speaking(line(Function::Broadcast, true, "R8", PermissionSet::BROADCAST)),
    speaking(line(Function::CustomMessage, true, "R8", PermissionSet::MESSAGES)),
    speaking(line(Function::Template, false, "R4", PermissionSet::BROADCAST)),
    // Its set is none of those that are asked for: who grants it besides may use it.
    speaking(line(Function::Notice, false, "R8", PermissionSet::NOTICES)),
    line(Function::Coupon, false, "R7", PermissionSet::CARDS),
    line(Function::PageAuth, false, "R8", PermissionSet::WEB),
    line(Function::PageVisitor, false, "R8", PermissionSet::WEB),
    speaking(line(Function::Journeys, false, "R25", PermissionSet::MESSAGES)),
    line(Function::Tags, true, "R8", PermissionSet::USERS),
];

/// The permission sets that are asked for, in the order of R10.
pub const ASKED_SETS: [PermissionSet; 8] = [
    PermissionSet::MESSAGES,
    PermissionSet::MENU,
    PermissionSet::WEB,
    PermissionSet::BROADCAST,
    PermissionSet::USERS,
    PermissionSet::ACCOUNT,
    PermissionSet::MATERIAL,
    PermissionSet::CARDS,
];

/// What stops working without the set.
pub fn functions_of(set: PermissionSet) -> impl Iterator<Item = Function> {
    TABLE.iter().filter(move |line| line.set == set).map(|line| line.function)
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeniedCode {
    /// The account's kind or verification does not allow it.
    Type,
    /// The permission set was not granted.
    Set,
    /// Authorisation was cancelled.
    Unbound,
    /// The account is set to listen only.
    ListenOnly,
}

impl DeniedCode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Set => "set",
            Self::Unbound => "unbound",
            Self::ListenOnly => "listen_only",
        }
    }
}

/// The account may not do this, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denied {
    pub function: Function,
    pub code: DeniedCode,
    pub rule: Option<&'static str>,
    /// The permission set that is missing.
    pub set: Option<i64>,
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        let (function, reason) = (denied.function.as_str(), denied.code.as_str());
        Self::Conflict {
            code: "function_not_allowed",
            detail: format!("this account may not use {function}: {reason}"),
            params: serde_json::json!({ "function": function, "reason": reason, "rule": denied.rule, "set": denied.set }),
        }
    }
}

impl Function {
    fn line(self) -> &'static Line {
        TABLE.iter().find(|line| line.function == self).expect("every function has its line, which a test proves")
    }
}

impl Account {
    /// Whether the account could do this: its kind, its verification and the granted sets allow it, whatever its status.
    pub fn could(&self, function: Function) -> Result<(), Denied> {
        let line = function.line();
        let denied = |code, rule, set| Err(Denied { function, code, rule, set });
        if !self.is_verified() && !line.unverified {
            return denied(DeniedCode::Type, Some("R5"), None);
        }
        if self.kind() == AccountKind::Subscription && !line.subscription {
            return denied(DeniedCode::Type, Some(line.rule), None);
        }
        if self.mode == Mode::Platform && !self.permission_sets.contains(&line.set.0) {
            return denied(DeniedCode::Set, Some("R11"), Some(line.set.0));
        }
        Ok(())
    }

    /// Whether the account may do this now.
    pub fn may(&self, function: Function) -> Result<(), Denied> {
        self.could(function)?;
        let denied = |code, rule| Err(Denied { function, code, rule, set: None });
        if self.status != Status::Bound {
            return denied(DeniedCode::Unbound, Some("R17"));
        }
        if self.listen_only && function.line().speaks {
            return denied(DeniedCode::ListenOnly, None);
        }
        Ok(())
    }
}
