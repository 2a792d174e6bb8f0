//! `NativeMethods.g.cs`: every export for P/Invoke, and a SafeHandle for each opaque type. Texts
//! are `byte[]` and a length: `LPStr` would be another encoding on another system.

use std::fmt::Write as _;

use super::words::{camel, pascal};
use crate::ctype::Type;
use crate::model::{Api, Function, Param, Role};

pub fn text(api: &Api) -> String {
    let mut out = String::from(
        "using System;\nusing System.Runtime.InteropServices;\n\n[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]\n\nnamespace LibWxPay\n{\n    internal static class NativeMethods\n    {\n        // No call reaches the system's own search for a library: the file is chosen and loaded before.\n        static NativeMethods() { Loader.Load(); }\n",
    );
    for function in &api.functions {
        declaration(function, &mut out);
    }
    out.push_str("    }\n");
    for (name, _) in &api.opaque {
        let class = handle(name);
        let _ = write!(
            out,
            "\n    internal sealed class {class} : NativeHandle\n    {{\n        protected override void Free(IntPtr it) {{ NativeMethods.{name}_free(it); }}\n    }}\n"
        );
    }
    out.push_str("}\n");
    out
}

fn declaration(function: &Function, out: &mut String) {
    let returns = match &function.returns {
        Type::Void => "void",
        Type::Int64 => "long",
        Type::Uint32 => "uint",
        Type::Size => "UIntPtr",
        Type::Status | Type::Int32 => "int",
        _ => "IntPtr",
    };
    let parameters: Vec<String> = function.params.iter().map(parameter).collect();
    let _ = write!(
        out,
        "\n        [DllImport(Loader.Name, CallingConvention = CallingConvention.Cdecl)]\n        internal static extern {returns} {}({});\n",
        function.name,
        parameters.join(", ")
    );
}

fn parameter(param: &Param) -> String {
    let ty = match (&param.ty, param.role) {
        (_, Role::ReleasedHandle) => "IntPtr".to_owned(),
        (Type::Text | Type::Bytes, _) => "byte[]".to_owned(),
        (Type::Into, _) => "[Out] byte[]".to_owned(),
        (Type::Size, _) => "UIntPtr".to_owned(),
        (Type::SizeOut, _) => "out UIntPtr".to_owned(),
        (Type::Int64, _) => "long".to_owned(),
        (Type::Uint32, _) => "uint".to_owned(),
        (Type::Handle { name, .. }, _) => handle(name),
        (Type::Out { name }, _) => format!("out {}", handle(name)),
        _ => "int".to_owned(),
    };
    format!("{ty} {}", camel(&param.name))
}

/// `wxpay_client` to `ClientHandle`.
fn handle(name: &str) -> String {
    format!("{}Handle", pascal(name.trim_start_matches("wxpay_")))
}
