//! The API as the generator understands it: every function with what each parameter is for.

use crate::ctype::{self, Type};
use crate::doc::{self, Doc};
use crate::header::{self, Export, Macro};
use crate::refuse;

pub struct Api {
    pub functions: Vec<Function>,
    pub macros: Vec<Macro>,
    /// Name and sentence of each opaque type.
    pub opaque: Vec<(String, String)>,
}

pub struct Function {
    pub name: String,
    pub returns: Type,
    pub params: Vec<Param>,
    pub text: String,
    pub since: String,
    pub threads: String,
    pub io: String,
    /// Statuses besides OK, PANIC and INTERNAL, which any fallible function may return.
    pub errors: Vec<i32>,
}

pub struct Param {
    pub name: String,
    pub ty: Type,
    pub role: Role,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Pointer to UTF-8 text or raw bytes; a length follows.
    InText,
    InBytes,
    /// Number of bytes of the parameter before it.
    Length,
    InHandle,
    /// A handle that the call changes.
    ChangedHandle,
    /// Given up by the caller.
    ReleasedHandle,
    /// Place for an owned handle.
    OutHandle,
    /// Caller's memory that is written; the size that follows is a `Capacity`.
    Into,
    Capacity,
    OutSize,
    Number,
    Error,
}

/// What the caller of a getter owes the pointer it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Numbers and nothing
    Value,
    /// Belongs to the library
    Static,
    /// Belongs to the first handle
    Borrowed,
}

impl Function {
    pub fn has_error(&self) -> bool {
        self.params
            .last()
            .is_some_and(|param| param.role == Role::Error)
    }

    pub fn ownership(&self) -> Ownership {
        let is_pointer = matches!(self.returns, Type::Text | Type::Bytes | Type::Handle { .. });
        match (is_pointer, self.params.first().map(|param| param.role)) {
            (false, _) => Ownership::Value,
            (true, Some(Role::InHandle | Role::ChangedHandle)) => Ownership::Borrowed,
            (true, _) => Ownership::Static,
        }
    }

    pub fn is_free(&self) -> bool {
        self.params
            .iter()
            .any(|param| param.role == Role::ReleasedHandle)
    }

    /// `uint32_t wxpay_abi_version(void)`
    pub fn declaration(&self) -> String {
        let params: Vec<String> = self.params.iter().map(|p| joined(&p.ty, &p.name)).collect();
        let params = if params.is_empty() {
            "void".to_owned()
        } else {
            params.join(", ")
        };
        format!("{}({params})", joined(&self.returns, &self.name))
    }
}

fn joined(ty: &Type, name: &str) -> String {
    let ty = ty.c();
    let space = if ty.ends_with('*') { "" } else { " " };
    format!("{ty}{space}{name}")
}

impl Param {
    /// NULL is allowed, by its `@param`.
    pub fn is_nullable(&self) -> bool {
        self.text.contains("NULL")
    }

    /// What a getter answers for NULL: `(gives "")`.
    pub fn gives(&self) -> Option<&str> {
        let rest = &self.text[self.text.find("(gives ")? + "(gives ".len()..];
        rest.find(')').map(|end| &rest[..end])
    }
}

impl Api {
    /// Name without prefix, and number.
    pub fn statuses(&self) -> impl Iterator<Item = (&str, i32)> {
        self.macros.iter().filter_map(|m| {
            let name = m.name.strip_prefix("WXPAY_STATUS_")?;
            Some((name, m.value.parse().ok()?))
        })
    }

    pub fn number(&self, name: &str) -> Option<u32> {
        self.macros
            .iter()
            .find(|m| m.name == name)?
            .value
            .parse()
            .ok()
    }

    /// Major and minor, as `wxpay_abi_version` packs them.
    pub fn version(&self) -> (u32, u32) {
        let part = |name| self.number(name).unwrap_or(0);
        (part("WXPAY_VERSION_MAJOR"), part("WXPAY_VERSION_MINOR"))
    }

    pub fn has(&self, function: &str) -> bool {
        self.functions.iter().any(|f| f.name == function)
    }
}

/// Everything that is wrong with the header, or its API.
pub fn api(text: &str) -> Result<Api, Vec<String>> {
    let header = header::split(text).map_err(|why| vec![why])?;
    let opaque: Vec<String> = header.opaque.iter().map(|(name, _)| name.clone()).collect();
    let mut refusals = Vec::new();
    let mut functions = Vec::new();
    for export in &header.exports {
        match function(export, &opaque) {
            Ok(function) => functions.push(function),
            Err(reasons) => refusals.extend(reasons),
        }
    }
    let api = Api {
        functions,
        macros: header.macros,
        opaque: header.opaque,
    };
    refusals.extend(refuse::whole(&api));
    if refusals.is_empty() {
        Ok(api)
    } else {
        Err(refusals)
    }
}

fn function(export: &Export, opaque: &[String]) -> Result<Function, Vec<String>> {
    let (returns, name, declared) = declaration(&export.declaration)
        .ok_or_else(|| vec![format!("cannot read: {}", export.declaration)])?;
    let named = |why: String| vec![format!("{name}: {why}")];
    let doc = doc::parse(&export.comment).map_err(named)?;
    let returns = Type::parse(returns, opaque)
        .ok_or_else(|| named(format!("returns {returns}, which is not an ABI type")))?;
    let mut params: Vec<Param> = Vec::new();
    for declared in declared {
        let (ty, param) = ctype::split_name(declared)
            .ok_or_else(|| named(format!("a parameter without a name: {declared}")))?;
        let ty = Type::parse(ty, opaque)
            .filter(|ty| *ty != Type::Void)
            .ok_or_else(|| named(format!("{param} is {ty}, which is not an ABI type")))?;
        let documented = doc.param(param);
        let role = role(&ty, name, param, documented.is_some(), params.last());
        let text = documented.map(|d| d.text.clone()).unwrap_or_default();
        params.push(Param {
            name: param.to_owned(),
            ty,
            role,
            text,
        });
    }
    let errors = doc.errors.as_deref().unwrap_or_default();
    let numbers: Result<Vec<i32>, _> = match errors {
        "none" => Ok(Vec::new()),
        list => list
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::parse)
            .collect(),
    };
    let errors = numbers.map_err(|_| {
        named(format!(
            "@errors is {errors:?}; it must be \"none\" or numbers"
        ))
    })?;
    let reasons = refuse::comment(name, &doc, &params);
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let Doc {
        text,
        since,
        threads,
        io,
        ..
    } = doc;
    Ok(Function {
        name: name.to_owned(),
        returns,
        params,
        text,
        since: since.unwrap_or_default(),
        threads: threads.unwrap_or_default(),
        io: io.unwrap_or_default(),
        errors,
    })
}

/// Return type, name and the parameters as declared.
fn declaration(text: &str) -> Option<(&str, &str, Vec<&str>)> {
    let (head, tail) = text.split_once('(')?;
    let inside = tail.trim().strip_suffix(')')?.trim();
    let (returns, name) = ctype::split_name(head.trim())?;
    let params = if inside == "void" {
        Vec::new()
    } else {
        inside.split(',').map(str::trim).collect()
    };
    Some((returns, name, params))
}

fn role(ty: &Type, function: &str, name: &str, documented: bool, before: Option<&Param>) -> Role {
    match ty {
        Type::Text => Role::InText,
        Type::Bytes => Role::InBytes,
        Type::Into => Role::Into,
        Type::SizeOut => Role::OutSize,
        Type::Out { name: of } if of == "wxpay_error" => Role::Error,
        Type::Out { .. } => Role::OutHandle,
        Type::Handle { is_const: true, .. } => Role::InHandle,
        Type::Handle { name: of, .. } if function == format!("{of}_free") => Role::ReleasedHandle,
        Type::Handle { .. } => Role::ChangedHandle,
        Type::Size => match before {
            Some(before) if before.role == Role::Into => Role::Capacity,
            Some(before)
                if matches!(before.role, Role::InText | Role::InBytes)
                    && name == format!("{}_len", before.name)
                    && !documented =>
            {
                Role::Length
            }
            _ => Role::Number,
        },
        _ => Role::Number,
    }
}
