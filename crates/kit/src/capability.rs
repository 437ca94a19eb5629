//! Who may do what. Every handler of the API takes an [`Allowed`], which names the capability it needs, so
//! that a handler without a check does not compile; the caller is looked up anew on every request (P29).

use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, Ctx, Error, PersonId, TenantId, Work};

/// What a role or a key may allow; also the scopes of API keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Capability {
    #[serde(rename = "accounts:read")]
    AccountsRead,
    #[serde(rename = "accounts:write")]
    AccountsWrite,
    /// Bind, unbind and delete accounts.
    #[serde(rename = "accounts:bind")]
    AccountsBind,
    #[serde(rename = "replies:read")]
    RepliesRead,
    #[serde(rename = "replies:write")]
    RepliesWrite,
    #[serde(rename = "menus:read")]
    MenusRead,
    /// Change and publish menus.
    #[serde(rename = "menus:write")]
    MenusWrite,
    #[serde(rename = "customers:read")]
    CustomersRead,
    #[serde(rename = "customers:write")]
    CustomersWrite,
    /// See what was sent, what is in doubt, and whom one can reach.
    #[serde(rename = "messages:read")]
    MessagesRead,
    /// Speak to customers.
    #[serde(rename = "messages:write")]
    MessagesWrite,
    #[serde(rename = "qrcodes:read")]
    QrcodesRead,
    #[serde(rename = "qrcodes:write")]
    QrcodesWrite,
    #[serde(rename = "team:read")]
    TeamRead,
    #[serde(rename = "team:write")]
    TeamWrite,
}

impl Capability {
    pub const ALL: [Self; 15] = [
        Self::AccountsRead,
        Self::AccountsWrite,
        Self::AccountsBind,
        Self::RepliesRead,
        Self::RepliesWrite,
        Self::MenusRead,
        Self::MenusWrite,
        Self::CustomersRead,
        Self::CustomersWrite,
        Self::MessagesRead,
        Self::MessagesWrite,
        Self::QrcodesRead,
        Self::QrcodesWrite,
        Self::TeamRead,
        Self::TeamWrite,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountsRead => "accounts:read",
            Self::AccountsWrite => "accounts:write",
            Self::AccountsBind => "accounts:bind",
            Self::RepliesRead => "replies:read",
            Self::RepliesWrite => "replies:write",
            Self::MenusRead => "menus:read",
            Self::MenusWrite => "menus:write",
            Self::CustomersRead => "customers:read",
            Self::CustomersWrite => "customers:write",
            Self::MessagesRead => "messages:read",
            Self::MessagesWrite => "messages:write",
            Self::QrcodesRead => "qrcodes:read",
            Self::QrcodesWrite => "qrcodes:write",
            Self::TeamRead => "team:read",
            Self::TeamWrite => "team:write",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capability| capability.as_str() == text)
    }
}

/// What a person is in their tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Operator,
    Viewer,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Operator => "operator",
            Self::Viewer => "viewer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Owner, Self::Operator, Self::Viewer].into_iter().find(|role| role.as_str() == text)
    }

    pub fn allows(self, capability: Capability) -> bool {
        use Capability::*;
        match self {
            Self::Owner => true,
            Self::Operator => !matches!(capability, TeamWrite | AccountsBind),
            Self::Viewer => matches!(
                capability,
                AccountsRead | RepliesRead | MenusRead | CustomersRead | MessagesRead | QrcodesRead
            ),
        }
    }
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Person { id: PersonId, name: String, role: Role },
    Key { id: ApiKeyId, name: String, scopes: Vec<Capability> },
}

/// A caller who has proved who they are.
#[derive(Debug, Clone)]
pub struct Caller {
    pub tenant: TenantId,
    pub actor: Actor,
    /// The session a request came by; none for keys.
    pub session: Option<Vec<u8>>,
}

impl Caller {
    pub fn may(&self, capability: Capability) -> bool {
        match &self.actor {
            Actor::Person { role, .. } => role.allows(capability),
            Actor::Key { scopes, .. } => scopes.contains(&capability),
        }
    }

    pub fn person(&self) -> Option<PersonId> {
        match self.actor {
            Actor::Person { id, .. } => Some(id),
            Actor::Key { .. } => None,
        }
    }

    /// The name shown as "changed by".
    pub fn name(&self) -> &str {
        match &self.actor {
            Actor::Person { name, .. } | Actor::Key { name, .. } => name,
        }
    }

    /// The source of a change: `person` or `api`.
    pub fn source(&self) -> &'static str {
        match self.actor {
            Actor::Person { .. } => "person",
            Actor::Key { .. } => "api",
        }
    }
}

/// Finds out who a request comes from: cookie and CSRF token, or API key.
pub trait Authenticate: Send + Sync {
    fn caller<'a>(&'a self, ctx: &'a Ctx, parts: &'a Parts) -> BoxFuture<'a, Result<Caller, Error>>;
}

/// Names a capability in a handler's signature: `Allowed<can::RepliesWrite>`.
pub trait Need: Send + Sync + 'static {
    const CAPABILITY: Option<Capability>;
}

/// The capabilities as types.
pub mod can {
    use super::{Capability, Need};

    macro_rules! can {
        ($($name:ident),*) => {$(
            #[derive(Debug)]
            pub struct $name;
            impl Need for $name {
                const CAPABILITY: Option<Capability> = Some(Capability::$name);
            }
        )*};
    }
    can!(
        AccountsRead,
        AccountsWrite,
        AccountsBind,
        RepliesRead,
        RepliesWrite,
        MenusRead,
        MenusWrite,
        CustomersRead,
        CustomersWrite,
        MessagesRead,
        MessagesWrite,
        QrcodesRead,
        QrcodesWrite,
        TeamRead,
        TeamWrite
    );

    /// Anybody who is signed in: their own profile, the home page.
    #[derive(Debug)]
    pub struct SignedIn;
    impl Need for SignedIn {
        const CAPABILITY: Option<Capability> = None;
    }
}

/// A unit of work in the caller's tenant, for a caller who may.
pub struct Allowed<C> {
    work: Work,
    caller: Caller,
    need: PhantomData<C>,
}

impl<C> Allowed<C> {
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub async fn commit(self) -> Result<(), Error> {
        self.work.commit().await
    }

    /// The unit of work by itself.
    pub fn into_work(self) -> Work {
        self.work
    }
}

impl<C> Deref for Allowed<C> {
    type Target = Work;
    fn deref(&self) -> &Work {
        &self.work
    }
}

impl<C> DerefMut for Allowed<C> {
    fn deref_mut(&mut self) -> &mut Work {
        &mut self.work
    }
}

impl<C: Need> FromRequestParts<Ctx> for Allowed<C> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Error> {
        let authenticate = ctx.authenticate().ok_or(Error::Unauthenticated)?;
        let caller = authenticate.caller(ctx, parts).await?;
        if let Some(capability) = C::CAPABILITY
            && !caller.may(capability)
        {
            return Err(Error::Forbidden(capability));
        }
        let mut work = match parts.method {
            Method::GET | Method::HEAD => Work::reading(ctx, caller.tenant),
            _ => Work::begin(ctx, caller.tenant),
        };
        work.set_caller(caller.clone());
        Ok(Self { work, caller, need: PhantomData })
    }
}
