//! C#.

use crate::files::File;
use crate::method::Method;
use crate::model::Api;

pub fn files(_api: &Api, _methods: &[Method]) -> Vec<File> {
    Vec::new()
}

pub const HAND_WRITTEN: &[&str] = &[];

pub fn spelled(method: &Method) -> String {
    method.name.to_owned()
}
