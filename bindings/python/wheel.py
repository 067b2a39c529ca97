# Makes a wheel of the package and its compiled half: a zip of their files beside a few lines that
# say what they are. The same files give the same bytes.
#
# usage: wheel.py FOLDER-OF-THE-COMPILED-HALF OUTPUT-FOLDER
import base64
import hashlib
import pathlib
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile

SOURCES = pathlib.Path(__file__).resolve().parent / "miletus"
LIBRARY = "_miletus" + sysconfig.get_config_var("EXT_SUFFIX")

METADATA = """Metadata-Version: 2.1
Name: miletus
Version: {version}
Summary: Option prices that are the same bits on every machine
License: Apache-2.0
Requires-Python: >={python}
Requires-Dist: numpy
"""
WHEEL = """Wheel-Version: 1.0
Generator: miletus
Root-Is-Purelib: false
Tag: {tag}
"""
TIME = (1980, 1, 1, 0, 0, 0)


def stripped(library):
    """What the compiled half is without what only a debugger reads."""
    with tempfile.NamedTemporaryFile() as bare:
        subprocess.run(["strip", "--strip-unneeded", "-o", bare.name, library], check=True)
        return pathlib.Path(bare.name).read_bytes()


def contents(compiled):
    for path in sorted(SOURCES.iterdir()):
        if path.suffix in (".py", ".pyi") or path.name == "py.typed":
            yield f"miletus/{path.name}", path.read_bytes()
    yield f"miletus/{LIBRARY}", stripped(compiled / LIBRARY)


def record_of(files):
    for name, data in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        yield f"{name},sha256={digest},{len(data)}\n"


def write(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files:
            entry = zipfile.ZipInfo(name, TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            wheel.writestr(entry, data)


def main():
    compiled, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    version = re.search(r'^__version__ = "(.*)"$', (SOURCES / "__init__.py").read_text(), re.M)[1]
    python = "{}{}".format(*sys.version_info)
    platform = re.sub(r"[-.]", "_", sysconfig.get_platform())
    tag = f"cp{python}-cp{python}-{platform}"
    about = f"miletus-{version}.dist-info"
    files = list(contents(compiled))
    metadata = METADATA.format(version=version, python="{}.{}".format(*sys.version_info))
    files.append((f"{about}/METADATA", metadata.encode()))
    files.append((f"{about}/WHEEL", WHEEL.format(tag=tag).encode()))
    record = "".join(record_of(files)) + f"{about}/RECORD,,\n"
    files.append((f"{about}/RECORD", record.encode()))
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"miletus-{version}-{tag}.whl"
    write(path, files)
    print(path)


if __name__ == "__main__":
    main()
