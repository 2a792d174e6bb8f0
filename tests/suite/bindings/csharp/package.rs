//! The NuGet package: its parts, what the assembly refers to, and that it works as it lies there.

use std::path::{Path, PathBuf};

use super::{RUNTIMES, compiled, folder, script, succeeded};
use crate::bindings::{ROOT, clean_command, library};
use crate::simulator::fresh_dir;

fn version() -> String {
    let manifest = std::fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).unwrap();
    let line = manifest.lines().find(|line| line.starts_with("version = "));
    line.unwrap().split('"').nth(1).unwrap().to_owned()
}

/// The package opened by another program, Python's zipfile.
fn opened() -> PathBuf {
    let out = fresh_dir("csharp-package");
    let stripped = out.join("libwxpay.so");
    let mut strip = clean_command("strip", None);
    succeeded(strip.arg(library()).arg("-o").arg(&stripped));
    let mut make = clean_command("sh", None);
    succeeded(
        make.arg(folder().join("make_package.sh"))
            .arg(&stripped)
            .arg(&out),
    );
    let package = out.join(format!("LibWxPay.{}.nupkg", version()));
    let inside = out.join("inside");
    let mut unzip = clean_command("python3", None);
    succeeded(
        unzip
            .args(["-m", "zipfile", "-e"])
            .arg(&package)
            .arg(&inside),
    );
    inside
}

#[test]
fn the_package_has_its_parts_and_works_where_it_lies() {
    let inside = opened();
    let read = |name: &str| std::fs::read_to_string(inside.join(name)).unwrap();
    let nuspec = read("LibWxPay.nuspec");
    assert!(
        nuspec.contains(&format!("<version>{}</version>", version())),
        "{nuspec}"
    );
    assert!(
        nuspec.contains("<license type=\"expression\">Apache-2.0</license>"),
        "{nuspec}"
    );
    assert!(read("_rels/.rels").contains("Target=\"/LibWxPay.nuspec\""));
    assert!(read("README.md").starts_with("# LibWxPay"));
    assert!(read("LICENSE").contains("Apache License"));
    assert!(read("lib/netstandard2.0/LibWxPay.xml").contains("T:LibWxPay.Client"));
    // Every part has a type, or NuGet refuses the package.
    let types = read("[Content_Types].xml");
    let parts = succeeded(
        clean_command("find", None)
            .arg(&inside)
            .args(["-type", "f", "-printf", "%P\\n"]),
    );
    for part in parts.lines().filter(|part| *part != "[Content_Types].xml") {
        let name = part.rsplit('/').next().unwrap();
        let known = match name.rsplit_once('.') {
            Some((_, extension)) => types.contains(&format!("Extension=\"{extension}\"")),
            None => types.contains(&format!("PartName=\"/{part}\"")),
        };
        assert!(known, "{part} has no content type");
    }
    // The assembly is the one that the tests run, and finds the library as NuGet's cache has it.
    let assembly = std::fs::read(inside.join("lib/netstandard2.0/LibWxPay.dll")).unwrap();
    assert_eq!(
        assembly,
        std::fs::read(compiled().join("LibWxPay.dll")).unwrap(),
        "another assembly than the tested one"
    );
    std::fs::copy(
        compiled().join("tests.exe"),
        inside.join("lib/netstandard2.0/tests.exe"),
    )
    .unwrap();
    let native = inside.join("runtimes/linux-x64/native/libwxpay.so.0");
    for runtime in RUNTIMES {
        let said = succeeded(
            script(runtime, "tests/run.sh", None)
                .arg(inside.join("lib/netstandard2.0/tests.exe"))
                .args(["--probe", "once"]),
        );
        let want = format!(
            "loaded {} by place, version {}",
            native.display(),
            version()
        );
        assert_eq!(said.trim(), want, "{runtime:?}");
    }
}

#[test]
fn project_and_assembly_have_the_version_of_the_library() {
    let project = std::fs::read_to_string(folder().join("LibWxPay.csproj")).unwrap();
    assert!(
        project.contains(&format!("<Version>{}</Version>", version())),
        "{project}"
    );
    assert!(project.contains("<TargetFramework>netstandard2.0</TargetFramework>"));
    assert!(project.contains("<LangVersion>7.2</LangVersion>"));
    let constants = std::fs::read_to_string(folder().join("src/Constants.g.cs")).unwrap();
    assert!(constants.contains(&format!("AssemblyVersion(\"{}.0\")", version())));
}

/// What the README says of the assembly.
#[test]
fn the_assembly_refers_to_the_four_that_the_readme_names() {
    let dir = fresh_dir("csharp-references");
    let source = dir.join("References.cs");
    std::fs::write(
        &source,
        "public static class References { public static void Main(string[] a) {\n\
         foreach (var one in System.Reflection.Assembly.LoadFrom(a[0]).GetReferencedAssemblies()) System.Console.WriteLine(one.Name + \" \" + one.Version); } }\n",
    )
    .unwrap();
    let program = dir.join("references.exe");
    succeeded(
        clean_command("mcs", None)
            .arg(format!("-out:{}", program.display()))
            .arg(&source),
    );
    let said = succeeded(
        clean_command("mono", None)
            .arg(&program)
            .arg(compiled().join("LibWxPay.dll")),
    );
    let mut have: Vec<&str> = said.lines().collect();
    have.sort_unstable();
    let want = [
        "System 4.0.0.0",
        "System.Core 4.0.0.0",
        "System.Net.Http 4.0.0.0",
        "mscorlib 4.0.0.0",
    ];
    assert_eq!(have, want);
}

#[test]
#[ignore = "needs a .NET SDK on PATH, which no package registry in use here has"]
fn the_project_builds_with_an_sdk() {
    let copy = fresh_dir("csharp-project");
    succeeded(clean_command("cp", None).arg("-R").arg(folder()).arg(&copy));
    succeeded(
        clean_command("dotnet", None)
            .args(["build", "--configuration", "Release"])
            .arg(copy.join("csharp/LibWxPay.csproj")),
    );
}
