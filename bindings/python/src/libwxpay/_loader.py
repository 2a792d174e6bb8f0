"""Finds the native library, by absolute path only.

A name without a path would be looked up in LD_LIBRARY_PATH and the like, which whoever starts the
process can fill with a library of his own.
"""

import ctypes
import os
import platform
import stat
from typing import List, Optional, Tuple

NAME = "libwxpay.so.0"
KINDS = ("", "64", "/x86_64-linux-gnu", "/aarch64-linux-gnu")
DIRECTORIES = [f"/usr/local/lib{kind}" for kind in KINDS] + [f"/usr/lib{kind}" for kind in reversed(KINDS)]
INSTALL = "Install the package's wheel, which has the library inside, or build it and put it into /usr/local/lib."
#: e_machine of an ELF header, as `platform.machine` says it.
MACHINES = {3: "i386", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64", 258: "loongarch64"}
AT_SECURE = 23


class LibraryError(ImportError):
    """The native library cannot be used."""


class Loaded:
    """Which file was loaded, and whether WXPAY_LIBRARY chose it."""

    path = ""
    by_environment = False


def load(major: int, minor: int) -> ctypes.CDLL:
    """The library, once it has been shown that it speaks this ABI."""
    paths, Loaded.by_environment = _candidates()
    tried: List[str] = []
    for path in paths:
        try:
            library = ctypes.CDLL(path)
            version = library.wxpay_abi_version
        except (OSError, AttributeError) as error:
            tried.append(f"{path}{_built_for(path)}: {error}")
            continue
        version.restype = ctypes.c_uint32
        has = (version() >> 16, version() & 0xFFFF)
        if has[0] != major or has[1] < minor:
            cure = f"This package needs ABI {major}.{minor} or a later {major}.x. {INSTALL}"
            raise _refused([f"{path}: it has ABI {has[0]}.{has[1]}"], cure)
        Loaded.path = path
        return library
    if not tried:
        raise _refused([f"there is no {NAME} beside the package or in {', '.join(DIRECTORIES)}"], INSTALL)
    raise _refused(tried, f"The file must be {NAME} for this machine. {INSTALL}")


def _candidates() -> Tuple[List[str], bool]:
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), NAME)
    if os.path.lexists(beside):
        return [beside], False
    named = os.environ.get("WXPAY_LIBRARY")
    if named and not _is_privileged():
        wrong = _wrong(named)
        if wrong:
            raise _refused([f"WXPAY_LIBRARY={named}: {wrong}"], "Name such a file, or unset WXPAY_LIBRARY.")
        return [named], True
    paths = [os.path.join(directory, NAME) for directory in DIRECTORIES]
    return [path for path in paths if os.path.lexists(path)], False


def _wrong(path: str) -> Optional[str]:
    if not os.path.isabs(path):
        return "the path must be absolute"
    try:
        file = os.stat(path)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if not stat.S_ISREG(file.st_mode):
        return "it must be a regular file"
    if file.st_uid not in (0, os.geteuid()):
        return f"it belongs to the user {file.st_uid}, neither to root nor to the user of this process"
    if file.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "group or others may write to it; chmod go-w"
    return None


def _is_privileged() -> bool:
    """The environment is not this process's own: set-user-id and the like."""
    if os.getuid() != os.geteuid() or os.getgid() != os.getegid():
        return True
    try:
        return bool(ctypes.CDLL(None).getauxval(ctypes.c_ulong(AT_SECURE)))
    except AttributeError:
        return False


def _built_for(path: str) -> str:
    try:
        with open(path, "rb") as file:
            header = file.read(20)
    except OSError:
        return ""
    if header[:4] != b"\x7fELF":
        return " (not an ELF file)"
    machine = int.from_bytes(header[18:20], "big" if header[5] == 2 else "little")
    return f" (built for {MACHINES.get(machine, machine)})"


def _refused(tried: List[str], cure: str) -> LibraryError:
    process = f"{platform.machine()}, {8 * ctypes.sizeof(ctypes.c_void_p)} bits, {platform.system()}"
    tries = "; ".join(tried)
    return LibraryError(f"libwxpay cannot load its native library. Tried {tries}. This process: {process}. {cure}")
