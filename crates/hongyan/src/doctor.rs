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
    let (wechat, clock) = wechat(config).await;
    let findings = vec![
        Finding { what: "data folder", problem: folder(&config.server.data) },
        Finding { what: "database", problem: database(config).await },
        Finding { what: "key file", problem: key(config) },
        Finding { what: "public address", problem: address(config) },
        Finding { what: "platform", problem: platform(config) },
        Finding { what: "WeChat", problem: wechat },
        Finding { what: "clock", problem: clock },
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

/// Whether WeChat answers, and what is wrong with this machine's clock by WeChat's own. Who does not answer tells no time.
#[expect(clippy::disallowed_methods, reason = "the doctor tries whether WeChat answers at all")]
async fn wechat(config: &Config) -> (Option<String>, Option<String>) {
    let client = match reqwest::Client::builder().no_proxy().timeout(std::time::Duration::from_secs(10)).build() {
        Ok(client) => client,
        Err(error) => return (Some(format!("no HTTP client: {error}")), None),
    };
    let url = format!("{}/cgi-bin/token", config.wechat.api_base.trim_end_matches('/'));
    let clock = machine_clock();
    let asked_at = clock();
    match client.get(&url).send().await {
        Err(error) => (Some(format!("{} cannot be reached: {}", config.wechat.api_base, error.without_url())), None),
        Ok(answer) => {
            let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
            (None, drift(asked_at, clock(), date))
        }
    }
}

/// From here on WeChat's tokens, the age of callbacks and the 48 hours are no longer judged rightly.
const DRIFT_S: i64 = 60;

/// What is wrong with a clock that said `asked_at` and `heard_at` (milliseconds) around an answer with this `Date`.
fn drift(asked_at: i64, heard_at: i64, date: Option<&str>) -> Option<String> {
    let theirs = chrono::DateTime::parse_from_rfc2822(date?).ok()?.timestamp_millis();
    // The header counts in whole seconds, and was written at some instant in between.
    let (fast, slow) = (asked_at - (theirs + 999), theirs - heard_at);
    let (seconds, word) = if fast > slow { (fast / 1000, "ahead of") } else { (slow / 1000, "behind") };
    (seconds >= DRIFT_S).then(|| {
        format!(
            "it is {seconds} s {word} WeChat's; let the machine keep time (systemctl enable --now systemd-timesyncd)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_a_minute_away_from_wechats_is_told_and_a_slow_answer_is_not() {
        const DATE: &str = "Tue, 24 Nov 2026 08:00:00 GMT";
        let at = chrono::DateTime::parse_from_rfc2822(DATE).unwrap().timestamp_millis();
        let told = |asked: i64, heard: i64| drift(at + asked, at + heard, Some(DATE));
        for (asked, heard) in [(0, 0), (500, 900), (-59_999, -59_900), (60_500, 60_600), (-90_000, 90_000)] {
            assert_eq!(told(asked, heard), None, "{asked} {heard}");
        }
        assert!(told(60_999, 61_500).unwrap().contains("60 s ahead of"));
        assert!(told(-62_000, -60_000).unwrap().contains("60 s behind"));
        assert!(told(3_600_999, 3_601_000).unwrap().contains("3600 s ahead of"));
        assert_eq!(drift(0, 0, None), None);
        assert_eq!(drift(0, 0, Some("yesterday")), None);
    }
}
