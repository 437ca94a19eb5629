//! Statements: only in stores, each naming its tenant, none in a dialect.
//!
//! A statement is the text handed to `sql("…")`, with what the same function `.push("…")`es and what functions
//! of the file that return an `Sql` add; a `Bulk::into(table, columns)` is one too.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Token, Tree, lexer::Word, tables::Tables};

/// Crates that speak to the database through `store`.
const SPEAKERS: [&str; 5] = ["crates/jobs/", "crates/kit/", "crates/entities/", "crates/features/", "crates/hongyan/"];

/// Words that one of the two databases does not know, or understands differently.
const DIALECT: [&str; 24] = [
    "::",
    "ilike",
    "rowid",
    "oid",
    "ifnull",
    "pragma",
    "glob",
    "jsonb",
    "json_extract",
    "json_each",
    "->>",
    "autoincrement",
    "nextval",
    "serial",
    "strftime",
    "date_trunc",
    "current_timestamp",
    "now()",
    "unnest",
    "string_agg",
    "group_concat",
    "distinct on",
    "for update",
    "or replace",
];

/// A function with statements, or pieces of one, in it.
struct Function {
    name: String,
    line: usize,
    /// It hands out or completes a statement for others, so it is judged where it is called.
    is_piece: bool,
    /// The text of each statement that begins here.
    statements: Vec<Statement>,
    /// Texts that are added to one.
    pushed: String,
    /// Names that are called, or handed on, here.
    names: BTreeSet<String>,
}

struct Statement {
    line: usize,
    text: String,
    /// For a bulk insert: the table.
    bulk: Option<String>,
}

pub fn check(tree: &Tree, tables: &Tables) -> Vec<Finding> {
    let mut findings = Vec::new();
    let files = tree.files.iter().filter(|file| SPEAKERS.iter().any(|speaker| file.path.starts_with(speaker)));
    for file in files.filter(|file| file.is_rust() && !file.is_test()) {
        let functions = read(&file.program());
        let first = functions.iter().find(|function| !function.statements.is_empty());
        if let Some(first) = first.filter(|_| file.stem() != "store") {
            let says =
                "statements live in a store.rs; a file of another name that is a store says so in the exceptions";
            findings.push(Finding::new("store", &file.path, first.line, says));
        }
        // Pushing to a list is no statement.
        for function in functions.iter().filter(|function| speaks(function, &functions)) {
            let place = format!("{}::{}", file.path, function.name);
            let all: Vec<&str> = function
                .statements
                .iter()
                .map(|statement| statement.text.as_str())
                .chain([function.pushed.as_str()])
                .collect();
            if let Some(word) = dialect(&all.join(" ").to_lowercase()) {
                let says = format!("`{word}` is one database's word; dialects live in crates/store");
                findings.push(Finding::new("dialect", &place, function.line, says));
            }
            let called = function.is_piece
                && functions.iter().any(|other| other.name != function.name && other.names.contains(&function.name));
            if !called && let Some((line, says)) = tenant(function, &functions, tables) {
                findings.push(Finding::new("tenant", &place, line, says));
            }
        }
    }
    findings
}

/// Whether the function makes a statement, a piece of one, or goes on with a piece.
fn speaks(function: &Function, all: &[Function]) -> bool {
    let goes_on = || all.iter().any(|piece| piece.is_piece && function.names.contains(&piece.name));
    !function.statements.is_empty() || function.is_piece || goes_on()
}

/// What is wrong, and where, when a statement of the function does not name its tenant.
fn tenant(function: &Function, all: &[Function], tables: &Tables) -> Option<(usize, String)> {
    let mut pieces = String::new();
    let mut seen = BTreeSet::new();
    gather(function, all, &mut seen, &mut pieces);
    if function.pushed.is_empty() && pieces.is_empty() {
        // Whole statements: each table needs its own.
        return function.statements.iter().find_map(|statement| {
            let (touched, named) = count(&statement.text, statement.bulk.as_deref(), tables);
            let says = format!("tenant_id stands {named} times for {}", touched.join(", "));
            (named < touched.len()).then_some((statement.line, says))
        });
    }
    // Statements put together from alternatives: as often as there are different tables.
    let whole: String = function
        .statements
        .iter()
        .map(|statement| format!("{} ", statement.text))
        .chain([function.pushed.clone(), pieces])
        .collect();
    let (touched, named) = count(&whole, None, tables);
    let different: BTreeSet<&String> = touched.iter().collect();
    let says = format!("tenant_id stands {named} times for {different:?}");
    (named < different.len()).then_some((function.line, says))
}

/// The text of the pieces that a function calls, and of those that they call.
fn gather(function: &Function, all: &[Function], seen: &mut BTreeSet<String>, out: &mut String) {
    for piece in
        all.iter().filter(|piece| piece.is_piece && piece.name != function.name && function.names.contains(&piece.name))
    {
        if seen.insert(piece.name.clone()) {
            for statement in &piece.statements {
                out.push(' ');
                out.push_str(&statement.text);
            }
            out.push(' ');
            out.push_str(&piece.pushed);
            gather(piece, all, seen, out);
        }
    }
}

/// The tenants' tables that a text touches, and how often it names the tenant.
fn count(text: &str, bulk: Option<&str>, tables: &Tables) -> (Vec<String>, usize) {
    // Naming it to say that it does not matter is not naming it.
    let text = text.to_lowercase().replace("tenant_id is not null", " ");
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let touched = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "from" | "join" | "into" | "update"))
        .map(|pair| pair[1])
        .chain(bulk)
        .filter(|table| tables.of_tenants.contains(*table))
        .map(str::to_owned)
        .collect();
    (touched, words.iter().filter(|word| **word == "tenant_id").count())
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

fn read(tokens: &[Token]) -> Vec<Function> {
    let global = constants(tokens, &["const", "static", "macro_rules"]);
    let starts: Vec<usize> = (0..tokens.len())
        .filter(|&at| tokens[at].name() == Some("fn") && tokens.get(at + 1).is_some_and(|next| next.name().is_some()))
        .collect();
    let mut out = Vec::new();
    for (index, &start) in starts.iter().enumerate() {
        let body = &tokens[start..starts.get(index + 1).copied().unwrap_or(tokens.len())];
        let mut known = global.clone();
        known.extend(constants(body, &["let"]));
        out.push(function(body, &known));
    }
    out
}

fn function(body: &[Token], known: &BTreeMap<String, String>) -> Function {
    let head = body.iter().position(|token| token.is('{')).unwrap_or(body.len());
    let arrow = body[..head].windows(2).position(|pair| pair[0].is('-') && pair[1].is('>')).unwrap_or(head);
    let mut function = Function {
        name: body[1].name().unwrap_or_default().to_owned(),
        line: body[0].line,
        is_piece: body[arrow..head].iter().any(|token| matches!(token.name(), Some("Sql"))),
        statements: Vec::new(),
        pushed: String::new(),
        names: body[head..].iter().filter_map(|token| token.name().map(str::to_owned)).collect(),
    };
    for (at, token) in body.iter().enumerate() {
        let next = |ahead: usize| body.get(at + ahead);
        match token.name() {
            Some("sql") if next(1).is_some_and(|token| token.is('(')) => {
                function.statements.push(Statement { line: token.line, text: texts(body, at + 1, known), bulk: None });
            }
            Some("push") if next(1).is_some_and(|token| token.is('(')) => {
                let text = texts(body, at + 1, known);
                function.pushed.push(' ');
                function.pushed.push_str(&text);
            }
            Some("Bulk") if next(3).and_then(Token::name) == Some("into") => {
                let bulk = next(5).and_then(Token::text).map(str::to_owned);
                function.statements.push(Statement { line: token.line, text: texts(body, at + 4, known), bulk });
            }
            _ => {}
        }
    }
    function.pushed = function.pushed.trim().to_owned();
    function
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

/// What names stand for, with all the strings in it: `const NAME: … = …;`, `macro_rules! name`, `let name = …;`.
fn constants(tokens: &[Token], by: &[&str]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(word) = token.name().filter(|word| by.contains(word)) else { continue };
        let is_macro = word == "macro_rules";
        let mut after = at + if is_macro { 2 } else { 1 };
        if tokens.get(after).and_then(Token::name) == Some("mut") {
            after += 1;
        }
        let Some(name) = tokens.get(after).and_then(Token::name).filter(|name| *name != "fn") else { continue };
        let mut depth = 0;
        let mut text = String::new();
        for token in &tokens[after..] {
            match &token.word {
                Word::Sign('(' | '[' | '{') => depth += 1,
                Word::Sign('}') if depth == 1 && is_macro => break,
                Word::Sign(')' | ']' | '}') => depth -= 1,
                Word::Sign(';') if depth == 0 => break,
                Word::Text(more) => {
                    text.push(' ');
                    text.push_str(more);
                }
                _ => {}
            }
            if depth < 0 {
                break;
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
        let text =
            "fn a() { sql(\"select 1 from fans f join customers c on c.id = f.customer_id where f.tenant_id = ?\") }";
        assert_eq!(found(STORE, text).len(), 1);
        let text = "fn a() { sql(\"select 1 from fans f join customers c on c.tenant_id = f.tenant_id and c.id = f.customer_id where f.tenant_id = ?\") }";
        assert_eq!(found(STORE, text), []);
    }

    #[test]
    fn a_function_that_returns_a_piece_is_judged_where_it_is_called() {
        let text = "fn select() -> Sql { sql(\"select openid from fans\") }\nfn good() { w.all(select().push(\" where tenant_id = ?\")) }";
        assert_eq!(found(STORE, text), []);
        let text = "fn select() -> Sql { sql(\"select openid from fans\") }\nfn bad() { w.all(select().push(\" where openid = ?\")) }";
        assert_eq!(found(STORE, text), [("tenant", format!("{STORE}::bad"))]);
        assert_eq!(found(STORE, "fn select() -> Sql { sql(\"select openid from fans\") }").len(), 1);
    }

    #[test]
    fn naming_the_tenant_to_wave_it_away_is_not_naming_it() {
        assert_eq!(found(STORE, "fn a() { sql(\"select 1 from fans where tenant_id is not null\") }").len(), 1);
    }

    #[test]
    fn bulk_inserts_name_it_too() {
        assert_eq!(found(STORE, "fn a() { Bulk::into(\"fans\", &[\"openid\"]); }").len(), 1);
        assert_eq!(
            found(STORE, "const C: &[&str] = &[\"tenant_id\", \"openid\"];\nfn a() { Bulk::into(\"fans\", C); }"),
            []
        );
    }

    #[test]
    fn dialect_words_and_strange_places_are_found() {
        assert_eq!(found(STORE, "fn a() { sql(\"select a::text from leases\") }")[0].0, "dialect");
        assert_eq!(found(STORE, "fn a() { sql(\"select a from leases where b ilike ?\") }")[0].0, "dialect");
        assert_eq!(found(STORE, "fn a() { sql(\"select void, known from leases\") }"), []);
        assert_eq!(found(STORE, "fn a() { sql(\"select from_at, old as now from leases\") }"), []);
        assert_eq!(found("crates/features/src/replies/api.rs", "fn a() { sql(\"select 1\") }")[0].0, "store");
        assert_eq!(found("crates/features/src/replies/tests.rs", "fn a() { sql(\"select a::text from fans\") }"), []);
    }
}
