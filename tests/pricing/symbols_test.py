# Prices use nothing of the system's mathematical library, whose bits differ from one version to the
# next; and what is compiled for AVX-512 gives the linker no common function that it could choose
# for machines without.
#
# usage: symbols_test.py libpricing.a
import re
import subprocess
import sys

# Templates over these lanes exist nowhere else.
OWN = re.compile(r"lanes::(Eight|Pair<miletus::lanes::Eight>)")


def symbols(*arguments):
    output = subprocess.run(["nm", *arguments], check=True, capture_output=True, text=True).stdout
    return output.splitlines()


def names_of_libm():
    path = subprocess.run(
        ["g++-12", "-print-file-name=libm.so.6"], check=True, capture_output=True, text=True
    ).stdout.strip()
    return {line.split()[-1].split("@")[0] for line in symbols("-D", "--defined-only", path)}


def common_in_eight(library):
    member = ""
    for line in symbols("-C", library):
        if line.endswith(":"):
            member = line
        is_common = re.match(r"[0-9a-f]+ [WVu] ", line)
        if member.startswith("eight") and is_common and not OWN.search(line):
            yield line


def main():
    library = sys.argv[1]
    wanted = {line.split()[-1] for line in symbols("-u", library) if " U " in line}
    libm = names_of_libm()
    assert {"exp", "log", "sqrt"} <= libm, "libm was not read"
    used = sorted(wanted & libm)
    assert not used, f"of the mathematical library: {used}"
    common = list(common_in_eight(library))
    assert not common, f"compiled for AVX-512, and offered to all: {common}"
    print(f"{len(wanted)} symbols wanted, none of libm's {len(libm)}")


main()
