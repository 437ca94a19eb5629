use entities::accounts::{ASKED_SETS, platform::Component};
use kit::{BindingId, Caller, Ctx, Error, Work};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use url::form_urlencoded;
use wechat::api::component::create_preauthcode::{self, CreatePreauthcode};

use crate::binding::{
    direct::random_word,
    model::{Binding, BindingState},
    probe,
    store::{self, NewBinding},
};

pub(super) fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// Makes the link for one scan. The pre-auth code is asked for now, because it lives for minutes; the way back
/// carries a state that only this session has, so that nobody can be made to bind somebody else's account.
pub async fn begin(ctx: &Ctx, caller: &Caller) -> Result<Binding, Error> {
    let (Some(person), Some(session)) = (caller.person(), caller.session.as_deref()) else {
        return Err(Error::conflict(
            "session_needed",
            "sign in with a browser: it has to come back from WeChat's page",
        ));
    };
    let component = Component::of(ctx).ok_or_else(|| {
        Error::conflict("platform_not_configured", "this hub has no third-party platform; bind with AppID and secret")
    })?;
    let request = create_preauthcode::Request { component_appid: component.app_id().to_owned() };
    let answer = ctx.wechat().call_as::<CreatePreauthcode>(&component, &request).await.map_err(probe::refusal)?;

    let mut work = Work::begin(ctx, caller.tenant);
    let id = BindingId(work.new_id());
    let state = random_word();
    let pre_auth_code = answer.pre_auth_code.expose().to_owned();
    let url = page(ctx, component.app_id(), &pre_auth_code, id, &state);
    let expires_at = work.now() + answer.expires_in * 1000;
    let new = NewBinding {
        person,
        session_hash: digest(session),
        state_hash: digest(state.as_bytes()),
        pre_auth_code,
        expires_at,
    };
    store::insert_binding(&mut work, id, &new).await?;
    work.commit().await?;
    Ok(Binding {
        id,
        url: Some(url),
        state: BindingState::Waiting,
        account_id: None,
        code: None,
        params: Json::Object(serde_json::Map::new()),
        expires_at,
    })
}

/// WeChat's page: official accounts only, the eight sets of R10, and the way back to this binding.
fn page(ctx: &Ctx, component_app_id: &str, pre_auth_code: &str, id: BindingId, state: &str) -> String {
    let public = ctx.public();
    let mine = form_urlencoded::Serializer::new(String::new())
        .append_pair("binding", &id.to_string())
        .append_pair("state", state)
        .finish();
    let back = format!("{}/wx/platform/return?{mine}", public.url);
    let sets = ASKED_SETS.map(|set| set.0.to_string()).join("|");
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("component_appid", component_app_id)
        .append_pair("pre_auth_code", pre_auth_code)
        .append_pair("redirect_uri", &back)
        .append_pair("auth_type", "1")
        .append_pair("category_id_list", &sets)
        .finish();
    format!("{}/cgi-bin/componentloginpage?{query}", public.mp_base)
}
