//! `hongyan doctor`: whether everything a hub needs is in place. It changes nothing.

use std::{path::Path, process::ExitCode};

use store::{Engine, Options, Store};

use crate::{Config, cli::Failure, clock::machine_clock, key_file};

/// A finding: what was looked at, and what is wrong with it.
struct Finding {
    what: &'static str,
    problem: Option<String>,
}

pub async fn run(config: &Config) -> Result<ExitCode, Failure> {
    let findings = vec![
        Finding { what: "data folder", problem: folder(&config.server.data) },
        Finding { what: "database", problem: database(config).await },
        Finding { what: "key file", problem: key(config) },
        Finding { what: "public address", problem: address(config) },
        Finding { what: "platform", problem: platform(config) },
        Finding { what: "WeChat", problem: wechat(config).await },
    ];
    for Finding { what, problem } in &findings {
        match problem {
            None => println!("ok       {what}"),
            Some(problem) => println!("problem  {what}: {problem}"),
        }
    }
    let sound = findings.iter().all(|finding| finding.problem.is_none());
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn folder(folder: &Path) -> Option<String> {
    match folder.metadata() {
        Err(_) => None,
        Ok(found) if !found.is_dir() => Some(format!("{} is not a folder", folder.display())),
        Ok(found) if found.permissions().readonly() => Some(format!("{} cannot be written to", folder.display())),
        Ok(_) => None,
    }
}

async fn database(config: &Config) -> Option<String> {
    let url = config.database_url();
    match Engine::of(&url) {
        Err(error) => return Some(error.to_string()),
        // Opening would make the file; there is none before the first start, and that is fine.
        Ok(Engine::Sqlite)
            if !Path::new(url.trim_start_matches("sqlite://").split('?').next().unwrap_or_default()).exists() =>
        {
            return None;
        }
        Ok(_) => {}
    }
    let store = match Store::open(&url, &Options::default()).await {
        Ok(store) => store,
        Err(error) => return Some(error.to_string()),
    };
    let at = async {
        store.read().await?.scalar::<Option<i64>>(store::sql("select max(version) from schema_migrations")).await
    };
    let newest = store::migrations().last().map_or(0, |last| last.version);
    match at.await.map(Option::flatten) {
        Ok(Some(at)) if at == newest => None,
        Ok(at) => {
            Some(format!("its schema is at {}, this program's is {newest}: run `hongyan migrate`", at.unwrap_or(0)))
        }
        Err(_) => Some("it has no schema yet: run `hongyan migrate`".into()),
    }
}

fn key(config: &Config) -> Option<String> {
    let file = config.key_file();
    if !file.exists() {
        return None;
    }
    #[cfg(unix)]
    if let Ok(found) = file.metadata()
        && std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0
    {
        return Some(format!("others on this machine may read {}: chmod 600", file.display()));
    }
    key_file::keyring(&file, false).err()
}

fn address(config: &Config) -> Option<String> {
    let url = config.server.public_url.as_deref()?;
    match url::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.has_host() => None,
        _ => Some(format!("server.public_url is {url:?}; it must look like https://hub.example.com")),
    }
}

fn platform(config: &Config) -> Option<String> {
    let given = &config.platform;
    let set =
        [given.app_id.is_some(), given.app_secret.is_some(), given.token.is_some(), given.encoding_aes_key.is_some()];
    (set.contains(&true) && set.contains(&false))
        .then(|| "section [platform] needs all four: app_id, app_secret, token, encoding_aes_key".into())
}

/// Whether WeChat answers, and whether this machine's clock agrees with its own.
#[expect(clippy::disallowed_methods, reason = "the doctor tries whether WeChat answers at all")]
async fn wechat(config: &Config) -> Option<String> {
    let client = reqwest::Client::builder().no_proxy().timeout(std::time::Duration::from_secs(10)).build().ok()?;
    let url = format!("{}/cgi-bin/token", config.wechat.api_base.trim_end_matches('/'));
    match client.get(&url).send().await {
        Err(error) => Some(format!("{} cannot be reached: {}", config.wechat.api_base, error.without_url())),
        Ok(answer) => {
            let theirs = answer
                .headers()
                .get("date")?
                .to_str()
                .ok()
                .and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok())?;
            let apart = (machine_clock()() - theirs.timestamp_millis()).abs() / 1000;
            (apart > 60).then(|| format!("this machine's clock is {apart} s away from WeChat's"))
        }
    }
}
