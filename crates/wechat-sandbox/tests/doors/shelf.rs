//! Putting things on an account's shelves, for the tests of what is done with them.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::stage::{Stage, code};

pub const JPEG: [u8; 8] = [0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F'];

pub fn part(bytes: &[u8], name: &str) -> Part {
    Part::bytes(bytes.to_vec()).file_name(name.to_owned()).mime_str("application/octet-stream").expect("a type")
}

impl Stage {
    /// A call with a token.
    pub async fn api(&self, token: &str, path: &str, body: Value) -> Value {
        self.post(&format!("{path}?access_token={token}"), body).await
    }

    pub async fn upload_to(&self, token: &str, path: &str, query: &str, form: Form) -> Value {
        let url = format!("{}{path}?access_token={token}{query}", self.base);
        self.http.post(url).multipart(form).send().await.expect("sent").json().await.expect("JSON")
    }

    pub async fn add_material(&self, token: &str, kind: &str, name: &str, bytes: &[u8]) -> Value {
        let form = Form::new().part("media", part(bytes, name));
        self.upload_to(token, "/cgi-bin/material/add_material", &format!("&type={kind}"), form).await
    }

    /// The media_id of a new material.
    pub async fn material(&self, token: &str, kind: &str, name: &str, bytes: &[u8]) -> String {
        let answer = self.add_material(token, kind, name, bytes).await;
        answer["media_id"].as_str().unwrap_or_else(|| panic!("no material: {answer}")).to_owned()
    }

    pub async fn cover(&self, token: &str) -> String {
        self.material(token, "image", "cover.jpg", &JPEG).await
    }

    /// The media_id of a draft of one article.
    pub async fn draft(&self, token: &str, article: Value) -> String {
        let answer = self.api(token, "/cgi-bin/draft/add", json!({"articles": [article]})).await;
        answer["media_id"].as_str().unwrap_or_else(|| panic!("no draft: {answer}")).to_owned()
    }

    /// Publishes and waits until it is out: article_id, msg_data_id, the first address.
    pub async fn publish(&self, token: &str, media_id: &str) -> (String, u64, String) {
        let answer = self.api(token, "/cgi-bin/freepublish/submit", json!({"media_id": media_id})).await;
        assert_eq!(code(&answer), 0, "{answer}");
        let id = answer["publish_id"].as_str().expect("text").to_owned();
        self.sandbox.advance(3);
        // It may be asked after a hundred times a day.
        for _ in 0..80 {
            let stands = self.api(token, "/cgi-bin/freepublish/get", json!({"publish_id": id})).await;
            if stands["publish_status"] == 0 {
                let url = stands["article_detail"]["item"][0]["article_url"].as_str().expect("an address");
                let article = stands["article_id"].as_str().expect("an id");
                return (article.to_owned(), id.parse().expect("a number"), url.to_owned());
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{id} is not out");
    }

    /// The page at an address, as a person with the phone sees it, or as anybody does.
    pub async fn page(&self, url: &str, person: Option<u64>) -> (u16, String, String) {
        let mut request = self.http.get(url);
        if let Some(person) = person {
            request = request.header("cookie", format!("a=b; sandbox_person={person}"));
        }
        let response = request.send().await.expect("sent");
        let policy = response.headers().get("content-security-policy").map(|policy| policy.to_str().expect("text"));
        let policy = policy.unwrap_or_default().to_owned();
        (response.status().as_u16(), policy, response.text().await.expect("a page"))
    }
}

/// An article with a cover and what is required.
pub fn article(cover: &str, title: &str) -> Value {
    json!({"title": title, "content": "<p>正文</p>", "thumb_media_id": cover})
}
