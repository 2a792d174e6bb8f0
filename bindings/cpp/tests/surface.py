"""Every public name of namespace wxpay, as clang reads wxpay.hpp, against surface.txt.

`surface.py` compares and prints "N names, as committed"; `surface.py --bless` writes the file. Nothing that signs,
verifies or decrypts by itself may stand outside wxpay::primitives (S28), and nothing takes a time (S12).
"""

import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
# What the headers need among themselves, and what carries a class's base.
INTERNAL = {"detail"}
ALONE = re.compile(r"^(key$|key_(?!id$)|canonical_|sign$|verify$|aead_|oaep_)", re.IGNORECASE)


def declarations():
    """The parts of the tree whose name contains wxpay, as clang prints them one after another."""
    command = ["clang++", "-std=c++17", "-fsyntax-only", f"-I{ROOT}/include", f"-I{HERE}/../include",
               "-Xclang", "-ast-dump=json", "-Xclang", "-ast-dump-filter=wxpay", "-x", "c++", "-"]
    text = subprocess.run(command, input="#include <wxpay/wxpay.hpp>\n", capture_output=True, check=True, text=True).stdout
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        node, at = decoder.raw_decode(text, at)
        yield node
        while at < len(text) and text[at].isspace():
            at += 1


def walk(node, scope, names, arguments):
    access = "public" if node.get("tagUsed") == "struct" else "private"
    for child in node.get("inner", []):
        kind, name = child.get("kind"), child.get("name", "")
        if kind == "AccessSpecDecl":
            access = child["access"]
        if node["kind"] == "CXXRecordDecl" and access != "public" or child.get("isImplicit"):
            continue
        if kind == "NamespaceDecl" and name not in INTERNAL:
            walk(child, f"{scope}::{name}", names, arguments)
        elif kind in ("CXXRecordDecl", "EnumDecl") and (child.get("completeDefinition") or kind == "EnumDecl"):
            names.add(f"{scope}::{name}")
            walk(child, f"{scope}::{name}", names, arguments)
        elif kind == "ClassTemplateDecl":
            names.add(f"{scope}::{name}<>")
            record = next(inner for inner in child["inner"] if inner["kind"] == "CXXRecordDecl")
            walk(record, f"{scope}::{name}<>", names, arguments)
        elif kind == "FunctionTemplateDecl":
            # The first function is the template, the others are what was made of it.
            function = next(inner for inner in child["inner"] if "type" in inner and inner["kind"] != "NonTypeTemplateParmDecl")
            add(function, scope, names, arguments)
        elif kind in ("FunctionDecl", "CXXMethodDecl", "CXXConstructorDecl", "CXXConversionDecl"):
            if not child.get("explicitlyDeleted") and "previousDecl" not in child:
                add(child, scope, names, arguments)
        elif kind in ("EnumConstantDecl", "VarDecl", "FieldDecl", "TypeAliasDecl"):
            names.add(f"{scope}::{name}")


def add(function, scope, names, arguments):
    kind = "static " if function.get("storageClass") == "static" else ""
    names.add(f"{kind}{scope}::{function['name']}: {function['type']['qualType']}")
    for parameter in function.get("inner", []):
        if parameter["kind"] == "ParmVarDecl" and "name" in parameter:
            arguments.append((f"{scope}::{function['name']}", parameter["name"]))


def main():
    names, arguments = set(), []
    for node in declarations():
        if node["kind"] == "NamespaceDecl" and node["name"] == "wxpay":
            walk(node, "wxpay", names, arguments)
    for name in names:
        last = re.sub(r":? .*", "", name.replace("static ", "")).rsplit("::", 1)[-1]
        if ALONE.match(last) and not re.match(r"(static )?wxpay::(primitives|generated::Key|status)::", name + "::"):
            sys.exit(f"{name} stands outside wxpay::primitives")
    for function, parameter in arguments:
        if parameter == "now":
            sys.exit(f"{function} takes a time")
    text = "".join(f"{name}\n" for name in sorted(names))
    committed = HERE / "surface.txt"
    if sys.argv[1:] == ["--bless"]:
        committed.write_text(text)
    old = set(committed.read_text().splitlines())
    for name in sorted(names ^ old):
        print(("+ " if name in names else "- ") + name)
    if names != old or len(names) < 200:
        sys.exit("the public surface has changed: python3 bindings/cpp/tests/surface.py --bless, and look at the difference")
    print(f"{len(names)} names, as committed")


main()
