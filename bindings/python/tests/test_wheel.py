"""The wheel, in an environment that has nothing else: only the library inside is there."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import LIBRARY, PACKAGE, environment


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    script = [str(PACKAGE / "make_wheel.sh"), LIBRARY, str(out)]
    done = subprocess.run(["sh", *script], env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (made,) = out.glob("*.whl")
    assert done.stdout == f"{made}\n"
    return made


@pytest.fixture(scope="module")
def clean(wheel, tmp_path_factory):
    """A Python with this wheel and nothing else."""
    directory = tmp_path_factory.mktemp("clean")
    venv.create(directory, with_pip=True)
    pip = [
        str(directory / "bin" / "pip"),
        "--disable-pip-version-check",
        "install",
        "--no-index",
        "--quiet",
        str(wheel),
    ]
    subprocess.run(pip, check=True, env=environment(PYTHONPATH=None, WXPAY_LIBRARY=None, PIP_FIND_LINKS=None))
    return directory / "bin" / "python"


def run(clean, *args, **env):
    env = environment(PYTHONPATH=None, WXPAY_LIBRARY=None, **env)
    return subprocess.run([str(clean), *args], env=env, cwd="/", capture_output=True, text=True, timeout=60)


def test_its_name_says_what_it_is_for(wheel):
    import libwxpay

    assert wheel.name == f"libwxpay-{libwxpay.version()}-py3-none-manylinux_2_17_x86_64.whl"
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
        metadata = file.read(f"libwxpay-{libwxpay.version()}.dist-info/METADATA").decode()
        assert file.read("libwxpay/libwxpay.so.0") == Path(LIBRARY).read_bytes()
        tags = file.read(f"libwxpay-{libwxpay.version()}.dist-info/WHEEL").decode()
    assert "Tag: py3-none-manylinux_2_17_x86_64\n" in tags and "Root-Is-Purelib: false" in tags
    assert "Requires-Python: >=3.8" in metadata and "Requires-Dist" not in metadata
    sources = {f"libwxpay/{name}" for name in os.listdir(PACKAGE / "src" / "libwxpay") if name != "__pycache__"}
    assert {name for name in names if ".dist-info/" not in name} == sources | {"libwxpay/libwxpay.so.0"}
    assert "libwxpay/py.typed" in names


def test_it_loads_the_library_inside(clean):
    done = run(
        clean, "-c", "import libwxpay; i = libwxpay.build_info(); print(i['library'], i['chosen_by_environment'])"
    )
    assert done.stderr == ""
    path, by_environment = done.stdout.split()
    assert path.startswith(str(clean.parent.parent)) and path.endswith("/libwxpay/libwxpay.so.0")
    assert by_environment == "False"


def test_the_journey_from_it(sim, clean):
    done = run(clean, str(PACKAGE / "tests" / "journey.py"), str(sim.dir), SSL_CERT_FILE=sim.ca)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.endswith("\npython: ok (8 steps)\n")


def test_its_types_are_seen(clean, tmp_path):
    """A user's program, checked against what is installed."""
    program = tmp_path / "program.py"
    program.write_text(
        "from libwxpay import Client, Response\n"
        "client = Client(mchid='1')\n"
        "answer: Response = client.get('/v3/x', timeout_ms=5)\n"
        "total: str = answer.status\n"
        "client.get('/v3/x', timeout=5)\n"
    )
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--cache-dir",
        str(tmp_path),
        "--python-executable",
        str(clean),
    ]
    done = subprocess.run([*command, str(program)], env=environment(PYTHONPATH=None), capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if "error:" in line]
    assert [line.split(":")[1] for line in lines] == ["4", "5"], done.stdout + done.stderr
