#!/usr/bin/env python3
"""Answers debian.dl's questions a second time, without Datalog, and compares.

usage: oracle.py [SOVEREIGN]      asks the program (default: the launcher of this clone) and compares every row
       oracle.py --apt            compares what this machine's "apt-get --simulate remove" says, for every package;
                                  facts must be those of this machine (collect.py DIR, then --facts DIR)
Status 0 when all agree.
"""
import argparse
import collections
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def table(folder, name):
    with open(os.path.join(folder, name + ".facts"), encoding="utf-8") as rows:
        return [tuple(row.rstrip("\n").split("\t")) for row in rows]


class Machine:
    """Everything here is plain sets; "removed" is always computed from scratch by trying again until nothing changes."""

    def __init__(self, folder):
        self.kib = {p: int(kib) for p, _, _, kib in table(folder, "package")}
        self.section = {p: section for p, _, section, _ in table(folder, "package")}
        self.essential = {p for p, in table(folder, "essential")}
        self.roots = self.essential | {p for p, in table(folder, "manual")}
        offers = collections.defaultdict(set)
        for p in self.kib:
            offers[p].add(p)
        for p, virtual in table(folder, "provides"):
            offers[virtual].add(p)
        unfit = set(table(folder, "unfit"))
        self.clauses = {f: collections.defaultdict(set) for f in ("depends", "recommends", "suggests")}
        for field, clauses in self.clauses.items():
            for p, clause, alternative in table(folder, field):
                clauses[p, clause] |= {q for q in offers[alternative] if (p, field, clause, q) not in unfit}
        self.needs = collections.defaultdict(set)
        for (p, _), able in self.clauses["depends"].items():
            self.needs[p] |= able - {p}
        self.wants = collections.defaultdict(set)
        for clauses in self.clauses.values():
            for (p, _), able in clauses.items():
                self.wants[p] |= able - {p}

    def gone(self, x):
        gone = {x}
        while True:
            more = {p for (p, _), able in self.clauses["depends"].items() if p not in gone and able and able <= gone}
            if not more:
                return gone
            gone |= more

    def kept(self, gone):
        kept, todo = set(), list(self.roots - gone)
        while todo:
            p = todo.pop()
            if p not in kept:
                kept.add(p)
                todo.extend(self.wants[p] - gone)
        return kept

    def orphaned(self, gone):
        return set(self.kib) - gone - self.kept(gone)

    def chains(self):
        """Breadth first from all roots; among equals the predecessor that comes first in the alphabet."""
        reached, todo = set(), [p for p in self.roots if p in self.kib]
        while todo:
            p = todo.pop()
            if p not in reached:
                reached.add(p)
                todo.extend(self.needs[p])
        links = {(p, q): " > " for p in self.kib for q in self.needs[p]}
        links |= {(p, q): " ~> " for p in self.kib for q in self.wants[p] - self.needs[p] - reached}
        before, after = collections.defaultdict(set), collections.defaultdict(set)
        for p, q in links:
            before[q].add(p)
            after[p].add(q)
        depth = {p: 0 for p in self.roots if p in self.kib}
        frontier, n = set(depth), 0
        while frontier:
            n += 1
            frontier = {q for p in frontier for q in after[p]} - set(depth)
            depth.update({q: n for q in frontier})

        def chain(p):
            if depth[p] == 0:
                return p
            q = min(q for q in before[p] if depth.get(q) == depth[p] - 1)
            return chain(q) + links[q, p] + p
        return {(p, chain(p)) for p in depth}

    def reaches(self, p):
        found, todo = set(), list(self.needs[p])
        while todo:
            q = todo.pop()
            if q not in found:
                found.add(q)
                todo.extend(self.needs[q])
        return found


def expected(m):
    """Each query with its rows."""
    removal = {x: m.gone(x) for x in m.kib}
    kept_all = m.kept(set())
    reach = {p: m.reaches(p) for p in m.kib}
    needed = {next(iter(able)) for (p, _), able in m.clauses["depends"].items() if len(able) == 1 and able != {p}}
    sections = collections.defaultdict(list)
    for p, section in m.section.items():
        sections[section].append(m.kib[p])
    yield "breaks(x, p)?", {(x, p) for x, gone in removal.items() for p in gone - {x}}
    for x in ("libssl3", "libcurl4", "perl"):
        if x in m.kib:
            yield f'breaks("{x}", p)?', {(p,) for p in removal[x] - {x}}
    yield "why_here(p, chain)?", m.chains()
    yield "autoremovable(p)?", {(p,) for p in set(m.kib) - kept_all}
    yield "orphaned(x, p)?", {(x, p) for x, gone in removal.items() for p in m.orphaned(gone)}
    yield "freed(x, kib, n)?", {(x, str(sum(m.kib[p] for p in both)), str(len(both)))
                                for x, gone in removal.items() for both in [gone | m.orphaned(gone)]}
    yield "cycle(p, q)?", {(p, q) for p in m.kib for q in reach[p] if p < q and p in reach[q]}
    yield "removable(p)?", {(p,) for p in set(m.kib) - m.essential - needed}
    yield "unsatisfied(p, c)?", {(p, c) for (p, c), able in m.clauses["depends"].items() if not able}
    yield "section_size(s, n, kib)?", {(s, str(len(sizes)), str(sum(sizes))) for s, sizes in sections.items()}


def compare_program(m, sovereign):
    bad = 0
    for query, rows in expected(m):
        command = [sovereign, "query", "-f", os.path.join(HERE, "debian.dl"), query, "--format", "tsv"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        got = [tuple(line.split("\t")) for line in done.stdout.splitlines()]
        if done.returncode or set(got) != rows or len(got) != len(rows):
            bad += 1
            print(f"differs: {query} status {done.returncode}, {len(got)} rows, expected {len(rows)}; "
                  f"missing {sorted(rows - set(got))[:3]}, extra {sorted(set(got) - rows)[:3]} {done.stderr[:300]}")
        else:
            print(f"agrees:  {query} {len(rows)} rows")
    return bad


def compare_apt(m):
    """apt refuses essential packages and may install another alternative instead: both are counted, not compared. Slim
    images configure it to drop what is only suggested; debian.dl has apt's own default."""
    bad = agreed = skipped = 0
    for x in sorted(m.kib):
        done = subprocess.run(["apt-get", "--simulate", "-o", "APT::AutoRemove::SuggestsImportant=true", "remove", x],
                              capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
        removed = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("Remv ")}
        if done.returncode or any(line.startswith("Inst ") for line in done.stdout.splitlines()):
            skipped += 1
            continue
        orphans, inside = set(), False
        for line in done.stdout.splitlines():
            inside = "no longer required" in line or (inside and line.startswith("  "))
            if inside and line.startswith("  "):
                orphans |= set(line.split())
        gone = m.gone(x)
        before = set(m.kib) - m.kept(set())
        if removed != gone or orphans != m.orphaned(gone) | (before - gone):
            bad += 1
            print(f"apt differs for {x}: goes +{sorted(removed - gone)[:4]} -{sorted(gone - removed)[:4]}, "
                  f"orphaned +{sorted(orphans - m.orphaned(gone))[:4]} -{sorted(m.orphaned(gone) - orphans)[:4]}")
        else:
            agreed += 1
    print(f"apt agrees for {agreed} packages, differs for {bad}, does something else for {skipped}")
    return bad


def main():
    parser = argparse.ArgumentParser(description="An independent answer to debian.dl's questions.")
    parser.add_argument("sovereign", nargs="?", default=os.path.join(HERE, "..", "..", "sovereign"))
    parser.add_argument("--facts", default=os.path.join(HERE, "facts"))
    parser.add_argument("--apt", action="store_true")
    options = parser.parse_args()
    machine = Machine(options.facts)
    return 1 if (compare_apt(machine) if options.apt else compare_program(machine, options.sovereign)) else 0


if __name__ == "__main__":
    sys.exit(main())
