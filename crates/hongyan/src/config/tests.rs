use super::*;

fn refusal(text: &str) -> String {
    Config::parse(text).expect_err("this must be refused").to_string()
}

#[test]
fn nothing_needs_to_be_set() {
    let config = Config::parse("").unwrap();
    assert_eq!(config.server.listen, "127.0.0.1:8080");
    assert_eq!(config.database_url(), "sqlite://./hongyan-data/hongyan.db");
    assert_eq!(config.key_file(), PathBuf::from("./hongyan-data/master.key"));
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_name() {
    assert_eq!(refusal("[server]\nlissten = \"x\""), "server.lissten is not a setting; did you mean server.listen?");
    assert_eq!(refusal("[databse]\nurl = \"x\""), "databse is not a setting; did you mean database?");
    assert!(refusal("[server.listen]\na = 1").contains("does not fit"));
}

#[test]
fn the_environment_lies_over_the_file() {
    let environment = [
        ("HONGYAN__SERVER__NODE", "7"),
        ("HONGYAN__LOG__JSON", "true"),
        ("HONGYAN__PLATFORM__TOKEN", "123"),
        ("PATH", "/bin"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::load(None, environment).unwrap();
    assert_eq!((config.server.node, config.log.json), (7, true));
    assert_eq!(config.platform.token.unwrap().expose(), "123");
    let wrong = Config::load(None, [("HONGYAN__SERVER__NODES".to_owned(), "7".to_owned())])
        .expect_err("no such key")
        .to_string();
    assert_eq!(wrong, "HONGYAN__SERVER__NODES is not a setting; did you mean server.node?");
}

#[test]
fn p25_secrets_are_in_no_error_and_no_debug() {
    let config = Config::parse("[platform]\napp_secret = \"canary\"").unwrap();
    assert!(!format!("{config:?}").contains("canary"));
    assert!(!refusal("[platform]\napp_secret = \"canary").contains("canary"));
}

#[test]
fn the_sample_is_a_configuration_and_names_every_key() {
    let sample = sample();
    Config::parse(&sample).unwrap();
    let switched_on: String = sample
        .lines()
        .map(|line| if line.contains(" = ") { line.trim_start_matches("# ") } else { line })
        .fold(String::new(), |text, line| text + line + "\n");
    let config =
        Config::parse(&switched_on.replace("# Any key", "#")).unwrap_or_else(|error| panic!("{error}\n{switched_on}"));
    assert_eq!(config.platform.app_id.as_deref(), Some("wx0123456789abcdef"));
}
