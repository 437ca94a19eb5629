//! Statements: only in stores, each naming its tenant, none in a dialect.
//!
//! A statement is the text handed to `sql("…")` with what is `.push("…")`ed to it in the same function; a
//! `Bulk::into(table, columns)` is one too.

use std::collections::BTreeMap;

use super::{File, Finding, Token, Tree, lexer::Word, tables::Tables};

/// Crates that speak to the database through `store`.
const SPEAKERS: [&str; 5] = ["crates/jobs/", "crates/kit/", "crates/entities/", "crates/features/", "crates/hongyan/"];

/// Words that one of the two databases does not know, or understands differently.
const DIALECT: [&str; 24] = [
    "::", "ilike", "rowid", "oid", "ifnull", "pragma", "glob", "jsonb", "json_extract", "json_each", "->>", "autoincrement",
    "nextval", "serial", "strftime", "date_trunc", "current_timestamp", "now", "unnest", "string_agg", "group_concat", "distinct on",
    "for update", "or replace",
];

#[derive(Debug)]
struct Statement {
    function: String,
    line: usize,
    text: String,
    /// For a bulk insert: the table.
    bulk: Option<String>,
}

pub fn check(tree: &Tree, tables: &Tables) -> Vec<Finding> {
    let mut findings = Vec::new();
    let files = tree.files.iter().filter(|file| SPEAKERS.iter().any(|speaker| file.path.starts_with(speaker)));
    for file in files.filter(|file| file.is_rust() && !file.is_test()) {
        let statements = read(&file.program());
        if let Some(first) = statements.first().filter(|_| file.stem() != "store") {
            let says = "statements live in a store.rs; a file of another name that is a store says so in the exceptions";
            findings.push(Finding::new("store", &file.path, first.line, says));
        }
        for statement in &statements {
            findings.extend(judge(file, statement, tables));
        }
    }
    findings
}

fn judge(file: &File, statement: &Statement, tables: &Tables) -> Option<Finding> {
    let place = format!("{}::{}", file.path, statement.function);
    let text = statement.text.to_lowercase();
    if let Some(word) = dialect(&text) {
        return Some(Finding::new("dialect", place, statement.line, format!("`{word}` is one database's word; dialects live in crates/store")));
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let mut touched: Vec<&str> = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "from" | "join" | "into" | "update") && tables.of_tenants.contains(pair[1]))
        .map(|pair| pair[1])
        .collect();
    if let Some(table) = &statement.bulk && tables.of_tenants.contains(table) {
        touched.push(table);
    }
    let named = words.iter().filter(|word| **word == "tenant_id").count();
    (named < touched.len()).then(|| {
        let says = format!("tenant_id stands {named} times for {} rows' tables: {}", touched.len(), touched.join(", "));
        Finding::new("tenant", place, statement.line, says)
    })
}

fn dialect(text: &str) -> Option<&'static str> {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    DIALECT.into_iter().find(|word| {
        let is_word = word.starts_with(char::is_alphabetic);
        text.match_indices(word).any(|(at, _)| {
            let inside = letter(text[..at].chars().next_back()) || letter(text[at + word.len()..].chars().next());
            !is_word || !inside
        })
    })
}

fn read(tokens: &[Token]) -> Vec<Statement> {
    let constants = constants(tokens);
    let mut out: Vec<Statement> = Vec::new();
    let mut function = String::new();
    let mut open = false;
    let mut at = 0;
    while at < tokens.len() {
        let next = |ahead: usize| tokens.get(at + ahead);
        match tokens[at].name() {
            Some("fn") => {
                function = next(1).and_then(Token::name).unwrap_or_default().to_owned();
                open = false;
            }
            Some("sql") if next(1).is_some_and(|token| token.is('(')) => {
                let text = texts(tokens, at + 1, &constants);
                out.push(Statement { function: function.clone(), line: tokens[at].line, text, bulk: None });
                open = true;
            }
            Some("push") if open && next(1).is_some_and(|token| token.is('(')) => {
                let text = texts(tokens, at + 1, &constants);
                if let Some(statement) = out.last_mut() {
                    statement.text.push(' ');
                    statement.text.push_str(&text);
                }
            }
            Some("Bulk") if next(3).and_then(Token::name) == Some("into") => {
                let bulk = next(5).and_then(Token::text).map(str::to_owned);
                let text = texts(tokens, at + 4, &constants);
                out.push(Statement { function: function.clone(), line: tokens[at].line, text, bulk });
                open = false;
            }
            _ => {}
        }
        at += 1;
    }
    out
}

/// Every string between the parenthesis at `open` and its partner, constants among them.
fn texts(tokens: &[Token], open: usize, constants: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for token in &tokens[open..] {
        match &token.word {
            Word::Sign('(') => depth += 1,
            Word::Sign(')') => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Word::Text(text) => {
                out.push(' ');
                out.push_str(text);
            }
            Word::Name(name) => {
                if let Some(text) = constants.get(name) {
                    out.push(' ');
                    out.push_str(text);
                }
            }
            _ => {}
        }
    }
    out
}

/// `const NAME: … = …;` and `macro_rules! name`, with all the strings in them.
fn constants(tokens: &[Token]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        let name = match token.name() {
            Some("const" | "static") => tokens.get(at + 1).and_then(Token::name),
            Some("macro_rules") => tokens.get(at + 2).and_then(Token::name),
            _ => None,
        };
        let Some(name) = name.filter(|name| *name != "fn") else { continue };
        let mut depth = 0;
        let mut text = String::new();
        for token in &tokens[at + 1..] {
            match &token.word {
                Word::Sign('(' | '[' | '{') => depth += 1,
                Word::Sign('}') if depth == 1 && tokens[at].name() == Some("macro_rules") => break,
                Word::Sign(')' | ']' | '}') => depth -= 1,
                Word::Sign(';') if depth == 0 => break,
                Word::Text(more) => {
                    text.push(' ');
                    text.push_str(more);
                }
                _ => {}
            }
        }
        out.insert(name.to_owned(), text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(&'static str, String)> {
        let tables = Tables { of_tenants: ["fans", "customers"].map(String::from).into() };
        check(&Tree::of(&[(path, text)]), &tables).into_iter().map(|finding| (finding.rule, finding.place)).collect()
    }

    const STORE: &str = "crates/entities/src/fans/store.rs";

    #[test]
    fn a_statement_without_its_tenant_is_found_by_its_function() {
        let text = "pub async fn all(w: &mut Work) { w.all(sql(\"select openid from fans where status = ?\")) }";
        assert_eq!(found(STORE, text), [("tenant", format!("{STORE}::all"))]);
    }

    #[test]
    fn pieces_and_constants_belong_to_the_statement() {
        let text = "const FROM: &str = \"from fans where tenant_id = ?\";\nfn a() { sql(FROM); let mut q = sql(\"select 1\"); q = q.push(\"from fans where tenant_id = ?\"); }";
        assert_eq!(found(STORE, text), []);
        assert_eq!(found(STORE, "fn a() { let q = sql(\"select 1\").push(\" from fans\"); }").len(), 1);
    }

    #[test]
    fn every_table_needs_its_tenant() {
        let text = "fn a() { sql(\"select 1 from fans f join customers c on c.id = f.customer_id where f.tenant_id = ?\") }";
        assert_eq!(found(STORE, text).len(), 1);
        let text = "fn a() { sql(\"select 1 from fans f join customers c on c.tenant_id = f.tenant_id and c.id = f.customer_id where f.tenant_id = ?\") }";
        assert_eq!(found(STORE, text), []);
    }

    #[test]
    fn bulk_inserts_name_it_too() {
        assert_eq!(found(STORE, "fn a() { Bulk::into(\"fans\", &[\"openid\"]); }").len(), 1);
        assert_eq!(found(STORE, "const C: &[&str] = &[\"tenant_id\", \"openid\"];\nfn a() { Bulk::into(\"fans\", C); }"), []);
    }

    #[test]
    fn dialect_words_and_strange_places_are_found() {
        assert_eq!(found(STORE, "fn a() { sql(\"select a::text from leases\") }")[0].0, "dialect");
        assert_eq!(found(STORE, "fn a() { sql(\"select a from leases where b ilike ?\") }")[0].0, "dialect");
        assert_eq!(found(STORE, "fn a() { sql(\"select void, known from leases\") }"), []);
        assert_eq!(found("crates/features/src/replies/api.rs", "fn a() { sql(\"select 1\") }")[0].0, "store");
        assert_eq!(found("crates/features/src/replies/tests.rs", "fn a() { sql(\"select a::text from fans\") }"), []);
    }
}
