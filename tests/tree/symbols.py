#!/usr/bin/env python3
"""Shows from the compiled archives what the audio thread can reach, and refuses what may make it wait."""
# SPDX-License-Identifier: GPL-3.0-or-later
#
# An archive holds control-side code too: constructors allocate, and may. So it is not enough to look
# for `malloc` in it. This test builds the graph "this function refers to that one" from the
# relocations of every object (each function and each table stands in a section of its own:
# -ffunction-sections, which it checks, and -fdata-sections), starts at the functions the audio thread enters, and follows every edge, those through
# tables of function pointers included. Whatever leaves the archives must be in the list below.
# Not seen: calls through a pointer that only a constructor stored. The trap of tests/desk sees those.
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

# All that the audio thread may use from outside: memory moves, arithmetic, ends that never return.
ALLOWED = re.compile(
    r"^(mem(cpy|move|set|cmp)|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__assert_fail|abort|"
    r"std::terminate\(\)|__clang_call_terminate|__gxx_personality_v0|__tls_get_addr|"
    r"(fmod|fmin|fmax|fma|floor|ceil|round|lround|nearbyint|rint|trunc|sqrt|log2?|log10|exp2?|expm1|log1p|exp10|pow|"
    r"sin|cos|sincos|tan|tanh|atan2?|hypot|cbrt|ldexp|frexp|scalbn)f?|"
    r"hwy::(GetChosenTarget|SupportedTargets)\(\)|"
    r"hwy::Abort\(char const\*, int, char const\*, \.\.\.\))$"
)

SHN_UNDEF, SHT_SYMTAB, SHT_RELA, STB_LOCAL, STT_SECTION, STT_FUNC = 0, 2, 4, 0, 3, 2


class Object:
    """The sections, symbols and relocations of one ELF64 little-endian object."""

    def __init__(self, name, data):
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{name} is not a 64 bit little-endian ELF object")
        self.name, self.data = name, data
        offset = struct.unpack_from("<Q", data, 40)[0]
        size, count, names = struct.unpack_from("<HHH", data, 58)
        if count == 0:  # more than 65279 sections: the count stands in the first header
            count = struct.unpack_from("<Q", data, offset + 32)[0]
        if names == 0xFFFF:
            names = struct.unpack_from("<I", data, offset + 40)[0]
        self.headers = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
        self.section_names = [self.text(names, h[0]) for h in self.headers]
        self.symbols = []  # (name, section or None, is local, is function)
        for index, header in enumerate(self.headers):
            if header[1] == SHT_SYMTAB:
                self.read_symbols(header)

    def text(self, table, offset):
        start = self.headers[table][4] + offset
        return self.data[start : self.data.index(b"\0", start)].decode()

    def read_symbols(self, header):
        strings = header[6]
        for i in range(header[5] // 24):
            name, info, _, section, _, _ = struct.unpack_from("<IBBHQQ", self.data, header[4] + 24 * i)
            kind, bind = info & 15, info >> 4
            inside = section if 0 < section < 0xFF00 else None
            label = self.section_names[section] if kind == STT_SECTION else self.text(strings, name)
            self.symbols.append((label, inside, bind == STB_LOCAL, kind == STT_FUNC))

    def references(self):
        """(section, symbol) for every relocation of code and data; unwind tables are no calls."""
        for header in self.headers:
            if header[1] != SHT_RELA:
                continue
            section = header[7]
            name = self.section_names[section]
            if name.startswith((".eh_frame", ".gcc_except_table", ".debug", ".note", ".rela", ".stapsdt")):
                continue
            for i in range(header[5] // 24):
                info = struct.unpack_from("<Q", self.data, header[4] + 24 * i + 8)[0]
                yield section, self.symbols[info >> 32]


class Graph:
    """What refers to what. A node is (object, section) inside, a name outside the archives."""

    def __init__(self, objects):
        self.edges, self.functions, self.defined, self.crowded = {}, {}, {}, []
        for o in objects:
            for name, section, local, function in o.symbols:
                if section is None or not name:
                    continue
                node = (o.name, section)
                if not local:
                    self.defined.setdefault(name, []).append(node)
                if function:
                    self.functions.setdefault(node, []).append(name)
        for o in objects:
            for section, (name, inside, local, _) in o.references():
                targets = [(o.name, inside)] if local and inside is not None else self.defined.get(name, [name])
                self.edges.setdefault((o.name, section), set()).update(targets)
        # Aliases of one function (C1 and C2 constructors) share a section and nothing is lost by it.
        for node, names in self.functions.items():
            section = next(o for o in objects if o.name == node[0]).section_names[node[1]]
            if section == ".text" and len(names) > 1:
                self.crowded.append((node[0], sorted(names)))

    def reachable(self, roots):
        """Node -> the node it was first reached from."""
        came_from = {root: None for root in roots}
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            for target in sorted(self.edges.get(node, ()), key=str):
                if target not in came_from:
                    came_from[target] = node
                    waiting.append(target)
        return came_from


def demangled(names):
    names = list(names)
    text = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True).stdout
    return dict(zip(names, text.splitlines()))


def load(archive):
    """The objects of an archive, thin or not."""
    archive = pathlib.Path(archive)
    members = subprocess.run(["ar", "t", archive], capture_output=True, text=True, check=True).stdout.split("\n")
    if archive.read_bytes()[:8] == b"!<thin>\n":
        for member in filter(None, members):
            path = pathlib.Path(member)
            path = path if path.is_file() else archive.parent / member
            yield Object(str(path), path.read_bytes())
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["ar", "x", archive.resolve()], cwd=folder, check=True)
        for path in sorted(pathlib.Path(folder).iterdir()):
            yield Object(f"{archive.name}({path.name})", path.read_bytes())


def offences(archives, root_patterns):
    """Lines that say what is reached and how; and how many functions were looked at."""
    objects = [o for archive in archives for o in load(archive)]
    graph = Graph(objects)
    plain = demangled({n for names in graph.functions.values() for n in names} |
                      {t for ts in graph.edges.values() for t in ts if isinstance(t, str)})
    out, roots = [], set()
    for object_name, names in graph.crowded:
        out.append(f"{object_name}: {len(names)} functions in one section; build with -ffunction-sections")
    for pattern in root_patterns:
        expression = re.compile(pattern)
        found = {node for node, names in graph.functions.items() if any(expression.search(plain[n]) for n in names)}
        if not found:
            out.append(f"no function matches {pattern}")
        roots |= found
    came_from = graph.reachable(roots)

    def label(node):
        if isinstance(node, str):
            return plain.get(node, node)
        names = graph.functions.get(node)
        return plain[names[0]] if names else f"data of {pathlib.Path(node[0]).name}"

    for node in sorted((n for n in came_from if isinstance(n, str)), key=label):
        if ALLOWED.match(label(node)):
            continue
        way, at = [], node
        while at is not None:
            way.append(label(at))
            at = came_from[at]
        out.append(f"{label(node)}\n    reached by " + "\n            <- ".join(way[1:]))
    return out, sum(1 for n in came_from if n in graph.functions)


class SelfTest(unittest.TestCase):
    """Compiles one planted offence at a time."""

    HEAD = """
        #include <cstdlib>
        #include <cstring>
        struct Unit { Unit(); ~Unit(); void process(float* x); float* ring; };
        Unit::Unit() : ring(new float[64]()) {}
        Unit::~Unit() { delete[] ring; }
        namespace { __attribute__((noinline)) void inner(float* x); }
    """

    def found(self, inner, head="", flags=("-ffunction-sections", "-fdata-sections")):
        source = head + self.HEAD + f"namespace {{ void inner(float* x) {{ {inner} }} }}\n"
        source += "void Unit::process(float* x) { std::memcpy(x, ring, 8); inner(x); }\n"
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "unit.cpp").write_text(source)
            subprocess.run(["c++", "-std=c++20", "-O1", "-fPIC", *flags, "-c", "unit.cpp"], cwd=folder, check=True)
            subprocess.run(["ar", "csr", "libunit.a", "unit.o"], cwd=folder, check=True)
            return offences([folder / "libunit.a"], [r"^Unit::process\("])[0]

    def test_a_constructor_may_allocate(self):
        self.assertEqual(self.found("*x = 1.0f;"), [])

    def test_every_planted_offence_is_found(self):
        planted = {
            "malloc": ("*x = *static_cast<float*>(std::malloc(4));", ""),
            "new": ("static float* volatile kept; kept = new float(*x); *x = *kept;", ""),
            "lock": ("static std::mutex m; m.lock(); *x = 1.0f;", "#include <mutex>\n"),
            "throw": ("if (*x > 1.0f) throw 1; *x = 1.0f;", ""),
            "print": ('std::printf("%f", *x);', "#include <cstdio>\n"),
            "system call": ("*x = float(getpid());", "#include <unistd.h>\n"),
            "through a table": (
                "table[*x > 1.0f](x);",
                "#include <cstdlib>\nnamespace { void a(float* x) { *x = 1; } void b(float* x) { std::free(x); } }\n"
                "extern void (*const table[])(float*); void (*const table[])(float*) = {a, b};\n",
            ),
        }
        for name, (inner, head) in planted.items():
            with self.subTest(name):
                self.assertTrue(self.found(inner, head))

    def test_functions_that_share_a_section_are_refused(self):
        self.assertTrue(self.found("*x = 1.0f;", flags=()))

    def test_a_root_that_is_missing_is_an_offence(self):
        with tempfile.TemporaryDirectory() as name:
            subprocess.run(["ar", "csr", f"{name}/libempty.a"], check=True, capture_output=True)
            self.assertEqual(len(offences([f"{name}/libempty.a"], ["^Gone::process"])[0]), 1)


def main():
    if sys.argv[1:] == ["--self-test"]:
        unittest.main(argv=sys.argv[:1])
    if "--" not in sys.argv:
        sys.exit("usage: symbols.py ARCHIVE... -- ROOT_PATTERN...")
    split = sys.argv.index("--")
    found, functions = offences(sys.argv[1:split], sys.argv[split + 1 :])
    for line in found:
        print(line)
    print(f"{functions} functions reachable from the audio thread, {len(found)} offences")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
