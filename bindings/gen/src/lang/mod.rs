//! What each language is given: declarations, constants, thin methods. A file a language.

pub mod cpp;
pub mod csharp;
pub mod php;
pub mod python;

use crate::files::File;
use crate::method::Method;
use crate::model::Api;

pub fn files(api: &Api, methods: &[Method]) -> Vec<File> {
    let mut files = python::files(api, methods);
    files.extend(php::files(api, methods));
    files.extend(csharp::files(api, methods));
    files.extend(cpp::files(api, methods));
    files
}
