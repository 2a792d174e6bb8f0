//! The list of exported names, and in which version each came.

use std::collections::BTreeMap;
use std::path::Path;

use crate::files::File;
use crate::model::Api;

/// One name a line, sorted as `LC_ALL=C sort` does: what `nm -D` must show.
pub fn file(api: &Api) -> File {
    let mut names: Vec<&str> = api
        .functions
        .iter()
        .map(|function| function.name.as_str())
        .collect();
    names.sort_unstable();
    File::new("bindings/abi/symbols.txt", lines(names))
}

/// A file a version with the declarations that came in it. Those of versions before the header's
/// are history: a change there is an incompatible change, and refused.
pub fn history(api: &Api, root: &Path) -> Result<Vec<File>, String> {
    let mut versions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for function in &api.functions {
        versions
            .entry(&function.since)
            .or_default()
            .push(format!("{};", function.declaration()));
    }
    let (major, minor) = api.version();
    let current = format!("{major}.{minor}");
    let mut files = Vec::new();
    for (version, mut declarations) in versions {
        declarations.sort_unstable_by(|a, b| name(a).cmp(name(b)));
        let file = File::new(
            format!("bindings/abi/history/{version}.txt"),
            lines(declarations),
        );
        if version == current {
            files.push(file);
            continue;
        }
        match std::fs::read_to_string(root.join(file.path())) {
            Ok(old) if old == file.content() => {}
            Ok(_) => {
                return Err(format!(
                    "{} would change: what was released keeps its names and signatures",
                    file.path()
                ));
            }
            Err(_) => files.push(file),
        }
    }
    Ok(files)
}

fn name(declaration: &str) -> &str {
    let head = declaration.split('(').next().unwrap_or_default();
    head.rsplit([' ', '*']).next().unwrap_or_default()
}

fn lines<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    items
        .into_iter()
        .map(|item| format!("{}\n", item.as_ref()))
        .collect()
}
