"""old_binding.py DIR LIBRARY: the declarations that Python's package had in a release (DIR/_abi.py)
with the library of now. Every function of then is found, and these do what they did."""

import ctypes
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

old, library = Path(sys.argv[1]), sys.argv[2]
os.environ["WXPAY_LIBRARY"] = library
sources = Path(__file__).resolve().parents[2] / "bindings/python/src/libwxpay"
with tempfile.TemporaryDirectory() as work:
    package = Path(work) / "old"
    package.mkdir()
    (package / "__init__.py").write_text("")
    shutil.copy(sources / "_loader.py", package)
    shutil.copy(old / "_abi.py", package)
    sys.path.insert(0, work)
    abi = importlib.import_module("old._abi")

functions = [name for name in vars(abi) if name.startswith("wxpay_")]
found, error = abi.c_void_p(), abi.c_void_p()
assert abi.wxpay_abi_version() >> 16 == abi.ABI_MAJOR
assert abi.wxpay_selftest(error) == 0 and not error
# The string of WeChat Pay's documents: five lines, each with its end.
parts = [b"GET", b"/v3/certificates", b"1554208460", b"593BEC0C930BF1AFEB40B4A08C8FB242", b""]
lengths = [one for part in parts for one in (part, len(part))]
assert abi.wxpay_canonical_request(*lengths, found, error) == 0
text = ctypes.string_at(abi.wxpay_buf_data(found), abi.wxpay_buf_len(found))
assert text == b"".join(part + b"\n" for part in parts), text
abi.wxpay_buf_free(found)
# A failure is an object with its status, then as now.
assert abi.wxpay_key_load(b"x", 1, None, 0, found, error) == 111 and not found
assert abi.wxpay_error_status(error) == 111 and abi.wxpay_error_hint(error)
assert abi.wxpay_error_outcome(None) == 0
abi.wxpay_error_free(error)
print(f"{len(functions)} functions of {old.name}, ok")
