#!/usr/bin/env python3
"""Writes aspire-api.txt: the public signatures of Aspire's types that ChordAspire.Orchestration offers, one a line, as AspireApiTests reads them.

    python3 ChordAspire.Tests/Api/read-aspire-api.py PATH_OF_A_CLONE_OF_MICROSOFT_ASPIRE v13.5.2

The source are the listings of its public API that Aspire keeps beside its sources (src/*/api/*.cs). Namespaces are left out of signatures, and so are
attributes, bodies and what the compiler adds to records. Run it again when a type is added here, or to compare with another version of Aspire.
"""
import pathlib
import re
import subprocess
import sys

LISTINGS = ["src/Aspire.Hosting/api/Aspire.Hosting.cs", "src/Aspire.Hosting.Testing/api/Aspire.Hosting.Testing.cs"]
# The listings lag behind: these stand in the sources of the version, and not in its listings. File, text found there, type, line.
MODEL, ROOT = "Aspire.Hosting.ApplicationModel", "src/Aspire.Hosting/"
SERVICES = "public required IServiceProvider Services { get; init; }"
BEYOND_LISTINGS = [
    (f"{ROOT}ApplicationModel/ResourceCommandAnnotation.cs", SERVICES, f"{MODEL}.ExecuteCommandContext", SERVICES),
    (f"{ROOT}ApplicationModel/ResourceCommandAnnotation.cs", SERVICES, f"{MODEL}.UpdateCommandStateContext", SERVICES),
    (f"{ROOT}DistributedApplicationExecutionContext.cs", "public IServiceProvider Services", "Aspire.Hosting.DistributedApplicationExecutionContext",
     "public IServiceProvider Services { get; }"),
    *((f"{ROOT}ApplicationModel/CustomResourceSnapshot.cs", line, f"{MODEL}.ResourcePropertySnapshot", line) for line in (
        "public string? DisplayName { get; init; }", "public bool IsHighlighted { get; init; }", "public int? SortOrder { get; init; }")),
]
HERE = pathlib.Path(__file__).parent
OFFERED = HERE.parent.parent / "ChordAspire.Orchestration"
TYPE = re.compile(r"^public (?P<words>(?:(?:static|sealed|abstract|readonly|ref) )*)(?:partial )?(?P<kind>class|interface|struct|record|enum) (?P<rest>.*)$")


def offered_names():
    declared = re.compile(r"^\s*public (?:\w+ )*(?:class|interface|struct|record|enum) (\w+)", re.MULTILINE)
    return {name for file in OFFERED.rglob("*.cs") for name in declared.findall(file.read_text())}


def without_namespaces(text):
    return re.sub(r"(?<![\w\"])(?:[A-Za-z_]\w*\.)+(?=[A-Z_])", "", text)


def split(text):
    """Splits at commas outside of brackets."""
    parts, depth, begin = [], 0, 0
    for at, letter in enumerate(text):
        depth += letter in "<([" and 1 or letter in ">)]" and -1
        if letter == "," and depth == 0:
            parts.append(text[begin:at].strip())
            begin = at + 1
    return [part for part in [*parts, text[begin:].strip()] if part]


def statements(text):
    """Lines, with constraints joined to what they belong to, and whether the compiler made what they declare."""
    generated = False
    for line in re.sub(r"\s*\n\s*where ", " where ", text).splitlines():
        line = line.strip()
        if line.startswith("["):
            generated |= "CompilerGenerated" in line
        elif line and not line.startswith("//"):
            yield line, generated
            generated = False


def header(match):
    """Kind, name and primary parameters of a type, what it derives from, and its constraints."""
    rest, _, constraints = without_namespaces(match["rest"]).partition(" where ")
    name, parameters, bases = re.match(r"([^:(]+?)\s*(?:\((.*?)\))?\s*(?:: (.*))?$", rest).groups()
    kind = f"public {match['words']}{match['kind']} {name}" + (f" where {constraints}" if constraints else "")
    return kind, re.sub(r"\b(out|in) (?=\w)", "", name), parameters, split(bases or "")


def member(text, in_interface):
    text = re.sub(r" : base\(.*?\) \{ \}$", "", text)
    text = re.sub(r"\{ throw null; \}$|\{ \}$|;$", "", text).strip()
    text = text.replace("get { throw null; }", "get;").replace("set { }", "set;").replace("init { }", "init;")
    text = re.sub(r"\b(readonly|partial|unsafe|new) (?!\()", lambda word: word[0] if word[1] == "readonly" and "(" not in text else "", text)
    text = without_namespaces(text)
    return re.sub(r"^(public|abstract|virtual) ", "", text) if in_interface else text


def read(text, offered):
    types, namespace, stack, opened = {}, "", [], None
    for statement, generated in statements(text):
        if statement.startswith("namespace "):
            namespace = statement.split()[1]
        elif match := TYPE.match(statement.rstrip(" {;")):
            kind, name, parameters, bases = header(match)
            lines = {kind}
            plain = re.sub("<.*", "", name)
            for base in bases:
                is_interface = re.match(r"I[A-Z]", base) or match["kind"] in ("struct", "interface")
                if not base.startswith("IEquatable<"):
                    lines.add(f"implements {base}" if is_interface else f"base {base}")
            if parameters is not None:
                lines.add(f"public {plain}({parameters})")
                for parameter in split(parameters):
                    lines.add("public " + re.sub(r" = .*", "", parameter) + " { get; init; }")
            opened = {"name": name, "plain": plain, "kind": match, "lines": lines, "constructed": parameters is not None}
            if statement.endswith(";"):
                finish(types, namespace, stack, opened, offered)
        elif statement == "{":
            if opened:
                stack.append(opened)
                opened = None
        elif statement == "}":
            if stack:
                last = stack.pop()
                finish(types, namespace, stack, last, offered)
        elif stack and not generated:
            add(stack[-1], statement)
    return types


def add(owner, statement):
    kind = owner["kind"]["kind"]
    if re.match(rf"(public|protected|internal|private) {re.escape(owner['plain'])}\(", statement):
        owner["constructed"] = True
    if kind == "enum":
        owner["lines"].add(statement.rstrip(","))
    elif kind == "interface":
        if not re.match(r"[\w.<>?, ]+ [\w.]*\bI[A-Z]\w*(<.*>)?\.\w+", statement.split("(")[0].split("{")[0]):
            owner["lines"].add(member(statement, in_interface=True))
    elif statement.startswith(("public ", "protected ")):
        owner["lines"].add(member(statement, in_interface=False))


def finish(types, namespace, stack, done, offered):
    words, kind = done["kind"]["words"], done["kind"]["kind"]
    if kind in ("class", "record") and not done["constructed"] and "static" not in words:
        done["lines"].add(f"{'protected' if 'abstract' in words else 'public'} {done['plain']}()")
    if kind in ("class", "record") and "static" not in words and not any(line.startswith("base ") for line in done["lines"]):
        done["lines"].add("base Object")
    if "base Resource" in done["lines"]:
        done["lines"].discard("implements IResource")  # said again in the listing, though the base says it
    if (stack[0] if stack else done)["plain"] in offered:
        types[".".join([namespace, *(outer["name"] for outer in stack), done["name"]])] = sorted(done["lines"])


def main(clone, tag):
    def file(path):
        return subprocess.check_output(["git", "-C", clone, "show", f"{tag}:{path}"], text=True, encoding="utf-8-sig")

    offered, types = offered_names(), {}
    for listing in LISTINGS:
        types |= read(file(listing), offered)
    for path, text, name, line in BEYOND_LISTINGS:
        assert text in file(path), f"{path} of {tag} does not say '{text}'"
        types[name] = sorted({*types[name], line})
    with open(HERE / "aspire-api.txt", "w", newline="\n") as out:
        out.write(f"# Public signatures of Aspire {tag.lstrip('v')}, read from its public listings of them by read-aspire-api.py.\n")
        for name in sorted(types):
            out.write(f"\n{name}\n" + "".join(f"    {line}\n" for line in types[name]))


main(*sys.argv[1:])
