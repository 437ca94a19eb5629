//! The comparison of the library with what WeChat says.

use kit::{AccountId, Error, Work};

use super::{
    decide::{Step, compare},
    model::{Found, Template, TemplateKind},
    store,
};

/// Makes the library what WeChat has just said. The templates whose text is another now, and those that are gone.
pub async fn agree(
    work: &mut Work,
    account: AccountId,
    kind: TemplateKind,
    found: &[Found],
) -> Result<(Vec<String>, Vec<String>), Error> {
    let known: Vec<Template> =
        store::list(work, account).await?.into_iter().filter(|template| template.kind == kind).collect();
    let (mut changed, mut gone) = (Vec::new(), Vec::new());
    for step in compare(&known, found) {
        match step {
            Step::Add(one) => store::add(work, account, kind, one).await?,
            Step::Change(template, one, other_text) => {
                store::change(work, template, one, other_text).await?;
                if other_text {
                    changed.push(template.wechat_id.clone());
                }
            }
            Step::Gone(template) => {
                store::vanish(work, template).await?;
                gone.push(template.wechat_id.clone());
            }
        }
    }
    store::forget_unnamed(work, account).await?;
    Ok((changed, gone))
}
