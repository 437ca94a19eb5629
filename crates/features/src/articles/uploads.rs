//! Pictures of ours on their way into an article: handed up once for each account, and remembered.

use entities::{
    articles::{self, Article, PURPOSE_BODY, PURPOSE_COVER},
    media::{self, MediaKind, pictures},
};
use kit::{Error, MediaId};
use wechat::api::{
    Nothing, Upload,
    material::add_material::{self, AddMaterial},
    media::upload_image::UploadImage,
};

use super::{
    desk::{Desk, Stop},
    html::{self, Src},
    wire::Uploaded,
};

/// `uploadimg` takes JPEG and PNG of less than this.
const MOST_IN_BODY: usize = (1 << 20) - 1;

impl Desk {
    /// What WeChat gives for every picture of the article, handed up now where it is not known.
    pub async fn upload_pictures(&self, article: &Article) -> Result<Uploaded, Stop> {
        let mut work = self.read();
        let mut uploaded = Uploaded::default();
        for one in articles::given(&mut work, self.account, PURPOSE_BODY).await? {
            uploaded.bodies.insert(MediaId(one.media_id), one.given);
        }
        for one in articles::given(&mut work, self.account, PURPOSE_COVER).await? {
            uploaded.covers.insert(MediaId(one.media_id), one.given);
        }
        drop(work);
        for (n, item) in article.items.iter().enumerate() {
            for src in html::pictures_in(&self.pictures(), &item.html) {
                if let Src::Ours(id) = src
                    && !uploaded.bodies.contains_key(&id)
                {
                    let url = self.upload_for_body(id, n).await?;
                    uploaded.bodies.insert(id, url);
                }
            }
            if let Some(id) = item.cover_media_id
                && !uploaded.covers.contains_key(&id)
            {
                let material = self.upload_cover(id, n).await?;
                uploaded.covers.insert(id, material);
            }
        }
        Ok(uploaded)
    }

    async fn file(&self, id: MediaId, item: usize) -> Result<(media::Media, Vec<u8>), Stop> {
        let mut work = self.read();
        let file = match media::find(&mut work, id).await {
            Ok(file) if matches!(file.kind, MediaKind::Image | MediaKind::Thumb) => file,
            Ok(_) | Err(Error::NotFound) => return Err(Stop::Failed("picture", None, Some(item))),
            Err(error) => return Err(error.into()),
        };
        let bytes = media::bytes(&mut work, id).await?;
        Ok((file, bytes))
    }

    async fn upload_for_body(&self, id: MediaId, item: usize) -> Result<String, Stop> {
        let (file, bytes) = self.file(id, item).await?;
        let fits = matches!(file.content_type.as_str(), "image/jpeg" | "image/png") && bytes.len() <= MOST_IN_BODY;
        let (content_type, bytes) = if fits {
            (file.content_type.clone(), bytes)
        } else {
            let fitted = tokio::task::spawn_blocking(move || pictures::converted(&bytes, MOST_IN_BODY)).await;
            let fitted = fitted.map_err(Error::internal)?.map_err(|_| Stop::Failed("picture", None, Some(item)))?;
            (fitted.content_type.to_owned(), fitted.bytes)
        };
        let ending = if content_type == "image/png" { "png" } else { "jpg" };
        let upload = Upload { filename: format!("{id}.{ending}"), content_type, bytes };
        let given = self.ctx.wechat().upload_as::<UploadImage>(&self.keeper, &Nothing {}, &upload).await;
        let url = given.map_err(|failure| at_item(self.stop(&failure), item))?.url;
        self.remember(id, PURPOSE_BODY, &url).await?;
        Ok(url)
    }

    async fn upload_cover(&self, id: MediaId, item: usize) -> Result<String, Stop> {
        let (file, bytes) = self.file(id, item).await?;
        let upload = Upload { filename: file.file_name, content_type: file.content_type, bytes };
        let request = add_material::Request::of_kind("image");
        let given = self.ctx.wechat().upload_as::<AddMaterial>(&self.keeper, &request, &upload).await;
        let material = given.map_err(|failure| at_item(self.stop(&failure), item))?.media_id;
        self.remember(id, PURPOSE_COVER, &material).await?;
        Ok(material)
    }

    async fn remember(&self, id: MediaId, purpose: &'static str, given: &str) -> Result<(), Error> {
        let mut work = self.write();
        articles::remember_given(&mut work, self.account, id, purpose, given).await?;
        work.commit().await
    }

    /// WeChat does not have a cover any more that it had: somebody deleted it there.
    pub async fn forget_covers(&self, article: &Article) -> Result<(), Error> {
        let mut work = self.write();
        for id in article.items.iter().filter_map(|item| item.cover_media_id) {
            articles::forget_given(&mut work, self.account, id, PURPOSE_COVER).await?;
        }
        work.commit().await
    }
}

fn at_item(stop: Stop, item: usize) -> Stop {
    match stop {
        Stop::Failed(problem, errcode, _) => Stop::Failed(problem, errcode, Some(item)),
        other => other,
    }
}
