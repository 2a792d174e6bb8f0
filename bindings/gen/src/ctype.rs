//! The shapes a signature may use (design.md §1.1): pointers to opaque types, text, bytes and
//! fixed-width numbers. No struct by value, no `bool`, `long` or `int`.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Void,
    Status,
    Int32,
    Int64,
    Uint32,
    Size,
    /// `const char *`
    Text,
    /// `const uint8_t *`
    Bytes,
    /// `uint8_t *`: memory of the caller that is written
    Into,
    /// `size_t *`
    SizeOut,
    /// `const T *` or `T *`
    Handle {
        name: String,
        is_const: bool,
    },
    /// `T **`
    Out {
        name: String,
    },
}

impl Type {
    /// `opaque` are the types that the header declares.
    pub fn parse(text: &str, opaque: &[String]) -> Option<Type> {
        let spaced = text.replace('*', " * ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let known = |name: &str| opaque.iter().any(|o| o == name).then(|| name.to_owned());
        Some(match words.as_slice() {
            ["void"] => Type::Void,
            ["wxpay_status"] => Type::Status,
            ["int32_t"] => Type::Int32,
            ["int64_t"] => Type::Int64,
            ["uint32_t"] => Type::Uint32,
            ["size_t"] => Type::Size,
            ["const", "char", "*"] => Type::Text,
            ["const", "uint8_t", "*"] => Type::Bytes,
            ["uint8_t", "*"] => Type::Into,
            ["size_t", "*"] => Type::SizeOut,
            ["const", name, "*"] => Type::Handle {
                name: known(name)?,
                is_const: true,
            },
            [name, "*"] => Type::Handle {
                name: known(name)?,
                is_const: false,
            },
            [name, "*", "*"] => Type::Out { name: known(name)? },
            _ => return None,
        })
    }

    /// As C writes it.
    pub fn c(&self) -> String {
        match self {
            Type::Void => "void".into(),
            Type::Status => "wxpay_status".into(),
            Type::Int32 => "int32_t".into(),
            Type::Int64 => "int64_t".into(),
            Type::Uint32 => "uint32_t".into(),
            Type::Size => "size_t".into(),
            Type::Text => "const char *".into(),
            Type::Bytes => "const uint8_t *".into(),
            Type::Into => "uint8_t *".into(),
            Type::SizeOut => "size_t *".into(),
            Type::Handle {
                name,
                is_const: true,
            } => format!("const {name} *"),
            Type::Handle {
                name,
                is_const: false,
            } => format!("{name} *"),
            Type::Out { name } => format!("{name} **"),
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Type::Status | Type::Int32 | Type::Int64 | Type::Uint32 | Type::Size
        )
    }
}

/// `const char *url` to its type and name.
pub fn split_name(declared: &str) -> Option<(&str, &str)> {
    let at = declared.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))? + 1;
    let (of, name) = declared.split_at(at);
    (!name.is_empty() && !of.trim().is_empty()).then_some((of.trim(), name))
}
