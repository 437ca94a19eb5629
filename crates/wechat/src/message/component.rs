//! Pushes to a component's authorization event URL: tickets, and what accounts
//! let the component do. Always encrypted; always answered with `success`.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/authorize_event.html>

use std::fmt;

use crate::ids::AppId;
use crate::secret::Secret;
use crate::wire::{self, DecodeError, Fields, Format, Take};

/// A push to the authorization event URL.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentPush {
    /// The component.
    pub app_id: AppId,
    /// Seconds. Pushes come late and twice: of tickets, the latest counts.
    pub create_time: i64,
    pub kind: ComponentPushKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ComponentPushKind {
    /// Every ten minutes; each ticket is good for twelve hours.
    VerifyTicket {
        ticket: Secret,
    },
    Authorized(Authorization),
    /// The permission sets of an authorization changed.
    UpdateAuthorized(Authorization),
    Unauthorized {
        authorizer_appid: AppId,
    },
    /// Of mini programs, mostly.
    Unknown(UnknownPush),
}

/// An account's consent, as a code to be turned into tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    pub authorizer_appid: AppId,
    pub authorization_code: Secret,
    /// Seconds, absolute.
    pub code_expires_at: i64,
    /// The code of the link by which the owner came.
    pub pre_auth_code: Option<Secret>,
}

/// A push that is kept as it came. Some carry codes, so `Debug` shows only the kind.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownPush {
    pub info_type: String,
    /// All fields but `AppId`, `CreateTime` and `InfoType`.
    pub fields: Fields<'static>,
}

impl fmt::Debug for UnknownPush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownPush").field("info_type", &self.info_type).finish_non_exhaustive()
    }
}

impl ComponentPush {
    /// Reads a push, already decrypted.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        let fields = wire::parse(body)?;
        let need = |name| fields.filled(name).ok_or(DecodeError::Missing(name));
        let app_id = need("AppId")?.try_into().map_err(|_| DecodeError::Invalid("AppId"))?;
        let create_time = need("CreateTime")?.trim_ascii().parse().map_err(|_| DecodeError::Invalid("CreateTime"))?;
        let info_type = need("InfoType")?.to_owned();
        let kind = match ComponentPushKind::known(&info_type, &fields) {
            Some(kind) => kind,
            None => {
                let mut fields = fields.into_owned();
                fields.0.retain(|field| {
                    !["AppId", "CreateTime", "InfoType"].iter().any(|name| field.name.eq_ignore_ascii_case(name))
                });
                ComponentPushKind::Unknown(UnknownPush { info_type, fields })
            }
        };
        Ok(Self { app_id, create_time, kind })
    }

    /// Writes a push as WeChat does, before encryption.
    pub fn encode(&self, format: Format) -> String {
        let mut out = Fields::default();
        out.push_text("AppId", self.app_id.as_str());
        out.push_number("CreateTime", self.create_time);
        out.push_text("InfoType", self.kind.info_type());
        match &self.kind {
            ComponentPushKind::VerifyTicket { ticket } => out.push_text("ComponentVerifyTicket", ticket.expose()),
            ComponentPushKind::Authorized(authorization) | ComponentPushKind::UpdateAuthorized(authorization) => {
                out.push_text("AuthorizerAppid", authorization.authorizer_appid.as_str());
                out.push_text("AuthorizationCode", authorization.authorization_code.expose());
                out.push_number("AuthorizationCodeExpiredTime", authorization.code_expires_at);
                if let Some(code) = &authorization.pre_auth_code {
                    out.push_text("PreAuthCode", code.expose());
                }
            }
            ComponentPushKind::Unauthorized { authorizer_appid } => {
                out.push_text("AuthorizerAppid", authorizer_appid.as_str())
            }
            ComponentPushKind::Unknown(unknown) => out.0.extend(unknown.fields.0.iter().cloned()),
        }
        wire::write(format, &out)
    }
}

impl ComponentPushKind {
    /// `InfoType` as WeChat writes it.
    pub fn info_type(&self) -> &str {
        match self {
            ComponentPushKind::VerifyTicket { .. } => "component_verify_ticket",
            ComponentPushKind::Authorized(_) => "authorized",
            ComponentPushKind::UpdateAuthorized(_) => "updateauthorized",
            ComponentPushKind::Unauthorized { .. } => "unauthorized",
            ComponentPushKind::Unknown(unknown) => &unknown.info_type,
        }
    }

    fn known(info_type: &str, fields: &Fields<'_>) -> Option<Self> {
        let secret = |name| fields.filled(name).map(Secret::from);
        let account = || AppId::try_from(fields.text("AuthorizerAppid")?).ok();
        let authorization = || {
            Some(Authorization {
                authorizer_appid: account()?,
                authorization_code: secret("AuthorizationCode")?,
                code_expires_at: Take::take(fields, "AuthorizationCodeExpiredTime")?,
                pre_auth_code: secret("PreAuthCode"),
            })
        };
        match info_type.to_ascii_lowercase().as_str() {
            "component_verify_ticket" => Some(Self::VerifyTicket { ticket: secret("ComponentVerifyTicket")? }),
            "authorized" => authorization().map(Self::Authorized),
            "updateauthorized" => authorization().map(Self::UpdateAuthorized),
            "unauthorized" => Some(Self::Unauthorized { authorizer_appid: account()? }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authorization() -> Authorization {
        Authorization {
            authorizer_appid: AppId::try_from("wxauth0000000001").expect("an appid"),
            authorization_code: Secret::from("queryauthcode@@@Zz"),
            code_expires_at: 1_764_003_700,
            pre_auth_code: Some(Secret::from("preauthcode@@@Xy")),
        }
    }

    #[test]
    fn every_kind_survives_both_spellings() {
        let kinds = [
            ComponentPushKind::VerifyTicket { ticket: Secret::from("ticket@@@abc123") },
            ComponentPushKind::Authorized(authorization()),
            ComponentPushKind::UpdateAuthorized(Authorization { pre_auth_code: None, ..authorization() }),
            ComponentPushKind::Unauthorized { authorizer_appid: authorization().authorizer_appid },
        ];
        for kind in kinds {
            let push = ComponentPush {
                app_id: AppId::try_from("wxcomp").expect("an appid"),
                create_time: 1_764_000_000,
                kind,
            };
            for format in [Format::Xml, Format::Json] {
                assert_eq!(ComponentPush::decode(push.encode(format).as_bytes()), Ok(push.clone()));
            }
        }
    }

    #[test]
    fn bare_values_and_other_cases_are_read() {
        let body = b"<xml><AppId>wxcomp</AppId><CreateTime>5</CreateTime><InfoType>Unauthorized</InfoType><AuthorizerAppid>wxa</AuthorizerAppid></xml>";
        let push = ComponentPush::decode(body).expect("a push");
        assert_eq!(
            push.kind,
            ComponentPushKind::Unauthorized { authorizer_appid: AppId::try_from("wxa").expect("an appid") }
        );
    }

    #[test]
    fn unknown_pushes_are_kept_whole_and_do_not_print_their_codes() {
        let body = "<xml><AppId><![CDATA[wxcomp]]></AppId>\n<CreateTime>5</CreateTime>\n<InfoType><![CDATA[notify_third_fasteregister]]></InfoType>\n<auth_code><![CDATA[s3cr3t]]></auth_code>\n<info><name><![CDATA[n]]></name></info>\n</xml>";
        let push = ComponentPush::decode(body.as_bytes()).expect("a push");
        assert_eq!(push.encode(Format::Xml), body);
        assert!(!format!("{push:?}").contains("s3cr3t"));
    }

    #[test]
    fn a_ticket_does_not_print() {
        let kind = ComponentPushKind::VerifyTicket { ticket: Secret::from("s3cr3t") };
        assert!(!format!("{kind:?}").contains("s3cr3t"));
    }
}
