use std::path::Path;

use super::{Config, FIELDS, Field, SECTIONS};

/// What is wrong with the configuration. Says where, and never what a secret was.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {file}: {why}")]
    File { file: String, why: std::io::Error },
    #[error("{file}, line {line}: {why}")]
    Toml { file: String, line: usize, why: String },
    #[error("{0}")]
    Shape(String),
    #[error("{place} is not a setting{hint}")]
    Unknown { place: String, hint: String },
}

impl Config {
    /// Reads a file, if one is named, and lays the environment over it.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table = match file {
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .map_err(|why| ConfigError::File { file: file.display().to_string(), why })?;
                parse(&text, &file.display().to_string())?
            }
            None => toml::Table::new(),
        };
        for (name, value) in environment {
            if let Some(path) = name.strip_prefix("HONGYAN__") {
                overlay(&mut table, &name, path, value)?;
            }
        }
        from_table(table)
    }

    /// Reads a text, for tests and tools.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        from_table(parse(text, "the configuration")?)
    }
}

fn parse(text: &str, file: &str) -> Result<toml::Table, ConfigError> {
    text.parse::<toml::Table>().map_err(|error| {
        // The error's own text quotes the line, which may hold a secret.
        let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
        ConfigError::Toml { file: file.to_owned(), line, why: error.message().to_owned() }
    })
}

fn from_table(table: toml::Table) -> Result<Config, ConfigError> {
    let mut unknown = Vec::new();
    let config = serde_ignored::deserialize(toml::Value::Table(table), |path| unknown.push(path.to_string()))
        .map_err(|error| ConfigError::Shape(format!("the configuration does not fit: {}", error.message())))?;
    match unknown.into_iter().next() {
        Some(place) => Err(ConfigError::Unknown { hint: hint(&place), place }),
        None => Ok(config),
    }
}

/// `SECTION__KEY` from the environment.
fn overlay(table: &mut toml::Table, name: &str, path: &str, value: String) -> Result<(), ConfigError> {
    let place = path.to_lowercase().replace("__", ".");
    let field = FIELDS
        .iter()
        .find(|field| place == format!("{}.{}", field.section, field.name))
        .ok_or_else(|| ConfigError::Unknown { hint: hint(&place), place: name.to_owned() })?;
    let value =
        typed(field, value).ok_or_else(|| ConfigError::Shape(format!("{name} must look like {}", field.example)))?;
    let section = table.entry(field.section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
    let section =
        section.as_table_mut().ok_or_else(|| ConfigError::Shape(format!("{} must be a section", field.section)))?;
    section.insert(field.name.to_owned(), value);
    Ok(())
}

/// The environment has only texts; the example says what the key takes.
fn typed(field: &Field, value: String) -> Option<toml::Value> {
    match field.example {
        "true" | "false" => value.parse().ok().map(toml::Value::Boolean),
        text if text.starts_with('"') => Some(toml::Value::String(value)),
        _ => value.parse().ok().map(toml::Value::Integer),
    }
}

/// The nearest name that is one.
fn hint(place: &str) -> String {
    let names = FIELDS
        .iter()
        .map(|field| format!("{}.{}", field.section, field.name))
        .chain(SECTIONS.iter().map(|(section, _)| (*section).to_owned()));
    names
        .map(|name| (strsim::damerau_levenshtein(place, &name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.len() / 2)
        .map(|(_, name)| format!("; did you mean {name}?"))
        .unwrap_or_default()
}
