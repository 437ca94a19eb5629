//! The tags themselves: what they are called, which exist.

use entities::tags::{self as own, WechatTag};
use kit::{Error, TagId};
use wechat::{
    ErrCode,
    api::tag::{create_tag, delete_tag, get_tags, update_tag},
};
use wechat_client::Failure;

use super::{
    decide::{self, Step, Theirs},
    mirror::{Mirror, Stopped},
    model::COLOURS,
    store,
};

/// Brings the account's tags and ours to agree, as far as WeChat lets us.
pub async fn agree(mirror: &mut Mirror) -> Result<(), Stopped> {
    let answer = mirror.call::<get_tags::GetTags>(&get_tags::Request::default()).await?;
    let theirs: Vec<Theirs> =
        answer.tags.into_iter().map(|tag| Theirs { wechat_id: tag.id, name: tag.name, fans: tag.count }).collect();
    let mut work = mirror.read();
    let agreed = own::wechat_tags(&mut work, mirror.account).await?;
    let ours = store::names(&mut work).await?;
    drop(work);
    for step in decide::steps(&agreed, &ours, &theirs) {
        take(mirror, step).await?;
    }
    Ok(())
}

async fn take(mirror: &mut Mirror, step: Step) -> Result<(), Stopped> {
    match step {
        Step::Keep(tag) => keep(mirror, &tag).await?,
        Step::Link { theirs, tag } => {
            if !link(mirror, theirs, tag).await? {
                mirror.problem = Some("wechat_tag_name");
            }
        }
        Step::RenameOurs { tag, theirs } => {
            let mut work = mirror.write().await?;
            store::rename(&mut work, tag, &theirs.name).await?;
            let known = WechatTag { wechat_id: theirs.wechat_id, name: theirs.name, fans: theirs.fans, tag: Some(tag) };
            own::set_wechat(&mut work, mirror.account, &known).await?;
            work.commit().await?;
        }
        Step::Forget { wechat_id } => {
            let mut work = mirror.write().await?;
            own::forget_wechat(&mut work, mirror.account, wechat_id).await?;
            work.commit().await?;
        }
        Step::Refuse { .. } => mirror.problem = Some("wechat_tag_name"),
        Step::RenameTheirs { wechat_id, tag, name, fans } => {
            let request = update_tag::Request { tag: create_tag::Tag { id: wechat_id, name: name.clone() } };
            let answer = mirror.call::<update_tag::UpdateTag>(&request).await;
            if understood(mirror, answer)?.is_some() {
                keep(mirror, &WechatTag { wechat_id, name, fans, tag: Some(tag) }).await?;
            }
        }
        Step::DeleteTheirs { wechat_id } => {
            let answer = mirror
                .call::<delete_tag::DeleteTag>(&delete_tag::Request { tag: delete_tag::TagId { id: wechat_id } })
                .await;
            if understood(mirror, answer)?.is_some() {
                let mut work = mirror.write().await?;
                own::forget_wechat(&mut work, mirror.account, wechat_id).await?;
                work.commit().await?;
            }
        }
        Step::Create { tag, name } => {
            let answer = mirror
                .call::<create_tag::CreateTag>(&create_tag::Request { tag: create_tag::Named { name: name.clone() } })
                .await;
            if let Err(failure) = &answer
                && failure.errcode() == Some(ErrCode(45157))
                && let Some(theirs) = made_since(mirror, &name).await?
            {
                link(mirror, theirs, Some(tag)).await?;
                return Ok(());
            }
            if let Some(made) = understood(mirror, answer)? {
                let mut work = mirror.write().await?;
                own::forget_wechat(&mut work, mirror.account, -tag.0).await?;
                own::set_wechat(
                    &mut work,
                    mirror.account,
                    &WechatTag { wechat_id: made.tag.id, name, fans: 0, tag: Some(tag) },
                )
                .await?;
                work.commit().await?;
            }
        }
    }
    Ok(())
}

/// WeChat's tag of a name that was not in its list a moment ago: another run of ours made it meanwhile, or a try whose
/// answer was lost, or a person.
async fn made_since(mirror: &mut Mirror, name: &str) -> Result<Option<Theirs>, Stopped> {
    let answer = mirror.call::<get_tags::GetTags>(&get_tags::Request::default()).await?;
    let found = answer.tags.into_iter().find(|tag| tag.name == name);
    Ok(found.map(|tag| Theirs { wechat_id: tag.id, name: tag.name, fans: tag.count }))
}

async fn keep(mirror: &Mirror, tag: &WechatTag) -> Result<(), Error> {
    let mut work = mirror.write().await?;
    own::set_wechat(&mut work, mirror.account, tag).await?;
    work.commit().await
}

/// From now on WeChat's tag stands for ours, and everybody who has the one has the other. False when ours of
/// that name stands for another of WeChat's.
async fn link(mirror: &Mirror, theirs: Theirs, tag: Option<TagId>) -> Result<bool, Error> {
    let mut work = mirror.write().await?;
    let tag = match tag {
        Some(tag) => tag,
        None if own::named(&mut work, &theirs.name).await?.is_some() => return Ok(false),
        None => own::add(&mut work, &theirs.name, None, COLOURS[0]).await?,
    };
    own::forget_wechat(&mut work, mirror.account, -tag.0).await?;
    let known = WechatTag { wechat_id: theirs.wechat_id, name: theirs.name, fans: theirs.fans, tag: Some(tag) };
    own::set_wechat(&mut work, mirror.account, &known).await?;
    store::put_where_wechat_has(&mut work, mirror.account, theirs.wechat_id, tag).await?;
    work.commit().await?;
    Ok(true)
}

/// The answer; nothing when WeChat will not have it, which is noted and stops nothing else.
fn understood<T>(mirror: &mut Mirror, answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
    let failure = match answer {
        Ok(answer) => return Ok(Some(answer)),
        Err(failure) => failure,
    };
    let problem = match failure.errcode() {
        Some(ErrCode(45056)) => "wechat_tags_full",
        Some(ErrCode(45057)) => "wechat_tag_too_many_fans",
        Some(ErrCode(45157 | 45158)) => "wechat_tag_name",
        // Gone already, or WeChat's own after all: the next comparison will show it.
        Some(ErrCode(45058 | 45159)) => "wechat_refused",
        _ => return Err(failure),
    };
    mirror.problem = Some(problem);
    Ok(None)
}
