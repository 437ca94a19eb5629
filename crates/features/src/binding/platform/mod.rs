//! Binding by the administrator's scan, through the third-party platform.
//!
//! [`begin`] makes the link; the consent then arrives twice and in either order: the browser comes back with a
//! code ([`come_back`]), and WeChat pushes another ([`push`]). Whichever is first is exchanged, once; the job
//! [`settle::run_grant`] does the rest: who is it, may it be bound, whose is it.

mod arrive;
mod begin;
mod push;
mod settle;

pub use arrive::{Returned, come_back};
pub use begin::begin;
pub use push::push;
pub use settle::{reread_accounts, run_grant};

use jobs::NewJob;
use kit::{Ctx, Error, Millis, TenantId, Topic, Work};
use serde_json::json;
use wechat::Secret;

use super::{
    model::{Binding, BindingState},
    store::{self, Grant},
    view,
};

pub(super) const JOB: &str = "binding_grant";

/// How long one may be busy with a grant before another takes over.
const GRANT_LEASE_MS: Millis = 60_000;

/// The browser and the push know the link; without one, the account.
fn lease_name(grant: Option<&str>, pre_auth_code: Option<&str>) -> String {
    match (pre_auth_code, grant) {
        (Some(code), _) => format!("grant:{code}"),
        (None, Some(app_id)) => format!("grant:{app_id}"),
        (None, None) => "grant:".to_owned(),
    }
}

fn place(app_id: &str, field: &str) -> String {
    format!("platform_grants|{app_id}|{field}")
}

fn sealed(ctx: &Ctx, app_id: &str, field: &str, secret: &Secret) -> Vec<u8> {
    ctx.keyring().seal(&place(app_id, field), secret.expose())
}

fn opened(ctx: &Ctx, app_id: &str, field: &str, sealed: &[u8]) -> Result<Secret, Error> {
    ctx.keyring()
        .open(&place(app_id, field), sealed)
        .map_err(|error| Error::internal(format!("platform_grants {app_id} {field}: {error}")))
}

/// Tenants of jobs about grants that nobody waits for.
const NOBODY: TenantId = TenantId(0);

/// The job that goes on with the grant. `mark` tells grants of one account apart.
async fn go_on(work: &mut Work, app_id: &str, mark: &str) -> Result<(), Error> {
    let job = NewJob {
        name: JOB,
        payload: json!({ "app_id": app_id }),
        run_at: work.now(),
        dedupe_key: Some(format!("{app_id}:{mark}")),
    };
    work.enqueue(job).await?;
    Ok(())
}

/// Writes where the binding stands and tells the console, unless it is over.
async fn write_binding(work: &mut Work, binding: Binding) -> Result<(), Error> {
    if !store::set_binding(work, &binding).await? {
        return Ok(());
    }
    let seen = view::binding(work, binding).await?;
    work.tell(Topic::Binding, &seen);
    Ok(())
}

/// The owner agreed; whoever waits sees it.
async fn mark_granted(work: &mut Work, mut binding: Binding) -> Result<(), Error> {
    if binding.state == BindingState::Waiting {
        binding.state = BindingState::Granted;
        write_binding(work, binding).await?;
    }
    Ok(())
}

/// Whether the grant of this link needs no code any more.
fn is_settled(grant: &Grant, pre_auth_code: Option<&str>) -> bool {
    pre_auth_code.is_some()
        && grant.pre_auth_code.as_deref() == pre_auth_code
        && matches!(grant.state.as_str(), "exchanged" | "claimed" | "refused")
}

#[cfg(test)]
mod tests {
    use ::store::{Options, Store};
    use entities::people;
    use kit::{BindingId, CtxParts, Keyring, PersonId, Public};
    use testkit::{TestClock, TestDb, ascending_event_ids, databases, scrambled_ids};

    use super::*;
    use crate::binding::store::NewBinding;

    const TENANT: TenantId = TenantId(1);

    async fn ctx(db: &TestDb) -> Ctx {
        let clock = TestClock::default().as_fn();
        let options = Options { allow_unsafe: true, ..Options::default() };
        Ctx::new(CtxParts {
            store: Store::open(&db.url, &options).await.expect("the database opens"),
            new_id: scrambled_ids(),
            new_event_id: ascending_event_ids(clock.clone()),
            clock,
            keyring: Keyring::new(vec![(1, [7; 32])]),
            wechat: wechat_client::Client::new(&wechat_client::Options::new("http://127.0.0.1:9")).expect("a client"),
            pictures: wechat_client::Pictures::new("").expect("pictures"),
            public: Public {
                url: "http://127.0.0.1".into(),
                mp_base: "http://127.0.0.1".into(),
                sandbox_url: None,
                secure_cookies: false,
                demo: false,
            },
        })
    }

    /// The browser and the push each look at the binding before they write; the slower one must not undo the end.
    #[tokio::test]
    async fn r10_a_binding_that_is_over_does_not_become_granted_again() {
        for db in databases().await {
            let ctx = ctx(&db).await;
            let mut work = Work::begin(&ctx, TENANT);
            people::store::create_tenant(&mut work, "Tenant", people::TimeZone::SHANGHAI).await.expect("a tenant");
            let id = BindingId(work.new_id());
            let new = NewBinding {
                person: PersonId(1),
                session_hash: vec![1],
                state_hash: vec![2],
                pre_auth_code: "code".into(),
                expires_at: work.now() + 600_000,
            };
            store::insert_binding(&mut work, id, &new).await.expect("a binding");
            let slow = store::find_binding(&mut work, id).await.expect("it is there").binding;
            mark_granted(&mut work, slow.clone()).await.expect("granted");
            assert_eq!(
                store::find_binding(&mut work, id).await.expect("it is there").binding.state,
                BindingState::Granted
            );

            let refused = Binding { state: BindingState::Refused, code: Some("why".into()), ..slow.clone() };
            write_binding(&mut work, refused).await.expect("refused");
            mark_granted(&mut work, slow).await.expect("nothing");
            let after = store::find_binding(&mut work, id).await.expect("it is there").binding;
            assert_eq!((after.state, after.code.as_deref()), (BindingState::Refused, Some("why")));
        }
    }
}
