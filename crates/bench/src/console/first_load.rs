use crate::{Result, table::Table};

/// What a browser fetches before it shows anything, as it comes over the wire.
#[expect(clippy::disallowed_methods, reason = "the measurement asks as a browser would")]
pub async fn print(url: &str) -> Result {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let (page, html, encoding) = fetch(&client, url, "/").await?;
    let mut table = Table::new(["first load of the console", "bytes", "encoding"]);
    table.row(["/".into(), page.to_string(), encoding]);
    let mut total = page;
    for path in assets(&html) {
        let (bytes, _, encoding) = fetch(&client, url, &path).await?;
        total += bytes;
        table.row([path, bytes.to_string(), encoding]);
    }
    table.row(["all of it".into(), total.to_string(), String::new()]);
    table.print();
    Ok(())
}

async fn fetch(client: &reqwest::Client, url: &str, path: &str) -> Result<(usize, String, String)> {
    // The page itself is wanted as text as well, so it is fetched plain first.
    let plain =
        client.get(format!("{url}{path}")).header("accept", "text/html,*/*").send().await?.error_for_status()?;
    let text = String::from_utf8_lossy(&plain.bytes().await?).into_owned();
    let packed = client
        .get(format!("{url}{path}"))
        .header("accept", "text/html,*/*")
        .header("accept-encoding", "gzip")
        .send()
        .await?;
    let encoding =
        packed.headers().get("content-encoding").and_then(|value| value.to_str().ok()).unwrap_or("none").to_owned();
    Ok((packed.bytes().await?.len(), text, encoding))
}

/// Scripts, modules loaded ahead, and styles named in the page.
fn assets(html: &str) -> Vec<String> {
    let tags = html.split('<').filter(|tag| tag.starts_with("script") || tag.starts_with("link"));
    let wanted =
        tags.filter(|tag| tag.starts_with("script") || tag.contains("stylesheet") || tag.contains("modulepreload"));
    wanted
        .filter_map(|tag| {
            ["src=\"", "href=\""].iter().find_map(|name| Some(tag.split_once(name)?.1.split_once('"')?.0.to_owned()))
        })
        .filter(|path| path.starts_with('/'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_it_needs() {
        let html = r#"<html><link rel="icon" href="/goose.svg" /><script type="module" crossorigin src="/assets/a.js"></script><link rel="modulepreload" href="/assets/b.js"><link rel="stylesheet" href="/assets/c.css"></html>"#;
        assert_eq!(assets(html), ["/assets/a.js", "/assets/b.js", "/assets/c.css"]);
    }
}
