//! A class or trait of thin methods: a comment, a signature, one line.

use std::fmt::Write;

use super::{IN_PARTS, WHOLE, camel, class, head, is_static, parameters, variable};
use crate::method::{Kind, Method, Slot, Value};

/// HTTP methods, and whether one has a body.
const VERBS: &[(&str, bool)] = &[
    ("get", false),
    ("post", true),
    ("put", true),
    ("patch", true),
    ("delete", true),
];

/// A class of the table that is a part of the client, not made by a C function.
const PAY: &str = "    /** Parameters for front ends. */\n    public function pay(): \\LibWxPay\\Pay\n    {\n        \
                   return self::wrap(\\LibWxPay\\Pay::class, $this->at, $this);\n    }\n";

/// Two calls each, one after the other.
const IN_ONE: &str = r#"    /**
     * Sends a file; what is signed is $meta, made when it is not given. Options as for call.
     *
     * @param mixed $meta its digest must be the file's
     * @throws \LibWxPay\WxPayException
     */
    public function upload(string $url, string $filename, string $file, string $contentType = '', $meta = null, array $options = []): \LibWxPay\Message
    {
        return $this->send($this->with(\LibWxPay\Message::newUpload($url, $meta, $filename, $contentType, $file), $options));
    }

    /** Downloads to a file, which is there only when all of it was right; as Download::save. */
    public function downloadTo(string $source, string $path, ?callable $progress = null): void
    {
        $this->downloadOpen($source)->save($path, $progress);
    }

    /** Downloads a bill of any size. No row is given before all of it was right. */
    public function bill(string $source): \LibWxPay\Bill
    {
        return \LibWxPay\Bill::openDownload($this->downloadOpen($source));
    }

    /**
     * API v2: signs, sends and verifies. On failure look at the exception's outcome() before anything is sent again.
     *
     * @param array<string, string|int>|string $fields
     * @return array{response: \LibWxPay\Message, json: array} the answer and its fields
     * @throws \LibWxPay\WxPayException
     */
    public function v2Call(string $path, $fields, string $signType = ''): array
    {
        return $this->v2Send($this->v2Prepare($path, $signType, $fields));
    }

    /** The fields of a notification of API v2, verified. Confirm it with an order query. */
    public function v2Notification(string $body): array
    {
        $received = \LibWxPay\Message::newResponse(200, $body);
        return self::invoke('wxpay_v2_check', ['json'], $this->at, null, $received->at);
    }
"#;

/// 1 and 0 in C, a boolean here.
const FLAGS: &[&str] = &["wxpay_error_retryable"];

fn verb_method(verb: &str, has_body: bool) -> String {
    let (parameter, argument) = match has_body {
        true => ("$body = null, ", "$body"),
        false => ("", "null"),
    };
    let method = verb.to_ascii_uppercase();
    format!(
        "    /**\n     * As call; body and options as there.\n     * @throws \\LibWxPay\\WxPayException\n     */\n    \
         public function {verb}(string $url, {parameter}array $options = []): \\LibWxPay\\Message\n    {{\n        \
         return $this->call('{method}', $url, {argument}, $options);\n    }}\n"
    )
}

/// Where the class of this name lies below `src`, and what is in the file.
pub fn file(class: &str, php: &str, methods: &[&Method]) -> (String, String) {
    let mut bodies: Vec<String> = methods.iter().map(|method| one(class, method)).collect();
    if class == "client" {
        bodies.extend(
            VERBS
                .iter()
                .map(|(verb, has_body)| verb_method(verb, *has_body)),
        );
        bodies.extend([IN_ONE.to_owned(), PAY.to_owned()]);
    }
    let bodies = bodies.join("\n");
    let Some((_, free, says)) = WHOLE.iter().find(|(whole, _, _)| *whole == class) else {
        let head = head(
            "LibWxPay\\Generated",
            &format!("The thin methods of {php}: a name and one call."),
        );
        let content = format!("{head}/** @internal */\ntrait {php}Methods\n{{\n{bodies}}}\n");
        return (format!("Generated/{php}Methods"), content);
    };
    let path = qualified(php)["\\LibWxPay\\".len()..].replace('\\', "/");
    let namespace = match path.contains('/') {
        true => "LibWxPay\\Primitives",
        false => "LibWxPay",
    };
    let free = match free.is_empty() {
        true => String::new(),
        false => format!("    protected const FREE = '{free}';\n\n"),
    };
    let head = head(namespace, says);
    let content =
        format!("{head}final class {php} extends \\LibWxPay\\Native\n{{\n{free}{bodies}}}\n");
    (path, content)
}

fn one(class: &str, method: &Method) -> String {
    let in_parts = IN_PARTS.contains(&method.function.name.as_str());
    let mut parameters: Vec<String> = parameters(method)
        .into_iter()
        .map(|(ty, name)| format!("{ty} {name}"))
        .collect();
    if in_parts {
        parameters = vec!["string $method, string $url, $body = null, array $options = []".into()];
    }
    let returns = returns(method);
    let keyword = if is_static(method) {
        "public static function"
    } else {
        "public function"
    };
    let body = if class == "error" {
        match method.gives.first().map(|value| value.kind) {
            Some(Kind::Json) => format!(
                // An error in a catch block helps nobody.
                "try {{\n            return \\LibWxPay\\Json::decode($this->fields['{}']);\n        \
                 }} catch (\\JsonException $unreadable) {{\n            return null;\n        }}",
                method.name
            ),
            _ if is_flag(method) => format!("return $this->fields['{}'] === 1;", method.name),
            _ => format!("return $this->fields['{}'];", method.name),
        }
    } else if returns == "void" {
        format!("{};", expression(method))
    } else {
        format!("return {};", expression(method))
    };
    let first = match in_parts {
        true => "$request = $this->request($method, $url, $body, $options);\n        ",
        false => "",
    };
    format!(
        "{}    {keyword} {}{signature}{first}{body}\n    }}\n",
        comment(method),
        camel(method.name),
        signature = signature(&parameters, &returns)
    )
}

/// PHP before 8.2 takes an attribute for a comment: it stands on a line of its own.
fn signature(parameters: &[String], returns: &str) -> String {
    if parameters
        .iter()
        .any(|parameter| parameter.starts_with('#'))
    {
        let lines = parameters.join(",\n        ");
        return format!("(\n        {lines}\n    ): {returns} {{\n        ");
    }
    format!("({}): {returns}\n    {{\n        ", parameters.join(", "))
}

fn comment(method: &Method) -> String {
    let function = method.function;
    let mut text = function.text.replace("*/", "* /");
    if is_flag(method) {
        text = text.replace("1: ", "True: ");
    }
    let mut lines = wrapped(&text);
    lines.push(format!("{}; I/O: {}.", function.name, function.io));
    if let [_, _, ..] = method.gives.as_slice() {
        let shape: Vec<String> = method
            .gives
            .iter()
            .map(|value| format!("{}: {}", output(value), php_type(value)))
            .collect();
        lines.push(format!("@return array{{{}}}", shape.join(", ")));
    }
    if function.has_error() {
        lines.push("@throws \\LibWxPay\\WxPayException".to_owned());
    }
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("     * {line}\n"))
        .collect();
    format!("    /**\n{}     */\n", lines.concat())
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + word.chars().count() < 110 {
            write!(line, " {word}").unwrap();
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn expression(method: &Method) -> String {
    let name = &method.function.name;
    let mut arguments = vec![format!("'{name}'")];
    let getter = !method.function.has_error();
    if !getter {
        arguments.push(match method.gives.as_slice() {
            [] => "[]".to_owned(),
            [only] => format!("[{}]", kind(only)),
            many => {
                let named: Vec<String> = many
                    .iter()
                    .map(|value| format!("'{}' => {}", output(value), kind(value)))
                    .collect();
                format!("[{}]", named.join(", "))
            }
        });
    }
    for slot in &method.call {
        match slot {
            Slot::Receiver => arguments.push("$this->at".to_owned()),
            Slot::Nobody(_) => arguments.push("null".to_owned()),
            Slot::Text(name) | Slot::Bytes(name) => {
                arguments.push(variable(name));
                arguments.push(format!("\\strlen({})", variable(name)));
            }
            Slot::Json(name) => {
                let encoded = format!("({} = \\LibWxPay\\Json::encode({0}))", variable(name));
                arguments.push(encoded);
                arguments.push(format!("\\strlen({})", variable(name)));
            }
            Slot::Number(name, _) => arguments.push(variable(name)),
            Slot::Handle(name, _) => arguments.push(format!("{}->at", variable(name))),
            Slot::Now => arguments.push("0".to_owned()),
            Slot::Out(_) | Slot::Error => {}
        }
    }
    let helper = match (getter, method.gives.first().map(|value| value.kind)) {
        (false, _) => "invoke",
        (true, Some(Kind::Json)) => "readJson",
        (true, Some(Kind::Bytes)) => "readBytes",
        (true, _) => "read",
    };
    format!("self::{helper}({})", arguments.join(", "))
}

/// Its name among several.
fn output<'a>(value: &Value<'a>) -> &'a str {
    match value.name {
        // The signed message, or the one to be signed.
        "out" => "request",
        name => name,
    }
}

/// What `Native::invoke` is told of an output.
fn kind(value: &Value) -> String {
    match value.kind {
        Kind::Handle(class) | Kind::BorrowedHandle(class) => {
            format!("{}::class", named(class))
        }
        Kind::Json => "'json'".to_owned(),
        _ => "'bytes'".to_owned(),
    }
}

fn is_flag(method: &Method) -> bool {
    FLAGS.contains(&method.function.name.as_str())
}

fn returns(method: &Method) -> String {
    match method.gives.as_slice() {
        [] => "void".into(),
        _ if is_flag(method) => "bool".into(),
        // Only getters have JSON that may be absent.
        [only] if only.kind == Kind::Json && method.function.has_error() => "array".into(),
        [only] => php_type(only),
        _ => "array".into(),
    }
}

fn php_type(value: &Value) -> String {
    match value.kind {
        Kind::Handle(class) => named(class),
        Kind::BorrowedHandle(_) => "?\\LibWxPay\\Message".into(),
        Kind::Text | Kind::Bytes => "string".into(),
        Kind::OptionalText => "?string".into(),
        Kind::Json => "?array".into(),
        Kind::Number(_) => "int".into(),
        Kind::OptionalNumber => "?int".into(),
    }
}

pub fn named(name: &str) -> String {
    qualified(class(name).1)
}

/// With its namespace, so that no file needs `use`.
fn qualified(php: &str) -> String {
    match php {
        "Key" | "Primitives" => format!("\\LibWxPay\\Primitives\\{php}"),
        _ => format!("\\LibWxPay\\{php}"),
    }
}
