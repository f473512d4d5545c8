//! A chain as a picture for other programs: GraphML, and the DOT language of Graphviz.
//!
//! Whatever is written into either was written by others. Locators come defanged, and nothing in a text can end the text.

use std::fmt::Write as _;

use crate::text::{coded_enum, visible};

coded_enum! {
    /// What a node stands for.
    pub enum NodeKind, "a kind of node" {
        /// A request of the agency.
        Request => "request",
        /// A sighting.
        Sighting => "sighting",
        /// Who is asked, or where something was seen.
        Platform => "platform",
    }
}

coded_enum! {
    /// What an edge says.
    pub enum EdgeKind, "a kind of edge" {
        /// From a request to the platform it asks.
        Asks => "asks",
        /// From a request to what was seen elsewhere after it.
        MovedTo => "moved_to",
        /// From a sighting to the platform on which it was seen.
        On => "on",
        /// From a sighting to the request that follows it.
        FollowedBy => "followed_by",
    }
}

coded_enum! {
    /// What else is said of a node.
    pub enum Fact, "a fact" {
        /// When it was filed or seen (RFC 3339).
        At => "at",
        /// How it stands: a status, a state, a standing.
        State => "state",
        /// How sure the agency is.
        Confidence => "confidence",
        /// Announced or found.
        SeenAs => "seen_as",
        /// Material or audience.
        Moved => "moved",
    }
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Unique within the graph.
    pub id: String,
    /// What it stands for.
    pub kind: NodeKind,
    /// What people read; a locator defanged.
    pub label: String,
    /// What else is said of it.
    pub facts: Vec<(Fact, String)>,
}

/// A directed edge between two nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// What it says.
    pub kind: EdgeKind,
}

/// A chain as nodes and edges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// Each with an identifier of its own.
    pub nodes: Vec<Node>,
    /// Between them.
    pub edges: Vec<Edge>,
    /// What is missing, when the chain is longer than is shown.
    pub cut: Option<String>,
}

impl Graph {
    /// As GraphML 1.0 (<http://graphml.graphdrawing.org/specification.html>): a document of XML 1.0 in UTF-8.
    #[must_use]
    pub fn graphml(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        );
        let keys = ["kind", "label"]
            .into_iter()
            .chain(Fact::CODES.iter().copied());
        for key in keys {
            key_of(&mut out, "node", key);
        }
        key_of(&mut out, "edge", "relation");
        out.push_str("  <graph id=\"chain\" edgedefault=\"directed\">\n");
        if let Some(cut) = &self.cut {
            let _ = writeln!(out, "    <desc>{}</desc>", xml(cut));
        }
        for node in &self.nodes {
            let _ = writeln!(out, "    <node id=\"{}\">", xml(&node.id));
            data(&mut out, "kind", node.kind.as_str());
            data(&mut out, "label", &node.label);
            for (fact, value) in &node.facts {
                data(&mut out, fact.as_str(), value);
            }
            out.push_str("    </node>\n");
        }
        for edge in &self.edges {
            let (from, to) = (xml(&edge.from), xml(&edge.to));
            let _ = writeln!(out, "    <edge source=\"{from}\" target=\"{to}\">");
            data(&mut out, "relation", edge.kind.as_str());
            out.push_str("    </edge>\n");
        }
        out.push_str("  </graph>\n</graphml>\n");
        out
    }

    /// In the DOT language (<https://graphviz.org/doc/info/lang.html>).
    #[must_use]
    pub fn dot(&self) -> String {
        let mut out = String::from("digraph chain {\n  rankdir=LR;\n");
        if let Some(cut) = &self.cut {
            let _ = writeln!(out, "  label={};", dot(cut));
        }
        for node in &self.nodes {
            let shape = match node.kind {
                NodeKind::Request => "box",
                NodeKind::Sighting => "ellipse",
                NodeKind::Platform => "house",
            };
            let facts = node.facts.iter().filter(|(fact, _)| *fact != Fact::At);
            let facts: Vec<&str> = facts.map(|(_, value)| value.as_str()).collect();
            let label = match facts.as_slice() {
                [] => node.label.clone(),
                facts => format!("{} ({})", node.label, facts.join(", ")),
            };
            let (id, label) = (dot(&node.id), dot(&label));
            let _ = writeln!(out, "  {id} [shape={shape}, label={label}];");
        }
        for edge in &self.edges {
            let (from, to, kind) = (dot(&edge.from), dot(&edge.to), dot(edge.kind.as_str()));
            let _ = writeln!(out, "  {from} -> {to} [label={kind}];");
        }
        out.push_str("}\n");
        out
    }
}

fn key_of(out: &mut String, domain: &str, name: &str) {
    let _ = writeln!(
        out,
        "  <key id=\"{name}\" for=\"{domain}\" attr.name=\"{name}\" attr.type=\"string\"/>"
    );
}

fn data(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "      <data key=\"{key}\">{}</data>", xml(value));
}

/// Text of an element or of an attribute between double quotes. What XML 1.0 cannot hold even when it is escaped (section
/// 2.2) has been made visible.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A quoted string. In a label a backslash begins an escape, so each is doubled.
fn dot(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in visible(text).chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Graphviz reads `&lt;` and the like in labels as HTML does.
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
