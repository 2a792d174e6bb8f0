//! The exported C functions in random order with random arguments: live handles, handles of another
//! type, NULL, texts of any length within a real buffer, any number. Only what the header calls
//! undefined is left out: freed handles. No network: functions that use it get a handle of another
//! type, which they must refuse first.

mod texts;

use std::ffi::{CStr, c_char};
use std::sync::LazyLock;

use super::super::world::no_secret;

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

pub struct Function {
    pub name: &'static str,
    network: bool,
    returns: Returns,
    /// The statuses of @errors.
    errors: &'static [i32],
    parameters: &'static [Parameter],
    call: fn(&[u64]) -> i64,
}

struct Parameter {
    name: &'static str,
    role: Role,
    nullable: bool,
    null_gives: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// With the index of its type.
    Handle(usize),
    Changed(usize),
    Released(usize),
    Out(usize),
    Err,
    Text,
    Length,
    Number,
    Bytes,
    Capacity,
    Size,
}

#[derive(PartialEq)]
enum Returns {
    Nothing,
    Status,
    Text,
    Pointer,
    Number,
}

/// OUT_OF_MEMORY may come from every function and is not listed; PANIC and INTERNAL neither, and
/// they are findings.
const OUT_OF_MEMORY: i32 = 503;
const NEVER: [i32; 2] = [900, 901];
/// Outputs are overwritten unread.
const POISON: u64 = 0x5a5a_5a5a_5a5a_5a58;
const MOST_CALLS: usize = 64;
/// Reads the whole store of the system: 64 of these take longer than an input may.
const SLOW: &str = "wxpay_trust_report";
const MOST_SLOW: usize = 8;
/// What the harness itself calls.
const ERROR: &str = "wxpay_error";
const BUF: &str = "wxpay_buf";

pub fn run(input: &[u8]) {
    let mut machine = Machine {
        input,
        own: vec![Vec::new(); TYPES.len()],
        texts: Vec::new(),
        slow: 0,
    };
    machine.begin();
    for _ in 0..MOST_CALLS {
        if machine.input.is_empty() {
            break;
        }
        machine.call();
    }
    machine.end();
}

fn function(name: &str) -> &'static Function {
    FUNCTIONS
        .iter()
        .find(|one| one.name == name)
        .unwrap_or_else(|| panic!("{name} is not exported"))
}

fn type_index(name: &str) -> usize {
    TYPES
        .iter()
        .position(|one| *one == name)
        .unwrap_or_else(|| panic!("{name} is no type"))
}

/// A call of the harness's own, which must succeed; the first output.
fn made(name: &str, handles: &[u64], texts: &[&[u8]]) -> u64 {
    let one = function(name);
    let (mut out, mut error) = (POISON, POISON);
    let (mut handles, mut texts) = (handles.iter(), texts.iter());
    let mut arguments = Vec::new();
    let mut given: &[u8] = &[];
    for parameter in one.parameters {
        arguments.push(match parameter.role {
            Role::Handle(_) | Role::Changed(_) => *handles.next().unwrap_or(&0),
            Role::Text => {
                given = texts.next().copied().unwrap_or_default();
                given.as_ptr() as u64
            }
            Role::Length => given.len() as u64,
            Role::Out(_) if out == POISON && !arguments.contains(&(&raw mut out as u64)) => {
                &raw mut out as u64
            }
            Role::Err => &raw mut error as u64,
            Role::Number if parameter.name == "now" => super::super::world::CLOCK as u64,
            _ => 0,
        });
    }
    let status = (one.call)(&arguments);
    assert!(
        status == 0,
        "{name} gave {status}: {}",
        if error == POISON {
            ""
        } else {
            error_text("message", error)
        }
    );
    out
}

fn error_text(getter: &str, error: u64) -> &'static str {
    let text = (function(&format!("wxpay_error_{getter}")).call)(&[error]);
    // SAFETY: the getter gave a text that lives as long as the error, and the callers are done before.
    unsafe { CStr::from_ptr(text as usize as *const c_char) }
        .to_str()
        .expect("texts are UTF-8")
}

/// Objects that cost too much to be made for each input. They are never changed and never freed.
struct Kept(Vec<Vec<u64>>);

static KEPT: LazyLock<Kept> = LazyLock::new(|| {
    let mut all = vec![Vec::new(); TYPES.len()];
    let mut keep = |kind: &str, handle: u64| all[type_index(kind)].push(handle);
    let client = made("wxpay_client_new", &[configuration()], &[]);
    keep("wxpay_client", client);
    for key in [
        super::super::world::MERCHANT_KEY,
        super::super::world::MERCHANT_CERT,
    ] {
        keep("wxpay_key", made("wxpay_key_load", &[], &[key.as_bytes()]));
    }
    let notification = texts::notification();
    let message = made("wxpay_message_new_response", &[], &[&notification.1]);
    made(
        "wxpay_message_add_header_block",
        &[message],
        &[notification.0.as_bytes()],
    );
    keep(
        "wxpay_notify",
        made("wxpay_notify_open", &[client, message], &[]),
    );
    keep(
        BUF,
        made(
            "wxpay_key_info",
            &[made("wxpay_key_load", &[], &[texts::CERTIFICATE])],
            &[],
        ),
    );
    let mut error = 0;
    let unknown = b"private_kye";
    (function("wxpay_config_set").call)(&[
        configuration(),
        unknown.as_ptr() as u64,
        11,
        0,
        0,
        &raw mut error as u64,
    ]);
    keep(ERROR, error);
    Kept(all)
});

fn configuration() -> u64 {
    let config = made("wxpay_config_new", &[], &[]);
    for (key, value) in super::super::world::CONFIGURATION {
        made(
            "wxpay_config_set",
            &[config],
            &[key.as_bytes(), value.as_bytes()],
        );
    }
    config
}

struct Machine<'a> {
    input: &'a [u8],
    /// Live handles made for this input, by type.
    own: Vec<Vec<u64>>,
    /// What functions gave: signatures, ciphertexts, parameters.
    texts: Vec<Vec<u8>>,
    /// Calls of `SLOW`.
    slow: usize,
}

impl Machine<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.input.split_first() else {
            return 0;
        };
        self.input = rest;
        *first
    }

    fn begin(&mut self) {
        LazyLock::force(&KEPT);
        let request = made(
            "wxpay_message_new_request",
            &[],
            &[b"POST", b"/v3/x", br#"{"name":"x"}"#],
        );
        let notification = texts::notification();
        let response = made("wxpay_message_new_response", &[], &[&notification.1]);
        made(
            "wxpay_message_add_header_block",
            &[response],
            &[notification.0.as_bytes()],
        );
        self.own[type_index("wxpay_message")].extend([request, response]);
        self.own[type_index("wxpay_bill")].push(made("wxpay_bill_open", &[], &[texts::BILL]));
        self.own[type_index("wxpay_config")].push(configuration());
    }

    fn end(self) {
        for (index, handles) in self.own.into_iter().enumerate() {
            let free = function(&format!("{}_free", TYPES[index]));
            handles.into_iter().for_each(|handle| {
                (free.call)(&[handle]);
            });
        }
    }

    /// A live handle of that type, or 0.
    fn live(&mut self, kind: usize, choice: u8, may_keep: bool) -> u64 {
        let kept: &[u64] = if may_keep { &KEPT.0[kind] } else { &[] };
        let all = kept.len() + self.own[kind].len();
        if all == 0 {
            return 0;
        }
        // Counted from the newest.
        let index = all - 1 - usize::from(choice) % all;
        kept.get(index)
            .copied()
            .unwrap_or_else(|| self.own[kind][index - kept.len()])
    }

    /// 0 NULL, 1 to 3 another type, else one of this type.
    fn handle(&mut self, kind: usize, may_keep: bool, network: bool) -> u64 {
        let choice = self.byte();
        match choice {
            0 if !network => 0,
            1..=3 => self.foreign(kind, choice),
            _ if network => self.foreign(kind, choice),
            _ => self.live(kind, choice.wrapping_sub(4), may_keep),
        }
    }

    fn foreign(&mut self, kind: usize, choice: u8) -> u64 {
        let candidates: Vec<u64> = (0..TYPES.len())
            .filter(|other| *other != kind)
            .flat_map(|other| {
                KEPT.0[other]
                    .iter()
                    .chain(&self.own[other])
                    .copied()
                    .collect::<Vec<_>>()
            })
            .collect();
        candidates[usize::from(choice) * 7 % candidates.len()]
    }

    fn text(&mut self, function: &str, parameter: &str) -> (u64, u64, Vec<u8>) {
        let choice = self.byte();
        let bytes = match choice % 8 {
            0 => return (0, 0, Vec::new()),
            1 => return (0, u64::from(choice), Vec::new()),
            2 | 3 => {
                let len = usize::from(self.byte()).min(self.input.len());
                let (bytes, rest) = self.input.split_at(len);
                self.input = rest;
                bytes.to_vec()
            }
            4 => {
                let last = self.texts.len();
                if last == 0 {
                    Vec::new()
                } else {
                    self.texts[last - 1 - usize::from(choice >> 3) % last].clone()
                }
            }
            _ => texts::plausible(function, parameter, choice >> 3),
        };
        // A part of a real buffer; no NUL follows.
        let len = if choice & 0x80 != 0 {
            bytes.len() / 2
        } else {
            bytes.len()
        };
        (bytes.as_ptr() as u64, len as u64, bytes)
    }

    fn number(&mut self) -> u64 {
        const NUMBERS: [i64; 16] = [
            0,
            1,
            2,
            -1,
            7,
            100,
            200,
            404,
            900,
            1_700_000_000,
            99_999_999_999,
            100_000_000_000,
            i32::MAX as i64,
            i32::MIN as i64,
            i64::MAX,
            i64::MIN,
        ];
        NUMBERS[usize::from(self.byte()) % NUMBERS.len()] as u64
    }

    fn call(&mut self) {
        let one = &FUNCTIONS[usize::from(u16::from_be_bytes([0, self.byte()])) % FUNCTIONS.len()];
        self.slow += usize::from(one.name == SLOW);
        if one.name == SLOW && self.slow > MOST_SLOW {
            return;
        }
        let mut arguments: Vec<u64> = Vec::new();
        let mut buffers: Vec<Vec<u8>> = Vec::new();
        let mut length = 0;
        let (mut error, mut size) = (POISON, POISON as usize);
        let mut room = vec![0x5a_u8; 64];
        // One place for each parameter that might be an output; they do not move.
        let mut outs = vec![POISON; one.parameters.len()];
        let mut first_is_foreign = false;
        let mut released = None;
        for (at, parameter) in one.parameters.iter().enumerate() {
            let argument = match parameter.role {
                Role::Handle(kind) | Role::Changed(kind) | Role::Released(kind) => {
                    let may_keep = matches!(parameter.role, Role::Handle(_));
                    let handle = self.handle(kind, may_keep, one.network);
                    let right = KEPT.0[kind].contains(&handle) || self.own[kind].contains(&handle);
                    if at == 0 {
                        first_is_foreign = !right;
                    }
                    if matches!(parameter.role, Role::Released(_)) && right {
                        released = Some((kind, handle));
                    }
                    handle
                }
                Role::Text => {
                    let (pointer, len, bytes) = self.text(one.name, parameter.name);
                    buffers.push(bytes);
                    length = len;
                    pointer
                }
                Role::Length => length,
                Role::Number => self.number(),
                Role::Out(_) if self.byte() == 0 => 0,
                Role::Out(_) => &raw mut outs[at] as u64,
                Role::Err if self.byte() == 0 => 0,
                Role::Err => &raw mut error as u64,
                Role::Bytes if self.byte() == 0 => 0,
                Role::Bytes => room.as_mut_ptr() as u64,
                Role::Capacity => u64::from(self.byte()) % 65,
                Role::Size if self.byte() == 0 => 0,
                Role::Size => &raw mut size as u64,
            };
            arguments.push(argument);
        }
        let answer = (one.call)(&arguments);
        drop(buffers);
        if let Some((kind, handle)) = released {
            self.own[kind].retain(|own| *own != handle);
        }
        match one.returns {
            Returns::Status => self.fallible(one, answer as i32, &arguments, &outs, error),
            Returns::Text => returned_text(one, answer, first_is_foreign),
            Returns::Pointer if first_is_foreign => {
                assert_eq!(answer, 0, "{} of another handle", one.name)
            }
            // A NUL follows bytes, and a message begins with its tag: one byte can be read.
            Returns::Pointer if answer != 0 => {
                // SAFETY: the pointer belongs to a live object.
                std::hint::black_box(unsafe { (answer as usize as *const u8).read() });
            }
            Returns::Number if first_is_foreign => {
                let want = match one.parameters.first().and_then(|first| first.null_gives) {
                    Some("INT64_MIN") => i64::MIN,
                    Some(number) => number.parse().expect("a number"),
                    None => return,
                };
                assert_eq!(answer, want, "{} of another handle", one.name);
            }
            _ => {}
        }
    }

    fn fallible(
        &mut self,
        one: &Function,
        status: i32,
        arguments: &[u64],
        outs: &[u64],
        error: u64,
    ) {
        let wants_error = one
            .parameters
            .iter()
            .zip(arguments)
            .any(|(parameter, given)| parameter.role == Role::Err && *given != 0);
        let message = if wants_error && status != 0 && error != 0 && error != POISON {
            error_text("message", error)
        } else {
            ""
        };
        assert!(
            !NEVER.contains(&status),
            "{} gave {status}: {message}",
            one.name
        );
        let listed = status == 0 || status == OUT_OF_MEMORY || one.errors.contains(&status);
        assert!(
            listed,
            "{} gave {status}, which is none of its @errors: {message}",
            one.name
        );
        assert!(
            !one.network || status != 0,
            "{} took a handle of another type",
            one.name
        );
        if wants_error {
            if status == 0 {
                assert_eq!(error, 0, "{}: an error on success", one.name);
            } else {
                self.check_error(one, status, error);
            }
        }
        for ((parameter, given), out) in one.parameters.iter().zip(arguments).zip(outs) {
            let Role::Out(kind) = parameter.role else {
                continue;
            };
            if *given == 0 {
                let lacks = status == 0 && !parameter.nullable;
                assert!(
                    !lacks,
                    "{}: OK without a place for {}",
                    one.name, parameter.name
                );
            } else if status != 0 {
                assert_eq!(
                    *out, 0,
                    "{}: {} is not NULL after {status}",
                    one.name, parameter.name
                );
            } else {
                assert!(
                    *out != 0 && *out != POISON,
                    "{}: OK without {}",
                    one.name,
                    parameter.name
                );
                self.own[kind].push(*out);
                if TYPES[kind] == BUF {
                    self.keep_text(*out);
                }
            }
        }
    }

    fn check_error(&mut self, one: &Function, status: i32, error: u64) {
        assert!(
            error != 0 && error != POISON,
            "{}: {status} without an error",
            one.name
        );
        let number = |getter: &str| (function(&format!("wxpay_error_{getter}")).call)(&[error]);
        assert_eq!(number("status"), i64::from(status), "{}", one.name);
        assert!(
            number("outcome") != 1,
            "{}: NOT_SENT by a function that sends nothing (S1)",
            one.name
        );
        for getter in ["message", "hint", "json"] {
            let text = error_text(getter, error);
            assert!(!text.is_empty(), "{}: {status} without {getter}", one.name);
            no_secret(text);
        }
        self.own[type_index(ERROR)].push(error);
    }

    fn keep_text(&mut self, buf: u64) {
        let data = (function("wxpay_buf_data").call)(&[buf]) as usize as *const u8;
        let len = (function("wxpay_buf_len").call)(&[buf]) as usize;
        assert!(!data.is_null());
        // SAFETY: the buffer is live, has `len` bytes and a NUL after them.
        let (bytes, end) = unsafe { (std::slice::from_raw_parts(data, len), data.add(len).read()) };
        assert_eq!(end, 0, "a NUL follows the data");
        self.texts.push(bytes.to_vec());
    }
}

fn returned_text(one: &Function, answer: i64, first_is_foreign: bool) {
    let text = answer as usize as *const c_char;
    let null_gives = one.parameters.first().and_then(|first| first.null_gives);
    if first_is_foreign && null_gives == Some("NULL") {
        assert!(text.is_null(), "{} of another handle", one.name);
    }
    if text.is_null() {
        assert!(null_gives == Some("NULL"), "{} gave NULL", one.name);
        return;
    }
    // SAFETY: the text belongs to a live object, or is static.
    let text = unsafe { CStr::from_ptr(text) }
        .to_str()
        .expect("texts are UTF-8");
    if first_is_foreign && null_gives == Some("\"\"") {
        assert_eq!(text, "", "{} of another handle", one.name);
    }
}
