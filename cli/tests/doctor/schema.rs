//! `--json` against docs/schemas/doctor.schema.json, by Python's `jsonschema`; and that no member is missing there.

use std::path::{Path, PathBuf};

use crate::machine::{Machine, some_ca};
use crate::merchants::Simulator;
use crate::tools::run;

/// Arguments: the schemas, then reports.
const CHECK: &str = "
import json, pathlib, sys
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
schemas = [json.loads(p.read_text()) for p in pathlib.Path(sys.argv[1]).glob('*.schema.json')]
registry = Registry().with_resources([(one['$id'], Resource.from_contents(one)) for one in schemas])
doctor = next(one for one in schemas if one['$id'] == 'doctor.schema.json')
validator = Draft202012Validator(doctor, registry=registry)
def unknown(value, schema, path):
    # What the library's reports hold has schemas of its own; config is one with two members more.
    if isinstance(value, dict) and 'properties' in schema and path != '.config':
        for name, member in value.items():
            if name not in schema['properties']:
                sys.exit(f'{path}.{name} is not in the schema')
            unknown(member, schema['properties'][name], f'{path}.{name}')
    if isinstance(value, list):
        for one in value:
            unknown(one, schema.get('items', {}), path + '[]')
for path in sys.argv[2:]:
    report = json.loads(pathlib.Path(path).read_text())
    for error in validator.iter_errors(report):
        sys.exit(f'{path}: {error.json_path}: {error.message}')
    unknown(report, doctor, '')
    report.pop('schema')
    if validator.is_valid(report):
        sys.exit('the schema accepts anything')
print(len(sys.argv) - 2)
";

#[test]
fn every_report_is_valid_under_its_schema_namespace() {
    let simulator = Simulator::start(&[]);
    let merchant = simulator.path("merchant.json");
    let machine = Machine::bare();
    let old = machine.write("old.pem", &some_ca(&machine.dir));
    let wrong = machine.write("wrong.json", "{");
    machine.write(
        "etc/hosts",
        "127.0.0.1 localhost\n10.0.0.1 api.mch.weixin.qq.com\n",
    );
    machine.write("etc/php.ini", "ffi.enable=1\ncurl.cainfo=/nowhere.pem\n");
    let machine = machine
        .set("SSL_CERT_FILE", simulator.path("ca.pem"))
        .set("REQUESTS_CA_BUNDLE", old.to_str().unwrap())
        .set("NODE_TLS_REJECT_UNAUTHORIZED", "0")
        .set("https_proxy", "socks5://127.0.0.1:1")
        .set("HTTP_PROXY", "http://127.0.0.1:1")
        .set("no_proxy", "*");
    let full = machine.wxpay(&["doctor", "--json", "--config", &merchant]);
    let broken = machine.wxpay(&[
        "doctor",
        "--json",
        "--offline",
        "--config",
        wrong.to_str().unwrap(),
    ]);
    let bare = Machine::bare();
    let reports = [
        full,
        broken,
        bare.wxpay(&["doctor", "--json"]),
        Machine::healthy().wxpay(&["doctor", "--json", "--offline"]),
    ];
    let python: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("tools/conformance/bin/python");
    assert!(python.exists(), "run scripts/tools/conformance.sh first");
    let mut arguments = vec!["-c".to_owned(), CHECK.to_owned()];
    arguments.push(format!("{}/../docs/schemas", env!("CARGO_MANIFEST_DIR")));
    for (at, report) in reports.iter().enumerate() {
        let path = machine.write(&format!("{at}.json"), &report.out);
        arguments.push(path.to_str().unwrap().to_owned());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = run(python.to_str().unwrap(), &arguments, b"");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(out.trim(), "4", "{err}");
}
