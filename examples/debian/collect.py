#!/usr/bin/env python3
"""Writes what a Debian machine knows about its installed packages as .facts files (tab-separated, sorted, no header).

usage: collect.py [OUTPUT_FOLDER]           default: the folder "facts" beside this script
       --status FILE --extended FILE        other places than /var/lib/dpkg/status and /var/lib/apt/extended_states

package(name, version, section, kib)        every installed package; kib is its installed size
depends(name, clause, alternative)          one row for each "a | b" of Depends and Pre-Depends; clauses count from 1
recommends, suggests                        likewise
provides(name, virtual)                     virtual packages and the names a package replaces by providing them
unfit(name, field, clause, candidate)       the installed candidate bears or provides the wanted name, but its version does not do
essential(name)                             Essential or Important (Protected): dpkg refuses to remove these
manual(name)                                installed by hand: not marked automatic by apt

Only names, versions, sections and sizes leave the machine: no paths, no host name, no configuration.
Needs nothing but Python 3. A package of a foreign architecture is called name:architecture.
"""
import argparse
import os
import re


def stanzas(path):
    """The paragraphs of a Debian control file as dicts; continuation lines are joined."""
    with open(path, encoding="utf-8") as lines:
        fields, key = {}, None
        for line in lines:
            line = line.rstrip("\n")
            if not line:
                if fields:
                    yield fields
                fields, key = {}, None
            elif line[0] in " \t":
                fields[key] += " " + line.strip()
            else:
                key, value = line.split(":", 1)
                fields[key] = value.strip()
        if fields:
            yield fields


def weight(character):
    """Debian policy 5.6.12: a tilde sorts before the end, the end before letters, letters before the rest."""
    if character == "~":
        return -1
    if character.isalpha():
        return ord(character)
    return ord(character) + 256


def compare_part(a, b):
    while a or b:
        text_a, text_b = re.match(r"\D*", a).group(), re.match(r"\D*", b).group()
        a, b = a[len(text_a):], b[len(text_b):]
        for i in range(max(len(text_a), len(text_b))):
            x = weight(text_a[i]) if i < len(text_a) else 0
            y = weight(text_b[i]) if i < len(text_b) else 0
            if x != y:
                return -1 if x < y else 1
        digits_a, digits_b = re.match(r"\d*", a).group(), re.match(r"\d*", b).group()
        a, b = a[len(digits_a):], b[len(digits_b):]
        x, y = int(digits_a or 0), int(digits_b or 0)
        if x != y:
            return -1 if x < y else 1
    return 0


def compare(a, b):
    """Compares two versions as dpkg does: -1, 0 or 1."""
    def split(version):
        epoch, colon, rest = version.partition(":")
        if not colon:
            epoch, rest = "0", version
        upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
        return int(epoch), upstream, revision
    (epoch_a, upstream_a, revision_a), (epoch_b, upstream_b, revision_b) = split(a), split(b)
    if epoch_a != epoch_b:
        return -1 if epoch_a < epoch_b else 1
    return compare_part(upstream_a, upstream_b) or compare_part(revision_a, revision_b)


HOLDS = {"<<": lambda c: c < 0, "<=": lambda c: c <= 0, "=": lambda c: c == 0, ">=": lambda c: c >= 0, ">>": lambda c: c > 0}
ALTERNATIVE = re.compile(r"^([a-z0-9][a-z0-9+.-]*)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^)\s]+)\s*\))?$")


def clauses(text):
    """'a | b (>= 2), c' → [[('a', None, None, None), ('b', None, '>=', '2')], [('c', None, None, None)]]."""
    found = []
    for part in text.split(","):
        alternatives = []
        for word in part.split("|"):
            if word.strip():
                match = ALTERNATIVE.match(word.strip())
                if not match:
                    raise SystemExit(f"collect: cannot read the dependency {word.strip()!r}")
                name, architecture, relation, version = match.groups()
                alternatives.append((name, architecture, {"<": "<=", ">": ">="}.get(relation, relation), version))
        if alternatives:
            found.append(alternatives)
    return found


def main():
    parser = argparse.ArgumentParser(description="Facts about the installed packages of a Debian machine.")
    parser.add_argument("output", nargs="?", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "facts"))
    parser.add_argument("--status", default="/var/lib/dpkg/status")
    parser.add_argument("--extended", default="/var/lib/apt/extended_states")
    options = parser.parse_args()

    installed = [s for s in stanzas(options.status) if s.get("Status", "").endswith(" installed")]
    native = next((s["Architecture"] for s in installed if s["Package"] == "dpkg"), None)
    ours = {"all", native}

    def called(name, architecture):
        return name if architecture in ours or architecture is None else f"{name}:{architecture}"

    automatic = set()
    if os.path.exists(options.extended):
        automatic = {called(s["Package"], s.get("Architecture")) for s in stanzas(options.extended) if s.get("Auto-Installed") == "1"}

    tables = {t: set() for t in ("package", "depends", "recommends", "suggests", "provides", "unfit", "essential", "manual")}
    by_name = {}  # plain name → [(package, version it is offered with or None, architecture, Multi-Arch)]
    for s in installed:
        name = called(s["Package"], s["Architecture"])
        tables["package"].add((name, s["Version"], s.get("Section", "unknown"), int(s.get("Installed-Size", "0"))))
        if "yes" in (s.get("Essential"), s.get("Important"), s.get("Protected")):
            tables["essential"].add((name,))
        if name not in automatic:
            tables["manual"].add((name,))
        offer = (s["Architecture"], s.get("Multi-Arch"))
        by_name.setdefault(s["Package"], []).append((name, s["Version"], *offer))
        for [(virtual, _, _, version)] in clauses(s.get("Provides", "")):
            by_name.setdefault(virtual, []).append((name, version, *offer))
            if virtual != s["Package"]:
                tables["provides"].add((name, called(virtual, s["Architecture"])))

    for s in installed:
        name, mine = called(s["Package"], s["Architecture"]), s["Architecture"]
        for table, text in (("depends", ", ".join(filter(None, (s.get("Pre-Depends"), s.get("Depends"))))),
                            ("recommends", s.get("Recommends", "")), ("suggests", s.get("Suggests", ""))):
            for number, alternatives in enumerate(clauses(text), 1):
                fit, unfit = set(), set()
                for wanted, architecture, relation, version in alternatives:
                    # a foreign package means its own architecture's, unless the candidate serves any
                    tables[table].add((name, number, called(wanted, None if mine in ours else mine)))
                    for candidate, offered, theirs, multi in by_name.get(wanted, []):
                        reachable = theirs in ("all", mine) or (mine in ours and theirs in ours) or multi == "foreign" or (
                            architecture == "any" and multi == "allowed")
                        good = reachable and (relation is None or (offered is not None and HOLDS[relation](compare(offered, version))))
                        (fit if good else unfit).add(candidate)
                        if good and mine not in ours and theirs in ours:
                            tables[table].add((name, number, wanted))
                tables["unfit"] |= {(name, table, number, candidate) for candidate in unfit - fit}

    os.makedirs(options.output, exist_ok=True)
    for table, rows in tables.items():
        with open(os.path.join(options.output, table + ".facts"), "w", encoding="utf-8", newline="\n") as out:
            for row in sorted(rows):
                out.write("\t".join(map(str, row)) + "\n")
    print(", ".join(f"{len(rows)} {table}" for table, rows in tables.items()))


if __name__ == "__main__":
    main()
