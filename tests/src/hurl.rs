//! Reads the examples of `openapi/examples`: the part of the Hurl format that they use, and nothing else, so that a line that
//! means nothing is found.

use crate::paths::{root, unique};
use serde_json::Value;
use std::collections::BTreeMap;

/// What `{{name}}` stands for.
pub type Variables = BTreeMap<String, String>;

/// One call and what must be answered.
#[derive(Debug)]
pub struct Example {
    /// The file's name without its ending.
    pub name: String,
    /// `GET`, …
    pub method: String,
    /// What follows the exchange's address, with placeholders.
    pub target: String,
    /// Headers, with placeholders.
    pub headers: Vec<(String, String)>,
    /// User and password, with placeholders.
    pub basic: Option<(String, String)>,
    /// Media type and text, with placeholders.
    pub body: Option<(String, String)>,
    /// The status that must be answered.
    pub status: u16,
    /// What later calls need of the answer.
    pub captures: Vec<(String, Query)>,
    /// What the answer must hold.
    pub asserts: Vec<(Query, Predicate)>,
}

/// A part of an answer.
#[derive(Debug, PartialEq)]
pub enum Query {
    /// A member, as a JSON pointer.
    Json(String),
    /// A header.
    Header(String),
    /// All of it, as text.
    Body,
}

/// What must hold of it. Texts may have placeholders.
#[derive(Debug, PartialEq)]
pub enum Predicate {
    /// It is there, and not `null`.
    Exists,
    /// It is not there.
    Missing,
    /// It is a list of so many.
    Count(usize),
    /// It is this.
    Is(Value),
    /// A text that holds this.
    Contains(String),
    /// A text that begins so.
    StartsWith(String),
}

/// All of them, in the order of their names.
pub fn examples() -> Vec<Example> {
    let folder = root().join("openapi/examples");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of examples")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "hurl"))
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name");
        let text = std::fs::read_to_string(path).expect("a readable file");
        Example::read(name, &text)
    };
    files.iter().map(read).collect()
}

/// The text with every placeholder filled in.
pub fn fill(text: &str, variables: &Variables) -> String {
    let mut parts = text.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part
            .split_once("}}")
            .unwrap_or_else(|| panic!("an open {{{{ in {text}"));
        match variables.get(name) {
            Some(value) => filled.push_str(value),
            None if name == "newUuid" => filled.push_str(&unique()),
            None => panic!("nothing before says what {{{{{name}}}}} is in {text}"),
        }
        filled.push_str(rest);
    }
    filled
}

impl Example {
    /// Reads a file. Panics at what it does not understand.
    pub fn read(name: &str, text: &str) -> Example {
        let (call, answer) = text
            .split_once("\nHTTP ")
            .unwrap_or_else(|| panic!("{name}: no answer"));
        let mut lines = call.lines();
        let titled = lines.next().is_some_and(|line| line.starts_with("# "));
        assert!(titled, "{name}: begins with a title");
        let mut lines = lines.skip_while(|line| line.starts_with("# "));
        let line = lines.next().unwrap_or_default();
        let (method, target) = line
            .split_once(" {{exchange}}")
            .unwrap_or_else(|| panic!("{name}: not a call: {line}"));
        let mut example = Example {
            name: name.to_owned(),
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            basic: None,
            body: None,
            status: 0,
            captures: Vec::new(),
            asserts: Vec::new(),
        };
        example.read_call(&mut lines);
        example.read_answer(answer);
        example
    }

    fn read_call<'a>(&mut self, lines: &mut impl Iterator<Item = &'a str>) {
        let name = self.name.clone();
        let pair = |line: &str| {
            let (key, value) = line
                .split_once(": ")
                .unwrap_or_else(|| panic!("{name}: not `name: value`: {line}"));
            (key.to_owned(), value.to_owned())
        };
        let mut section = "";
        let mut form = Vec::new();
        while let Some(line) = lines.next() {
            match (section, line) {
                (_, "[BasicAuth]" | "[Form]") => section = line,
                ("[BasicAuth]", _) => self.basic = Some(pair(line)),
                ("[Form]", _) => form.push(pair(line)),
                (_, "") => return self.read_body(&lines.collect::<Vec<_>>().join("\n")),
                _ => self.headers.push(pair(line)),
            }
        }
        if !form.is_empty() {
            let fields = form.iter().map(|(key, value)| format!("{key}={value}"));
            let text = fields.collect::<Vec<_>>().join("&").replace(' ', "+");
            self.body = Some(("application/x-www-form-urlencoded".to_owned(), text));
        }
    }

    fn read_body(&mut self, text: &str) {
        let text = text.trim_end();
        if text.is_empty() {
            return;
        }
        let media = self
            .headers
            .iter()
            .position(|(name, _)| name == "Content-Type");
        let media = media.unwrap_or_else(|| panic!("{}: no Content-Type", self.name));
        let (_, media) = self.headers.remove(media);
        let lines = text
            .strip_prefix("```\n")
            .map(|text| text.strip_suffix("```"));
        let text = lines.map_or(text, |text| {
            text.unwrap_or_else(|| panic!("{}: ```", self.name))
        });
        self.body = Some((media, text.to_owned()));
    }

    fn read_answer(&mut self, text: &str) {
        let mut lines = text.lines();
        let status = lines.next().and_then(|line| line.parse().ok());
        self.status = status.unwrap_or_else(|| panic!("{}: no status", self.name));
        let mut section = "";
        for line in lines.filter(|line| !line.is_empty()) {
            match (section, line) {
                (_, "[Captures]" | "[Asserts]") => section = line,
                ("[Captures]", _) => {
                    let read = line.split_once(": ").and_then(|(name, query)| {
                        let (query, rest) = query_of(query)?;
                        rest.is_empty().then(|| (name.to_owned(), query))
                    });
                    let read = read.unwrap_or_else(|| panic!("{}: {line}", self.name));
                    self.captures.push(read);
                }
                ("[Asserts]", _) => {
                    let read =
                        query_of(line).and_then(|(query, rest)| Some((query, predicate_of(rest)?)));
                    self.asserts
                        .push(read.unwrap_or_else(|| panic!("{}: {line}", self.name)));
                }
                _ => panic!("{}: {line}", self.name),
            }
        }
    }

    /// Whether it calls what the description has at this method and path.
    pub fn calls(&self, method: &str, path: &str) -> bool {
        let target = self.target.split('?').next().unwrap_or_default();
        let (ours, theirs) = (target.split('/'), path.split('/'));
        self.method.eq_ignore_ascii_case(method)
            && ours.clone().count() == theirs.clone().count()
            && ours
                .zip(theirs)
                .all(|(ours, theirs)| ours == theirs || theirs.starts_with('{'))
    }
}

/// The query at the beginning of a line, and what follows it.
fn query_of(line: &str) -> Option<(Query, &str)> {
    if let Some(rest) = line.strip_prefix("body ") {
        return Some((Query::Body, rest));
    }
    let (kind, rest) = line.split_once(' ')?;
    let mut texts = serde_json::Deserializer::from_str(rest).into_iter::<String>();
    let text = texts.next()?.ok()?;
    let rest = rest.get(texts.byte_offset()..)?.trim_start();
    match kind {
        "jsonpath" => {
            let path = text.strip_prefix('$')?;
            Some((
                Query::Json(path.replace(['.', '['], "/").replace(']', "")),
                rest,
            ))
        }
        "header" => Some((Query::Header(text), rest)),
        _ => None,
    }
}

fn predicate_of(text: &str) -> Option<Predicate> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let string = || serde_json::from_str::<String>(rest).ok();
    Some(match word {
        "exists" if rest.is_empty() => Predicate::Exists,
        "not" if rest == "exists" => Predicate::Missing,
        "count" => Predicate::Count(rest.strip_prefix("== ")?.parse().ok()?),
        "==" => Predicate::Is(serde_json::from_str(rest).ok()?),
        "contains" => Predicate::Contains(string()?),
        "startsWith" => Predicate::StartsWith(string()?),
        _ => return None,
    })
}
