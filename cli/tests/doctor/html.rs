//! `--html`: what the page is, and where it is written (safety.md S23).

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::machine::{Machine, Run};

fn write(machine: &Machine, path: &str) -> Run {
    machine.wxpay(&["doctor", "--offline", "--html", path])
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn the_page_stands_alone_and_runs_nothing_namespace() {
    let machine = Machine::bare();
    let path = machine.path("report.html");
    assert_eq!(write(&machine, &path).status, 2);
    let page = std::fs::read_to_string(&path).unwrap();
    let policy = r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"#;
    assert!(
        page.find(policy).unwrap() < page.find("<style>").unwrap(),
        "the policy comes before what it is about"
    );
    for no in [
        "<script", "href", "src=", "url(", "@import", "onload", "<form", "<iframe",
    ] {
        assert!(!page.contains(no), "{no} in the page");
    }
    assert!(
        page.contains("NO_TRUST_ROOTS") && page.contains("apt-get install ca-certificates"),
        "{page}"
    );
    assert_eq!(mode(Path::new(&path)), 0o600);
    // Nothing is left beside it.
    let names = std::fs::read_dir(&machine.dir).unwrap().flatten();
    assert!(
        names
            .into_iter()
            .all(|entry| !entry.file_name().to_string_lossy().starts_with(".report"))
    );
}

#[test]
fn a_file_that_is_there_is_replaced_and_a_link_is_not_followed_namespace() {
    let machine = Machine::bare();
    let open = machine.write("open.html", "old");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(write(&machine, open.to_str().unwrap()).status, 2);
    assert_eq!(mode(&open), 0o600);

    let precious = machine.write("precious", "precious");
    let link = machine.dir.join("link.html");
    symlink(&precious, &link).unwrap();
    assert_eq!(write(&machine, link.to_str().unwrap()).status, 2);
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");
    assert!(link.symlink_metadata().unwrap().is_file() && mode(&link) == 0o600);
}

#[test]
fn what_is_no_file_is_refused_and_left_alone_namespace() {
    let machine = Machine::bare();
    for wrong in [
        machine.path("empty"),
        "/dev/null".to_owned(),
        "/dev/stdout".to_owned(),
        "/nowhere/x.html".to_owned(),
        "/".to_owned(),
    ] {
        let run = write(&machine, &wrong);
        assert_eq!(run.status, 3, "{wrong}: {}", run.out);
        assert!(run.err.contains(&wrong), "{wrong}: {}", run.err);
    }
    assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
}
