# What tidy bans, where, and what to write instead. A pattern sees neither comments nor strings.
import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Rule:
    name: str
    pattern: re.Pattern
    folders: tuple
    instead: str
    excepted: tuple = ()
    also_tests: bool = False


PURE = ("src/engine/", "src/protocol/", "src/base/", "src/pricing/", "src/wasm/")
EXACT = ("src/engine/", "src/protocol/", "src/base/")
OURS = ("src/", "sim/", "bench/", "bindings/", "tests/", "fuzz/")


def ban(name, pattern, folders, instead, **more):
    return Rule(name, re.compile(pattern, re.MULTILINE), folders, instead, **more)


BANNED = [
    # Determinism: the outcome is a function of the log.
    ban(
        "clock",
        r"\bstd::chrono::\w*_clock\b|\bstd::(?:time|clock)\(|\btime\((?:nullptr|NULL|0|&)|"
        r"\b(?:clock_gettime|gettimeofday)\(",
        PURE,
        "time comes with the command; outside, host::Clock",
    ),
    ban(
        "random",
        r"\b(?:std::)?s?rand\(|\bstd::(?:random_device|mt19937\w*|\w+_distribution)\b|"
        r"\bgetrandom\(",
        PURE,
        "base/prng.hpp, seeded",
    ),
    ban(
        "thread",
        r"\bstd::(?:jthread|thread|async|mutex|shared_mutex|recursive_mutex|condition_variable\w*|"
        r"lock_guard|unique_lock|scoped_lock|this_thread)\b|\bthread_local\b",
        PURE,
        "one thread; values travel through rings (base/mutex.hpp wraps what must lock)",
        excepted=("src/base/mutex.hpp", "src/base/ring_test.cpp"),
    ),
    ban(
        "input-output",
        r"\b(?:std::)?(?:f|s|sn|v)?printf\(|\b(?:std::)?(?:puts|fputs|fopen|getenv)\(|"
        r"\bstd::(?:cout|cerr|clog|cin|[io]?fstream|filesystem)\b|(?<![\w.>])system\(",
        PURE,
        "the core has no I/O: return an event",
        excepted=("src/base/assert.cpp",),
    ),
    ban(
        "hash-order",
        r"\bstd::unordered_\w+",
        PURE,
        "a slab, a sorted array or base/hash_index.hpp: no iteration in hash order",
    ),
    ban(
        "locale",
        r"\bstd::locale\b|\bsetlocale\(|\bstd::(?:stod|stof|stold|strtod)\b",
        PURE,
        "text is parsed by hand, to integers",
    ),
    # Allocation and ownership.
    ban(
        "allocation",
        r"(?<![\w.>])(?:std::)?(?:malloc|calloc|realloc|free|aligned_alloc)\(|"
        r"(?<!operator )(?<!<)\bnew\b(?!\s*\()|(?<!= )(?<!operator )\bdelete\b",
        OURS,
        "values, slabs sized at start, std::make_unique at construction",
        also_tests=True,
    ),
    ban(
        "shared-pointer",
        r"\bstd::(?:shared_ptr|make_shared|weak_ptr)\b",
        PURE,
        "one owner; others hold ids",
    ),
    ban(
        "function-object",
        r"\bstd::(?:function|move_only_function|any)\b",
        PURE,
        "a template parameter, or a switch over an enum",
    ),
    # Errors.
    ban(
        "exceptions",
        r"\bthrow\b|\btry\s*\{|\bcatch\s*\(|\bstd::exception\b",
        PURE,
        "Result for a refusal, ASSERT for a bug",
    ),
    ban(
        "assert",
        r"\bassert\(|<cassert>|<assert\.h>",
        OURS,
        "ASSERT, which stays on in release",
        also_tests=True,
    ),
    ban(
        "abort",
        r"(?<![\w.>])(?:std::)?(?:abort|exit|_Exit|quick_exit|terminate)\(",
        PURE,
        "ASSERT",
        excepted=("src/base/assert.cpp",),
    ),
    # Types.
    ban("rtti", r"\bdynamic_cast\b|\btypeid\b", PURE, "an enum and a switch"),
    ban("virtual", r"\bvirtual\b", PURE, "a concept: interfaces live at the world's edge, in host"),
    ban("floating-point", r"\b(?:float|double)\b", EXACT, "integer units (base/units.hpp)"),
    ban("long-double", r"\blong double\b", OURS, "double: long double differs by machine"),
    ban("const-cast", r"\bconst_cast\b", OURS, "take it mutable, or leave it const"),
    ban("goto", r"\bgoto\b", OURS, "return early"),
    ban(
        "using-namespace",
        r"\busing namespace (?!std::\w*literals\b)",
        OURS,
        "name what you use",
        also_tests=True,
    ),
    ban(
        "pragma",
        r"#\s*pragma (?:GCC|clang) diagnostic",
        OURS,
        "mend the cause of the warning",
        also_tests=True,
    ),
]

# These appear only in the files that tools/unsafe.txt lists.
UNSAFE = [
    ("memcpy and its kin", re.compile(r"\b(?:mem(?:cpy|move|set|cmp)|str(?:cpy|cat|len|cmp))\(")),
    ("reinterpret_cast", re.compile(r"\breinterpret_cast\b")),
    ("an island in -Wunsafe-buffer-usage", re.compile(r"\bunsafe_buffer_usage\b")),
    ("placement new", re.compile(r"\bnew\s*\(")),
]

# In every text file. Put together from pieces, so that this file does not hold the words itself.
FORBIDDEN_WORDS = [
    (re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b"), "finish it, or leave a test that shows it"),
    (re.compile(r"(?<![\w.~$}])/(?:ro" r"ot|ho" r"me|wo" r"rk|Users)/"), "a path of one machine"),
    (
        re.compile(r"https?://[^\s\"']*/(?:arti" r"factory|nex" r"us|repo" r"sitory)/"),
        "a private package registry",
    ),
    (
        re.compile(r'"resolved": "https?://(?!registry\.npmjs\.org/)'),
        "a lock file that names another registry than npm's own",
    ),
    (re.compile(r"^(?:<{7}|>{7}|={7})(?: |$)", re.MULTILINE), "the mark of an unfinished merge"),
]

TEST_FILE = re.compile(r"(?:_test|_fuzz|_bench)\.[ch]pp$")


def banned_in(path):
    is_test = TEST_FILE.search(path) is not None
    for rule in BANNED:
        in_place = path.startswith(rule.folders) and path not in rule.excepted
        if in_place and (rule.also_tests or not is_test):
            yield rule
