//! A case and its values: what goes in, what was found, and the comparison.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde_json::Value;
use wxpay::ffi::client::wxpay_client;

use super::abi::{Owned, Stop, wrong};
use super::calls;

/// What an operation read.
pub enum Found {
    Bytes(Vec<u8>),
    Number(i64),
    /// Compared whole, whatever the order of members.
    Json(Value),
    Nothing,
}

impl From<Option<Vec<u8>>> for Found {
    fn from(bytes: Option<Vec<u8>>) -> Found {
        bytes.map_or(Found::Nothing, Found::Bytes)
    }
}

pub struct Case<'a> {
    pub set: &'a Set,
    pub input: &'a Value,
    pub want: &'a Value,
    pub now: i64,
    pub found: BTreeMap<&'static str, Found>,
}

/// A directory with `keys/` and `vectors/`, and the clients made so far.
pub struct Set {
    root: PathBuf,
    configs: Value,
    clients: std::cell::RefCell<HashMap<String, std::rc::Rc<Owned<wxpay_client>>>>,
}

impl Set {
    pub fn open(root: &Path) -> Set {
        let text = std::fs::read(root.join("keys/clients.json")).unwrap();
        Set {
            root: root.to_path_buf(),
            configs: serde_json::from_slice(&text).unwrap(),
            clients: Default::default(),
        }
    }

    /// The cases of every file, in order of file and place.
    pub fn cases(&self) -> Vec<Value> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.root.join("vectors"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let read = |file: &PathBuf| -> Vec<Value> {
            serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
        };
        files.iter().flat_map(read).collect()
    }

    pub fn value(&self, value: &Value) -> Result<Vec<u8>, Stop> {
        if let Some(text) = value.as_str() {
            return Ok(text.as_bytes().to_vec());
        }
        let member = |name: &str| value.get(name).and_then(Value::as_str);
        if let Some(hex) = member("hex") {
            let pairs = hex.as_bytes().chunks(2);
            let digits = pairs.map(|two| std::str::from_utf8(two).unwrap());
            return Ok(digits
                .map(|two| u8::from_str_radix(two, 16).unwrap())
                .collect());
        }
        if let Some(file) = member("file") {
            return Ok(std::fs::read(self.root.join(file)).unwrap());
        }
        match (member("repeat"), value.get("times").and_then(Value::as_u64)) {
            (Some(text), Some(times)) => Ok(text.repeat(times as usize).into_bytes()),
            _ => wrong(format!("this is not a value: {value}")),
        }
    }

    /// The client of that name, made once unless `fresh`.
    pub fn client(
        &self,
        name: &str,
        fresh: bool,
    ) -> Result<std::rc::Rc<Owned<wxpay_client>>, Stop> {
        if let Some(client) = self.clients.borrow().get(name).filter(|_| !fresh) {
            return Ok(client.clone());
        }
        let config = self.configs.get(name);
        let Some(config) = config else {
            return wrong(format!("clients.json has no {name}"));
        };
        let client = std::rc::Rc::new(calls::client_new(self, config)?);
        if !fresh {
            self.clients
                .borrow_mut()
                .insert(name.to_owned(), client.clone());
        }
        Ok(client)
    }
}

impl Case<'_> {
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, Stop> {
        match self.input.get(name) {
            Some(value) => self.set.value(value),
            None => wrong(format!("in has no {name}")),
        }
    }

    pub fn number(&self, name: &str) -> Result<i64, Stop> {
        match self.input.get(name).and_then(Value::as_i64) {
            Some(number) => Ok(number),
            None => wrong(format!("in has no number {name}")),
        }
    }

    /// Plain text: names that the vectors themselves use.
    pub fn word(&self, name: &str) -> Result<&str, Stop> {
        match self.input.get(name).and_then(Value::as_str) {
            Some(word) => Ok(word),
            None => wrong(format!("in has no text {name}")),
        }
    }

    pub fn client(&self) -> Result<std::rc::Rc<Owned<wxpay_client>>, Stop> {
        self.set.client(self.word("client")?, false)
    }

    /// The same where a client may be left out.
    pub fn client_or_none(&self) -> Result<Option<std::rc::Rc<Owned<wxpay_client>>>, Stop> {
        match self.input.get("client") {
            Some(_) => self.client().map(Some),
            None => Ok(None),
        }
    }

    /// Each member of `want` that was not compared by the operation itself.
    pub fn compare(&self) -> Result<(), Stop> {
        for (name, found) in &self.found {
            let Some(want) = self.want.get(*name) else {
                // Read also when the status is not 0, but not always wanted then.
                continue;
            };
            let equal = match found {
                Found::Nothing => want.is_null(),
                Found::Number(number) => want.as_i64() == Some(*number),
                Found::Json(found) => want == found,
                Found::Bytes(_) if want.is_null() => false,
                Found::Bytes(bytes) => self.set.value(want)? == *bytes,
            };
            if !equal {
                return wrong(format!("{name} is {}, not {want}", shown(found)));
            }
        }
        Ok(())
    }
}

fn shown(found: &Found) -> String {
    match found {
        Found::Nothing => "none".to_owned(),
        Found::Number(number) => number.to_string(),
        Found::Json(found) => found.to_string(),
        Found::Bytes(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
    }
}
