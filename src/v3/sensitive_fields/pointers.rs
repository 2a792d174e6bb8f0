//! The list of pointers: RFC 6901, one a line, with `*` for every element of an array and a final
//! `?` where the value may be absent, null or empty. Two that could meet in one value are refused.

use std::collections::BTreeMap;

use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;

const MOST: usize = 256;
const DEEPEST: usize = 64;

/// A tree of all of them, so that a body is read once.
#[derive(Debug)]
pub struct Pointers(Node);

#[derive(Debug, PartialEq, Eq)]
pub struct Pointer {
    /// As the caller wrote it, without the `?`.
    pub text: String,
    pub optional: bool,
}

#[derive(Debug, Default)]
pub struct Node {
    pub leaf: Option<Pointer>,
    pub names: BTreeMap<String, Node>,
    pub every: Option<Box<Node>>,
    /// A pointer that is not optional ends here or below.
    pub required: bool,
}

impl Pointers {
    pub fn parse(lines: &str) -> Result<Pointers> {
        let mut root = Node::default();
        let lines = lines
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line))
            .filter(|line| !line.is_empty());
        let mut count = 0;
        for line in lines {
            count += 1;
            if count > MOST {
                return fail(
                    Status::LimitExceeded,
                    format!(
                        "At most {MOST} pointers are taken; \"{}\" is one more.",
                        shown(line)
                    ),
                );
            }
            root.add(line)?;
        }
        if count == 0 {
            return fail(Status::InvalidArgument, "pointers names no value.").map_err(|error| {
                error.hint("Write one JSON pointer a line, such as /payee/name or /list/*/name.")
            });
        }
        Ok(Pointers(root))
    }

    pub fn root(&self) -> &Node {
        &self.0
    }
}

impl Node {
    fn add(&mut self, line: &str) -> Result<()> {
        let (text, optional) = match line.strip_suffix('?') {
            Some(text) => (text, true),
            None => (line, false),
        };
        let Some(path) = text.strip_prefix('/') else {
            return Err(refused(line, "it does not start with /"));
        };
        if path.split('/').count() > DEEPEST {
            return fail(
                Status::LimitExceeded,
                format!("The pointer \"{}\" is deeper than {DEEPEST}.", shown(line)),
            );
        }
        let mut node = self;
        for token in path.split('/') {
            if node.leaf.is_some() {
                return Err(refused(line, "another pointer is contained in it"));
            }
            node.required |= !optional;
            node = node.child(line, token)?;
        }
        if node.leaf.is_some() {
            return Err(refused(line, "it is there twice"));
        }
        if node.every.is_some() || !node.names.is_empty() {
            return Err(refused(line, "it is contained in another pointer"));
        }
        node.required = !optional;
        node.leaf = Some(Pointer {
            text: text.to_owned(),
            optional,
        });
        Ok(())
    }

    fn child(&mut self, line: &str, token: &str) -> Result<&mut Node> {
        if token == "-" {
            return Err(refused(line, "\"-\" is the place behind an array's end"));
        }
        if token == "*" {
            if !self.names.is_empty() {
                return Err(refused(
                    line,
                    "another pointer has a name or number where this has *",
                ));
            }
            return Ok(self.every.get_or_insert_default());
        }
        if self.every.is_some() {
            return Err(refused(
                line,
                "another pointer has * where this has a name or number",
            ));
        }
        Ok(self.names.entry(unescaped(line, token)?).or_default())
    }

    /// The first pointer at or below this place, for an error.
    pub fn first(&self, only_required: bool) -> Option<&Pointer> {
        if let Some(pointer) = &self.leaf {
            return Some(pointer).filter(|pointer| !(only_required && pointer.optional));
        }
        self.every
            .as_deref()
            .into_iter()
            .chain(self.names.values())
            .find_map(|node| node.first(only_required))
    }
}

/// RFC 6901 §3 and §4: `~1` is `/`, `~0` is `~`, in this order; nothing else follows a `~`.
fn unescaped(line: &str, token: &str) -> Result<String> {
    let mut rest = token;
    while let Some((_, after)) = rest.split_once('~') {
        if !after.starts_with(['0', '1']) {
            return Err(refused(line, "~ is written ~0, and / in a name ~1"));
        }
        rest = after;
    }
    Ok(token.replace("~1", "/").replace("~0", "~"))
}

fn refused(line: &str, why: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The pointer \"{}\" is refused: {why}.", shown(line)),
    )
    .hint("Name each string once, such as /payee/name, /list/*/name, or /remark? where it may be absent.")
}
