"""The native library is found by absolute path only (safety.md S17)."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import LIBRARY, SOURCES, python

IMPORT = "import libwxpay; info = libwxpay.build_info(); print(info['library'], info['chosen_by_environment'])"

#: A library that says on being loaded that it was.
DECOY = """
#include <stdint.h>
#include <stdio.h>
__attribute__((constructor)) static void loaded(void) { FILE *f = fopen("%s", "w"); if (f) fclose(f); }
uint32_t wxpay_abi_version(void) { return %d; }
"""


def build(path, mark, version=1):
    source = path.with_suffix(".c")
    source.write_text(DECOY % (mark, version))
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(path), str(source)], check=True)
    path.chmod(0o755)
    return path


@pytest.fixture
def package(tmp_path):
    """A copy of the package, to put a library beside it."""
    shutil.copytree(
        SOURCES / "libwxpay", tmp_path / "package" / "libwxpay", ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path / "package"


def installed():
    from libwxpay._loader import DIRECTORIES, NAME

    return [directory for directory in DIRECTORIES if os.path.exists(os.path.join(directory, NAME))]


def refusal(done, *words):
    """One line that names everything."""
    assert done.returncode == 1, done.stdout
    line = done.stderr.splitlines()[-1]
    assert line.startswith("libwxpay._loader.LibraryError: libwxpay cannot load its native library."), done.stderr
    for word in (*words, f"{os.uname().machine}, 64 bits, Linux"):
        assert word in line, line


def test_the_environment_names_it():
    done = python(IMPORT)
    assert (done.stdout, done.stderr) == (f"{LIBRARY} True\n", "")


def test_the_one_beside_the_package_comes_first_and_is_the_only_one(package, tmp_path):
    beside = package / "libwxpay" / "libwxpay.so.0"
    shutil.copy(LIBRARY, beside)
    done = python(IMPORT, PYTHONPATH=package, WXPAY_LIBRARY=build(tmp_path / "other.so", tmp_path / "mark"))
    assert (done.stdout, done.stderr) == (f"{beside} False\n", "")
    beside.write_text("broken")
    refusal(python(IMPORT, PYTHONPATH=package), str(beside), "not an ELF file", "Install the package's wheel")
    beside.unlink()
    beside.symlink_to(tmp_path / "nowhere")
    refusal(python(IMPORT, PYTHONPATH=package), str(beside), "No such file")
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("named", [LIBRARY, None])
def test_decoys_are_never_loaded(tmp_path, named):
    mark, here = tmp_path / "mark", tmp_path / "here"
    here.mkdir()
    for name in ("libwxpay.so.0", "libwxpay.so", "libwxpay", "wxpay.so"):
        build(here / name, mark)
    search = f"{here}:{os.environ['PATH']}"
    # With -c Python itself would import libwxpay.so from there as a module.
    done = python(
        "import sys; sys.path.remove(''); " + IMPORT,
        cwd=here,
        LD_LIBRARY_PATH=here,
        PATH=search,
        HOME=here,
        WXPAY_LIBRARY=named,
    )
    assert not mark.exists()
    if named:
        assert done.stdout == f"{named} True\n"
    elif not installed():
        refusal(done, "there is no libwxpay.so.0 beside the package or in /usr/local/lib, ")
    # The decoy does what it says when it is really loaded.
    python("import ctypes, sys; ctypes.CDLL(sys.argv[1])", here / "libwxpay.so.0")
    assert mark.exists()


def test_a_relative_path_is_refused(tmp_path):
    build(tmp_path / "libwxpay.so.0", tmp_path / "mark")
    for relative in ("libwxpay.so.0", "./libwxpay.so.0"):
        done = python(IMPORT, cwd=tmp_path, WXPAY_LIBRARY=relative)
        refusal(done, f"WXPAY_LIBRARY={relative}", "must be absolute", "unset WXPAY_LIBRARY")
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_a_file_that_others_may_write_to_is_refused(tmp_path, mode):
    library = build(tmp_path / "libwxpay.so.0", tmp_path / "mark")
    library.chmod(mode)
    refusal(python(IMPORT, WXPAY_LIBRARY=library), str(library), "group or others may write", "chmod go-w")
    assert not (tmp_path / "mark").exists()


def test_a_file_of_another_user_is_refused(tmp_path, monkeypatch):
    from libwxpay import _loader

    path = build(tmp_path / "libwxpay.so.0", tmp_path / "mark")
    assert _loader._wrong(str(path)) is None
    if os.geteuid() == 0:
        os.chown(path, 65534, -1)
        refusal(python(IMPORT, WXPAY_LIBRARY=path), str(path), "belongs to the user 65534")
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 65534)
        assert "belongs to the user" in _loader._wrong(str(path))
    assert not (tmp_path / "mark").exists()


def test_what_is_no_file_is_refused(tmp_path):
    refusal(python(IMPORT, WXPAY_LIBRARY=tmp_path), "must be a regular file")
    refusal(python(IMPORT, WXPAY_LIBRARY=tmp_path / "missing.so"), "missing.so", "No such file or directory")


def test_another_machines_library_is_named(tmp_path):
    foreign = tmp_path / "libwxpay.so.0"
    content = bytearray(Path(LIBRARY).read_bytes())
    content[18:20] = (183 if os.uname().machine == "x86_64" else 62).to_bytes(2, "little")
    foreign.write_bytes(content)
    foreign.chmod(0o755)
    other = "aarch64" if os.uname().machine == "x86_64" else "x86_64"
    refusal(python(IMPORT, WXPAY_LIBRARY=foreign), str(foreign), f"built for {other}", "for this machine")


@pytest.mark.parametrize(("version", "shown"), [(0, "0.0"), (1 << 16, "1.0")])
def test_another_abi_is_named(tmp_path, version, shown):
    library = build(tmp_path / "libwxpay.so.0", tmp_path / "mark", version)
    done = python(IMPORT, WXPAY_LIBRARY=library)
    refusal(done, str(library), f"it has ABI {shown}", "needs ABI 0.1 or a later 0.x")


def test_a_library_that_is_not_ours_is_named(tmp_path):
    other = tmp_path / "libwxpay.so.0"
    (tmp_path / "other.c").write_text("int other(void) { return 1; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(other), str(tmp_path / "other.c")], check=True)
    other.chmod(0o755)
    refusal(python(IMPORT, WXPAY_LIBRARY=other), str(other), "wxpay_abi_version")


def test_a_privileged_process_does_not_look_at_the_environment(monkeypatch):
    from libwxpay import _loader

    monkeypatch.setenv("WXPAY_LIBRARY", LIBRARY)
    assert _loader._candidates() == ([LIBRARY], True)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert LIBRARY not in _loader._candidates()[0]


if os.getuid() == 0:

    def test_a_set_user_id_process_does_not_look_at_the_environment():
        """A copy of Python that belongs to root and is started by nobody."""
        with tempfile.TemporaryDirectory() as directory:
            os.chmod(directory, 0o755)
            copy = Path(directory) / "python"
            shutil.copy(os.path.realpath(sys.executable), copy)
            mark = Path(directory) / "mark"
            library = build(Path(directory) / "libwxpay.so.0", mark)
            env = {"PYTHONHOME": sys.base_prefix, "PYTHONPATH": str(SOURCES), "WXPAY_LIBRARY": str(library)}

            def start(mode, user):
                copy.chmod(mode)
                command = [str(copy), "-B", "-c", IMPORT]
                subprocess.run(command, cwd="/", env=env, preexec_fn=lambda: os.setuid(user), capture_output=True)
                return mark.exists()

            assert not start(0o4755, 65534)
            # The same file without the bit, started by root, does load it.
            assert start(0o755, 0)
