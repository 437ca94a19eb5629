//! Fetches pictures of people and accounts from where WeChat keeps them, and from nowhere else (P27).
//!
//! The address comes from WeChat's answers, so it is a stranger's: a host that the operator of the machine did not
//! allow is not called, a name is called only at addresses of the public internet, redirects are not followed, and
//! what comes must be a picture by its first bytes and small. Cookies, tokens and Referers are not sent.

mod address;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use reqwest::{Url, header, redirect};

use address::{PublicOnly, is_plain_port};

/// Avatars at WeChat are 640 pixels wide at most.
const LARGEST: usize = 1 << 20;
/// Material of WeChat's.
const LARGEST_OF_ARTICLE: usize = 10 << 20;
/// For the whole answer.
const WAIT: Duration = Duration::from_secs(8);
const WAIT_FOR_FILM: Duration = Duration::from_secs(60);

/// A picture, known by its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
    pub content_type: &'static str,
    pub bytes: Bytes,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// Nothing was called.
    #[error("pictures are not fetched from this address")]
    NotAllowed,
    /// The host could not be reached, or was too slow.
    #[error("the host could not be reached: {0}")]
    Away(String),
    #[error("the host gave no picture: {0}")]
    Refused(String),
}

/// A place that pictures may come from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// A domain and all below it, over TLS, at public addresses.
    Domain(String),
    /// Exactly this origin, wherever it is: the operator of the machine names it.
    Origin(reqwest::Url),
}

/// The way to pictures. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pictures {
    places: Arc<[Place]>,
    public: reqwest::Client,
    named: reqwest::Client,
}

impl Pictures {
    /// `places` are domains (`qlogo.cn`) and origins (`http://127.0.0.1:8090`), parted by commas or spaces.
    pub fn new(places: &str) -> Result<Self, String> {
        let places = places
            .split([',', ' '])
            .filter(|place| !place.is_empty())
            .map(|place| {
                Place::read(place)
                    .ok_or_else(|| format!("{place} is neither a domain nor an origin (http://host:port)"))
            })
            .collect::<Result<_, _>>()?;
        let resolver = Arc::new(PublicOnly);
        Ok(Self {
            places,
            public: client(|builder| builder.dns_resolver(resolver))?,
            named: client(|builder| builder)?,
        })
    }

    /// The picture at this address, asked for once.
    pub async fn fetch(&self, address: &str) -> Result<Picture, NoPicture> {
        self.picture(address, LARGEST).await
    }

    /// A picture of an article, asked for once; they are larger than avatars.
    pub async fn of_article(&self, address: &str) -> Result<Picture, NoPicture> {
        self.picture(address, LARGEST_OF_ARTICLE).await
    }

    async fn picture(&self, address: &str, largest: usize) -> Result<Picture, NoPicture> {
        let accepted = "image/png, image/jpeg, image/gif, image/webp";
        let bytes = self.bytes(address, accepted, largest, WAIT).await?;
        let content_type = sniff(&bytes).ok_or_else(|| NoPicture::Refused("it is no PNG, JPEG, GIF or WebP".into()))?;
        Ok(Picture { content_type, bytes })
    }

    /// Whether pictures are fetched from this address at all.
    pub fn allows(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| self.way(url).is_some())
    }

    /// A film that a fan sent, at an address that WeChat gave for it, asked for once. What it is, is not looked at.
    pub async fn film(&self, address: &str, largest: usize) -> Result<Bytes, NoPicture> {
        self.bytes(address, "video/mp4", largest, WAIT_FOR_FILM).await
    }

    async fn bytes(
        &self,
        address: &str,
        accepted: &'static str,
        largest: usize,
        wait: Duration,
    ) -> Result<Bytes, NoPicture> {
        let url = Url::parse(address).map_err(|_| NoPicture::NotAllowed)?;
        let (client, url) = self.way(url).ok_or(NoPicture::NotAllowed)?;
        let mut response = client
            .get(url)
            .header(header::ACCEPT, accepted)
            .timeout(wait)
            .send()
            .await
            .map_err(|error| NoPicture::Away(said(error)))?;
        if !response.status().is_success() {
            return Err(NoPicture::Refused(format!("HTTP status {}", response.status())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| NoPicture::Away(said(error)))? {
            if bytes.len() + chunk.len() > largest {
                return Err(NoPicture::Refused(format!("it is larger than {largest} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.into())
    }

    /// Who fetches it and from where, if anybody may. WeChat still writes `http`; its hosts answer over TLS too.
    fn way(&self, mut url: Url) -> Option<(&reqwest::Client, Url)> {
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        if self.places.iter().any(|place| matches!(place, Place::Origin(origin) if origin.origin() == url.origin())) {
            return Some((&self.named, url));
        }
        // An address in figures is no domain, however it is written.
        let host = url.domain()?;
        let known = self.places.iter().any(|place| matches!(place, Place::Domain(domain) if is_within(host, domain)));
        if !known || !is_plain_port(&url) {
            return None;
        }
        url.set_scheme("https").ok()?;
        url.set_port(None).ok()?;
        Some((&self.public, url))
    }
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        if text.contains("://") {
            let url = Url::parse(text).ok()?;
            let bare = matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none();
            return bare.then_some(Self::Origin(url));
        }
        // Through the parser, so that it is written as addresses are.
        let url = Url::parse(&format!("https://{text}/")).ok()?;
        (url.path() == "/" && url.port().is_none())
            .then(|| url.domain().map(|domain| Self::Domain(domain.to_owned())))?
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

#[expect(clippy::disallowed_methods, reason = "this is where calls to WeChat's picture hosts leave")]
fn client(more: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> Result<reqwest::Client, String> {
    let builder = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(Duration::from_secs(3))
        .timeout(WAIT)
        .pool_idle_timeout(Duration::from_secs(30))
        .no_proxy();
    more(builder).build().map_err(|error| format!("no HTTP client: {error}"))
}

fn said(error: reqwest::Error) -> String {
    error.without_url().to_string()
}

/// What it is by its first bytes; what the host says is not believed. SVG is a program and not among them.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goes(places: &str, address: &str) -> Option<String> {
        let pictures = Pictures::new(places).unwrap();
        Url::parse(address).ok().and_then(|url| pictures.way(url)).map(|(_, url)| url.to_string())
    }

    #[test]
    fn p27_pictures_come_from_allowed_hosts_and_from_no_other() {
        let fine =
            |address: &str, asked: &str| assert_eq!(goes("qlogo.cn", address).as_deref(), Some(asked), "{address}");
        fine("http://thirdwx.qlogo.cn/mmopen/vi_32/x/132", "https://thirdwx.qlogo.cn/mmopen/vi_32/x/132");
        fine("https://qlogo.cn/x", "https://qlogo.cn/x");
        for address in [
            "https://evilqlogo.cn/x",
            "https://qlogo.cn.evil.example/x",
            "https://thirdwx.qlogo.cn:8443/x",
            "http://thirdwx.qlogo.cn@127.0.0.1/x",
            "http://user@thirdwx.qlogo.cn/x",
            "http://127.0.0.1/x",
            "http://2130706433/x",
            "http://0x7f.1/x",
            "http://[::1]/x",
            "http://[::ffff:127.0.0.1]/x",
            "http://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "gopher://thirdwx.qlogo.cn/x",
            "//thirdwx.qlogo.cn/x",
        ] {
            assert_eq!(goes("qlogo.cn", address), None, "{address}");
        }
        let named = "qlogo.cn, http://127.0.0.1:8090";
        assert!(goes(named, "http://127.0.0.1:8090/sandbox/files/a.png").is_some());
        assert_eq!(goes(named, "http://127.0.0.1:8091/sandbox/files/a.png"), None);
        assert_eq!(goes(named, "https://127.0.0.1:8090/sandbox/files/a.png"), None);
        assert_eq!(goes("", "https://thirdwx.qlogo.cn/x"), None);
    }

    #[test]
    fn places_that_are_none_are_refused_at_start() {
        for places in ["127.0.0.1", "qlogo.cn/x", "qlogo.cn:8080", "ftp://qlogo.cn", "http://host/path"] {
            assert!(Pictures::new(places).is_err(), "{places}");
        }
    }

    #[tokio::test]
    async fn p27_a_name_that_leads_inside_is_not_called() {
        let pictures = Pictures::new("localhost").unwrap();
        let Err(NoPicture::Away(_)) = pictures.fetch("https://localhost/x.png").await else {
            panic!("localhost is not on the public internet")
        };
    }

    /// A host that gives this answer to whoever asks, and how often it was asked.
    async fn host(answer: Vec<u8>) -> (String, Arc<std::sync::atomic::AtomicUsize>) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let _ = socket.read(&mut [0; 4096]).await;
                let _ = socket.write_all(&answer).await;
            }
        });
        (url, asked)
    }

    fn answer(head: &str, body: &[u8]) -> Vec<u8> {
        [format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").as_bytes(), body].concat()
    }

    #[tokio::test]
    async fn p27_only_a_small_picture_is_taken_and_no_redirect_is_followed() {
        let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 64]].concat();
        let (inside, asked) = host(answer("200 OK", &png)).await;
        let ask = async |answer: Vec<u8>| {
            let (url, _) = host(answer).await;
            Pictures::new(&url).unwrap().fetch(&format!("{url}/a.png")).await
        };
        assert_eq!(ask(answer("200 OK\r\ncontent-type: text/html", &png)).await.unwrap().content_type, "image/png");
        for (what, said) in [
            ("a redirect inside", answer(&format!("302 Found\r\nlocation: {inside}/a.png"), b"")),
            (
                "a program",
                answer("200 OK\r\ncontent-type: image/png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
            ),
            ("too much", answer("200 OK", &[png.as_slice(), &vec![0; LARGEST]].concat())),
            ("nothing", answer("404 Not Found", &png)),
        ] {
            let got = ask(said).await;
            assert!(matches!(got, Err(NoPicture::Refused(_))), "{what}: {got:?}");
        }
        assert_eq!(
            Pictures::new("qlogo.cn").unwrap().fetch(&format!("{inside}/a.png")).await,
            Err(NoPicture::NotAllowed)
        );
        assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 0, "the host inside was never called");
    }

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0"), Some("image/jpeg"));
        assert_eq!(sniff(b"RIFF1234WEBPVP8 "), Some("image/webp"));
        for not in [b"<svg onload=alert(1)>".as_slice(), b"<html>", b"", b"GIF8;alert(1)"] {
            assert_eq!(sniff(not), None);
        }
    }
}
