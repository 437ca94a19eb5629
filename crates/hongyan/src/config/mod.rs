//! The configuration: one struct a section, closed, every field with its reason. `hongyan config sample`
//! prints it; [`Config::load`] reads a file and then the environment (`HONGYAN__SECTION__KEY`).
//!
//! Nothing needs to be set: without a file the hub starts on SQLite in `./hongyan-data`.

mod load;
mod sample;

use std::path::PathBuf;

use wechat::Secret;

pub use load::ConfigError;
pub use sample::sample;

/// What is known of one key, for the sample, the environment and "did you mean".
#[derive(Debug)]
pub struct Field {
    pub section: &'static str,
    pub name: &'static str,
    pub about: &'static [&'static str],
    /// A value as TOML writes it.
    pub example: &'static str,
}

macro_rules! sections {
    ($(
        $(#[doc = $about:literal])*
        $section:ident: $name:ident {
            $( $(#[doc = $doc:literal])* $field:ident: $type:ty = $default:expr, $example:literal; )*
        }
    )*) => {
        $(
            $(#[doc = $about])*
            #[derive(Debug, Clone, serde::Deserialize)]
            #[serde(default)]
            pub struct $name { $( $(#[doc = $doc])* pub $field: $type, )* }

            impl Default for $name {
                fn default() -> Self {
                    Self { $( $field: $default, )* }
                }
            }
        )*

        /// Everything that can be set.
        #[derive(Debug, Clone, Default, serde::Deserialize)]
        #[serde(default)]
        pub struct Config { $( $(#[doc = $about])* pub $section: $name, )* }

        /// Every key, in the order of the sample.
        pub const FIELDS: &[Field] = &[$($(
            Field { section: stringify!($section), name: stringify!($field), about: &[$($doc),*], example: $example },
        )*)*];

        /// Every section, in the order of the sample, with what it is for.
        pub const SECTIONS: &[(&str, &[&str])] = &[$( (stringify!($section), &[$($about),*]) ),*];
    };
}

sections! {
    /// The hub's own address and folder.
    server: Server {
        /// Where the hub listens. Port 0 takes a free one.
        listen: String = "127.0.0.1:8080".into(), "\"127.0.0.1:8080\"";
        /// Where browsers and WeChat reach the hub, without a trailing slash. Without it: the address it listens at.
        /// With https, cookies are marked Secure.
        public_url: Option<String> = None, "\"https://hub.example.com\"";
        /// The folder of the database (SQLite), the key file and the spool of callbacks.
        data: PathBuf = "./hongyan-data".into(), "\"./hongyan-data\"";
        /// The number of this process among several on one PostgreSQL, 0 to 1023. Part of every id it makes.
        node: u16 = 0, "0";
        /// A proxy of ours stands in front and adds X-Forwarded-For. Off, the header is a stranger's claim.
        behind_proxy: bool = false, "false";
        /// Who asks for /metrics must send this as a bearer token. Without it, only this machine itself is answered.
        metrics_token: Option<Secret> = None, "\"a long random word\"";
    }

    /// Where everything is kept.
    database: Database {
        /// `sqlite://folder/file.db` or `postgres://user:password@host/name`. Empty: SQLite, `hongyan.db` in the data folder.
        url: String = String::new(), "\"postgres://hongyan@/hongyan?host=/run/postgresql\"";
        /// Connections to PostgreSQL, or readers of SQLite.
        connections: u32 = 8, "8";
    }

    /// Where WeChat is. Point the three addresses at a sandbox to try things out.
    wechat: WeChat {
        /// The API.
        api_base: String = "https://api.weixin.qq.com".into(), "\"https://api.weixin.qq.com\"";
        /// The pages that administrators scan.
        mp_base: String = "https://mp.weixin.qq.com".into(), "\"https://mp.weixin.qq.com\"";
        /// The pages that fans open.
        open_base: String = "https://open.weixin.qq.com".into(), "\"https://open.weixin.qq.com\"";
        /// Where pictures of fans and accounts, and films that fans send, are fetched from: domains with all below them, over TLS and at public
        /// addresses only; or origins such as "http://127.0.0.1:8090", which are called wherever they are. Parted by commas.
        picture_hosts: String = "qlogo.cn, qpic.cn".into(), "\"qlogo.cn, qpic.cn\"";
        /// Where the phone of the sandbox is, when this hub talks to a sandbox. The console then links to it.
        sandbox_url: Option<String> = None, "\"http://127.0.0.1:8090\"";
    }

    /// The third-party platform, for binding accounts by a scan. Leave it out to bind by AppID and secret only.
    platform: Platform {
        /// The platform's AppID.
        app_id: Option<String> = None, "\"wx0123456789abcdef\"";
        /// The platform's AppSecret.
        app_secret: Option<Secret> = None, "\"…\"";
        /// The token for callbacks, as entered at the Open Platform.
        token: Option<Secret> = None, "\"…\"";
        /// The key for callbacks, 43 characters, as entered at the Open Platform.
        encoding_aes_key: Option<Secret> = None, "\"…\"";
    }

    /// How secrets are kept.
    secrets: Secrets {
        /// The keys that seal secrets in the database, one `number:base64` a line; the last line seals, the others still
        /// open. Without it: `master.key` in the data folder, made at the first start. Back it up apart from the database.
        key_file: Option<PathBuf> = None, "\"./hongyan-data/master.key\"";
    }

    /// Work in the background.
    jobs: Jobs {
        /// Jobs that run at the same time.
        at_once: usize = 8, "8";
        /// How long a job belongs to this process before another may take it up, in seconds.
        lease_seconds: u64 = 40, "40";
    }

    /// What is written to standard error.
    log: Log {
        /// What is told: error, warn, info, debug; or finer, as in "info,features=debug".
        level: String = "info".into(), "\"info\"";
        /// One JSON object a line instead of text.
        json: bool = false, "false";
    }
}

impl Config {
    /// The database, with its default filled in.
    pub fn database_url(&self) -> String {
        match self.database.url.as_str() {
            "" => format!("sqlite://{}", self.server.data.join("hongyan.db").display()),
            url => url.to_owned(),
        }
    }

    pub fn key_file(&self) -> PathBuf {
        self.secrets.key_file.clone().unwrap_or_else(|| self.server.data.join("master.key"))
    }
}

#[cfg(test)]
mod tests;
