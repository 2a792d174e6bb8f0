//! Which bytes of a body the pointers name. One pass, whatever there is; what no pointer leads to
//! is skipped.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::pointers::{Node, Pointer, Pointers};
use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::v3::json_scan::Scanner;

#[derive(Debug)]
pub struct Found<'p> {
    pointer: &'p Pointer,
    /// The element for each `*`.
    elements: Vec<usize>,
    /// With the quotes.
    pub span: Range<usize>,
}

impl Found<'_> {
    /// The pointer with numbers for its `*`.
    pub fn place(&self) -> String {
        place(&self.pointer.text, &self.elements)
    }
}

fn place(pointer: &str, elements: &[usize]) -> String {
    let mut elements = elements.iter();
    let tokens: Vec<Cow<'_, str>> = pointer
        .split('/')
        .map(|token| match token {
            "*" => elements
                .next()
                .map_or(Cow::from("*"), |index| index.to_string().into()),
            token => token.into(),
        })
        .collect();
    shown(&tokens.join("/"))
}

/// In the order of the text.
pub fn find<'p>(scanner: &mut Scanner<'_>, pointers: &'p Pointers) -> Result<Vec<Found<'p>>> {
    let mut search = Search {
        scanner,
        elements: Vec::new(),
        found: Vec::new(),
    };
    search.value(pointers.root())?;
    Ok(search.found)
}

struct Search<'s, 'a, 'p> {
    scanner: &'s mut Scanner<'a>,
    elements: Vec<usize>,
    found: Vec<Found<'p>>,
}

impl<'p> Search<'_, '_, 'p> {
    /// As deep as the pointers are, not as the text is.
    fn value(&mut self, node: &'p Node) -> Result<()> {
        if let Some(pointer) = &node.leaf {
            return self.leaf(pointer);
        }
        match self.scanner.peek() {
            b'{' if node.every.is_none() => self.object(node),
            b'{' => Err(self.refused(node, "its * stands for an object; it is for arrays")),
            b'[' => self.array(node),
            b'n' if !node.required => {
                self.scanner.skip();
                Ok(())
            }
            b'n' => Err(self.missing(node, "a value on its path is null")),
            _ => Err(self.refused(
                node,
                "a value on its path is neither an object nor an array",
            )),
        }
    }

    fn leaf(&mut self, pointer: &'p Pointer) -> Result<()> {
        let refused = |search: &Self, what: &str| {
            Err(unresolved(&place(&pointer.text, &search.elements), what))
        };
        match self.scanner.peek() {
            b'"' => {
                let span = self.scanner.string();
                if span.len() > 2 {
                    return self.keep(pointer, span);
                }
                if pointer.optional {
                    return Ok(());
                }
                refused(self, "the string is empty")
            }
            b'n' if pointer.optional => {
                self.scanner.skip();
                Ok(())
            }
            b'n' => refused(self, "it is null"),
            b'{' => refused(self, "it is an object, not a string"),
            b'[' => refused(self, "it is an array, not a string"),
            _ => refused(self, "it is a number or boolean, not a string"),
        }
    }

    fn keep(&mut self, pointer: &'p Pointer, span: Range<usize>) -> Result<()> {
        reserved(self.found.try_reserve(1).is_ok())?;
        self.found.push(Found {
            pointer,
            elements: self.elements.clone(),
            span,
        });
        Ok(())
    }

    fn object(&mut self, node: &'p Node) -> Result<()> {
        let mut names = HashSet::new();
        self.scanner.enter();
        while self.scanner.advance() {
            let name = self.scanner.name()?;
            if names.contains(&name) {
                let what = format!("the object has the member \"{}\" twice", shown(&name));
                return Err(self.refused(node, &what));
            }
            match node.names.get(&*name) {
                Some(child) => self.value(child)?,
                None => self.scanner.skip(),
            }
            reserved(names.try_reserve(1).is_ok())?;
            names.insert(name);
        }
        let absent =
            |(name, child): &(&String, &Node)| child.required && !names.contains(name.as_str());
        match node.names.iter().find(absent) {
            Some((_, child)) if node.required => {
                Err(self.missing(child, "there is no such member"))
            }
            _ => Ok(()),
        }
    }

    fn array(&mut self, node: &'p Node) -> Result<()> {
        let wanted = self.wanted(node)?;
        self.scanner.enter();
        let mut length = 0;
        while self.scanner.advance() {
            if let Some(every) = &node.every {
                self.elements.push(length);
                self.value(every)?;
                self.elements.pop();
            } else if let Some(child) = wanted.get(&length) {
                self.value(child)?;
            } else {
                self.scanner.skip();
            }
            length += 1;
        }
        if let Some(every) = &node.every
            && length == 0
            && every.required
        {
            return Err(self.missing(every, "the array has no element"));
        }
        match wanted.range(length..).find(|(_, child)| child.required) {
            Some((_, child)) => {
                Err(self.missing(child, &format!("the array has {length} elements")))
            }
            None => Ok(()),
        }
    }

    /// Elements by number. A name in its place leads nowhere, and may be a forgotten `*`.
    fn wanted(&self, node: &'p Node) -> Result<BTreeMap<usize, &'p Node>> {
        let mut wanted = BTreeMap::new();
        for (name, child) in &node.names {
            match name.parse() {
                Ok(index) if name == "0" || !name.starts_with(['0', '+']) => {
                    wanted.insert(index, child);
                }
                _ => {
                    return Err(self.refused(
                        child,
                        "there is an array on its path, whose elements are named by number or *",
                    ));
                }
            }
        }
        Ok(wanted)
    }

    fn refused(&self, node: &Node, what: &str) -> Error {
        self.error(node.first(false), what)
    }

    fn missing(&self, node: &Node, what: &str) -> Error {
        self.error(node.first(true), what)
    }

    fn error(&self, pointer: Option<&Pointer>, what: &str) -> Error {
        let text = pointer.map_or("", |pointer| pointer.text.as_str());
        unresolved(&place(text, &self.elements), what)
    }
}

fn unresolved(place: &str, what: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The pointer \"{place}\" leads to no string: {what}."),
    )
    .hint("Nothing was changed. Correct the pointer or the body; end the line in ? if the value may be absent, null or empty.")
}

fn reserved(done: bool) -> Result<()> {
    if done {
        return Ok(());
    }
    fail(
        Status::OutOfMemory,
        "No memory for the places of the fields.",
    )
}
