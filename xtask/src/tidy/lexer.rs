//! Just enough of Rust's words to judge a file: names, signs, the text of strings, comments. It does not
//! parse; what needs a grammar is the compiler's.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    Name(String),
    Sign(char),
    /// A string, without its quotes and with `\` at a line's end undone.
    Text(String),
    /// A number, a character or a lifetime: never looked at.
    Other,
    /// A comment with its slashes.
    Comment(String),
}

#[derive(Debug, Clone)]
pub struct Token {
    pub line: usize,
    pub word: Word,
}

impl Token {
    pub fn is(&self, sign: char) -> bool {
        self.word == Word::Sign(sign)
    }

    pub fn name(&self) -> Option<&str> {
        match &self.word {
            Word::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.word {
            Word::Text(text) => Some(text),
            _ => None,
        }
    }
}

pub fn words(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { chars: source.chars().collect(), at: 0, line: 1 };
    let mut out = Vec::new();
    while let Some(token) = lexer.next() {
        out.push(token);
    }
    out
}

/// The tokens without comments and without `#[cfg(test)] mod … { … }`.
pub fn program(tokens: &[Token]) -> Vec<Token> {
    let tokens: Vec<Token> = tokens.iter().filter(|token| !matches!(token.word, Word::Comment(_))).cloned().collect();
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if is_test_attribute(&tokens[at..]) {
            at = after_item(&tokens, at + 7);
            continue;
        }
        out.push(tokens[at].clone());
        at += 1;
    }
    out
}

/// `#[cfg(test)]`
fn is_test_attribute(tokens: &[Token]) -> bool {
    tokens.len() > 7
        && tokens[0].is('#')
        && tokens[1].is('[')
        && tokens[2].name() == Some("cfg")
        && tokens[3].is('(')
        && tokens[4].name() == Some("test")
        && tokens[5].is(')')
        && tokens[6].is(']')
}

/// Past the `;` or the closing brace of the item that begins here.
fn after_item(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0i32;
    for (index, token) in tokens.iter().enumerate().skip(from) {
        match token.word {
            Word::Sign(';') if depth == 0 => return index + 1,
            Word::Sign('{' | '(' | '[') => depth += 1,
            Word::Sign('}') if depth == 1 => return index + 1,
            Word::Sign('}' | ')' | ']') => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn next(&mut self) -> Option<Token> {
        while self.peek(0)?.is_whitespace() {
            self.step();
        }
        let line = self.line;
        let word = match (self.peek(0)?, self.peek(1)) {
            ('/', Some('/')) => self.line_comment(),
            ('/', Some('*')) => self.block_comment(),
            ('"', _) => {
                self.step();
                self.text()
            }
            ('r' | 'b' | 'c', _) if self.raw_hashes().is_some() => self.raw_text(),
            ('b' | 'c', Some('"')) => {
                self.step();
                self.step();
                self.text()
            }
            ('\'', _) => self.quote(),
            (c, _) if c.is_alphabetic() || c == '_' => Word::Name(self.while_true(|c| c.is_alphanumeric() || c == '_')),
            (c, _) if c.is_ascii_digit() => {
                self.while_true(|c| c.is_alphanumeric() || c == '_');
                Word::Other
            }
            (c, _) => {
                self.step();
                Word::Sign(c)
            }
        };
        Some(Token { line, word })
    }

    fn while_true(&mut self, good: impl Fn(char) -> bool) -> String {
        let from = self.at;
        while self.peek(0).is_some_and(&good) {
            self.step();
        }
        self.chars[from..self.at].iter().collect()
    }

    fn line_comment(&mut self) -> Word {
        Word::Comment(self.while_true(|c| c != '\n'))
    }

    fn block_comment(&mut self) -> Word {
        let from = self.at;
        let mut depth = 0;
        while let Some(c) = self.step() {
            match (c, self.peek(0)) {
                ('/', Some('*')) => {
                    self.step();
                    depth += 1;
                }
                ('*', Some('/')) => {
                    self.step();
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
        }
        Word::Comment(self.chars[from..self.at].iter().collect())
    }

    /// The rest of a string whose opening quote is behind us.
    fn text(&mut self) -> Word {
        let mut out = String::new();
        while let Some(c) = self.step() {
            match c {
                '"' => break,
                '\\' => match self.step() {
                    Some('\n') => {
                        while self.peek(0).is_some_and(char::is_whitespace) {
                            self.step();
                        }
                    }
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some(other) => out.push(other),
                    None => break,
                },
                c => out.push(c),
            }
        }
        Word::Text(out)
    }

    /// `r"`, `r#"`, `br#"`: how many hashes.
    fn raw_hashes(&self) -> Option<usize> {
        let start = match (self.peek(0)?, self.peek(1)?) {
            ('r', _) => 1,
            ('b' | 'c', 'r') => 2,
            _ => return None,
        };
        let hashes = (start..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        (self.peek(start + hashes) == Some('"')).then_some(hashes)
    }

    fn raw_text(&mut self) -> Word {
        let hashes = self.raw_hashes().unwrap_or(0);
        while self.step() != Some('"') {}
        let mut out = String::new();
        while let Some(c) = self.step() {
            if c == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                for _ in 0..hashes {
                    self.step();
                }
                break;
            }
            out.push(c);
        }
        Word::Text(out)
    }

    /// A character or a lifetime.
    fn quote(&mut self) -> Word {
        self.step();
        match (self.peek(0), self.peek(1)) {
            (Some('\\'), _) => {
                self.step();
                self.step();
                self.while_true(|c| c != '\'');
                self.step();
            }
            (Some(_), Some('\'')) => {
                self.step();
                self.step();
            }
            _ => {
                self.while_true(|c| c.is_alphanumeric() || c == '_');
            }
        }
        Word::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        words(source).iter().filter_map(|token| token.text().map(str::to_owned)).collect()
    }

    #[test]
    fn strings_of_every_make_are_read() {
        assert_eq!(texts("f(\"a \\\n   b\", r#\"c \"d\" e\"#, b\"x\")"), ["a b", "c \"d\" e", "x"]);
    }

    #[test]
    fn quotes_in_characters_and_lifetimes_open_no_string() {
        assert_eq!(texts("fn a<'a>(x: &'a str) { g('\"', '\\'', \"in\") }"), ["in"]);
    }

    #[test]
    fn comments_are_kept_apart_and_lines_counted() {
        let tokens = words("//! front\nlet a = 1; /* \"no\" /* in */ */ b");
        assert_eq!(tokens[0].word, Word::Comment("//! front".into()));
        assert_eq!(tokens.last().map(|token| token.line), Some(2));
        assert!(texts("/* \"no\" */").is_empty());
    }

    #[test]
    fn modules_of_tests_are_left_out() {
        let tokens = program(&words("fn a() {}\n#[cfg(test)]\nmod tests { fn b() { c(\"{\") } }\nfn d() {}"));
        let names: Vec<&str> = tokens.iter().filter_map(Token::name).collect();
        assert_eq!(names, ["fn", "a", "fn", "d"]);
    }
}
