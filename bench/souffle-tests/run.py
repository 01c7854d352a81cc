#!/usr/bin/env python3
"""Runs Soufflé's own tests with `sovereign run`, from a copy of its repository that lies elsewhere.

    bench/souffle-tests/run.py /path/to/souffle [NAME-PART…] [-v] [--sovereign CMD] [--batch CMD]

Takes the tests that the CMakeLists.txt of tests/{evaluation,example,semantic,syntactic,scheduler} name and does with them what
Soufflé's own cmake/check_*.py do: standard output and every .csv file, lines sorted, must be the same; gzip, sqlite and JSON
outputs too. A test of a faulty program passes when each line that Soufflé names in an error is one that we name in an error (Soufflé
stops at some faults where we go on, so more lines than its are allowed), and nothing is written. What differs for a known reason
stands in known.txt beside this file, one test and its reason a line, and is counted apart.

`--batch CMD` starts CMD once and hands it runs over its standard input instead of starting a process for each: for the inner loop,
    `java -cp … dev.sovereign.core.SouffleBatch` with absolute paths.
"""
import argparse
import difflib
import glob
import gzip
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CATEGORIES = ["evaluation", "example", "semantic", "syntactic", "scheduler"]


MAX_ERRORS = 50  # more are not shown, the first ones by place are


def tests(root):
    """(category, name, facts folder, negative, extra, include folders, needs functors, to stdout)"""
    for category in CATEGORIES:
        listing = os.path.join(root, "tests", category, "CMakeLists.txt")
        with open(listing, encoding="utf-8") as f:
            text = re.sub(r"#.*", "", f.read())
        text = re.sub(r"(?is)function\s*\(.*?endfunction\s*\(\)", "", text)
        text = re.sub(r"(?is)if\s*\(FALSE\).*?endif\s*\(\)", "", text)
        for call, arguments in re.findall(r"(\w+)\s*\(([^()]*)\)", text):
            call = call.lower()
            words = arguments.split()
            if not call.endswith("_test") and call != "souffle_run_test" and call != "souffle_run_test_helper":
                continue

            def value(key):
                return words[words.index(key) + 1] if key in words else None

            name = value("TEST_NAME") or words[0]
            negative = call == "negative_test" or "NEGATIVE" in words
            folders = ["facts"]
            if call == "souffle_positive_multi_test":
                folders = words[words.index("FACTS_DIR_NAMES") + 1:]
            includes = words[words.index("INCLUDE_DIRS") + 1:] if "INCLUDE_DIRS" in words else []
            for folder in folders:
                yield {
                    "id": f"{category}/{name}" + ("" if folder == "facts" else f"_{folder}"),
                    "dir": os.path.join(root, "tests", category, name),
                    "name": name,
                    "facts": folder,
                    "check": "" if folder == "facts" else folder,
                    "negative": negative,
                    "extra": value("EXTRA_DATA"),
                    "includes": includes,
                    "functors": "functor_test" in call or "FUNCTORS" in words,
                    "stdout": call == "positive_output_stdout_test",
                }


def sorted_lines(text):
    """As Soufflé's cmake/common.py sorts: cells of digits by value."""
    def key(row):
        return [f"{int(cell):0>20d}" if re.match(r"^\d+$", cell) else cell for cell in row.split("\t")]
    return sorted((line.rstrip() for line in text.splitlines()), key=key)


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        return f.read()


def error_lines(text):
    """{(file, line)} of all errors."""
    return {(os.path.basename(m.group(1)), int(m.group(2)))
            for m in re.finditer(r"Error: .* in file (\S+) at line (\d+)", text)}


def our_lines(text):
    """Places that errors of ours name, first and second ones; warnings do not count."""
    found = set()
    error = False
    for line in text.splitlines():
        if re.search(r"\b(error|warning): ", line):
            error = "error: " in line
        place = re.match(r"^\s+(\S+):(\d+):\d+", line)
        if place and error:
            found.add((os.path.basename(place.group(1)), int(place.group(2))))
    return found


class Runner:
    def __init__(self, command, batch):
        self.command = shlex.split(command)
        self.server = None
        if batch:
            self.server = subprocess.Popen(shlex.split(batch), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                           cwd=tempfile.gettempdir())

    def run(self, program, facts, out, includes, files, cwd):
        if self.server:
            request = "\t".join([program, facts, out, files[0], files[1], cwd] + includes)
            self.server.stdin.write(request + "\n")
            self.server.stdin.flush()
            answer = self.server.stdout.readline()
            if not answer:
                raise SystemExit("the batch process ended")
            return int(answer)
        command = self.command + ["run", program, "-F", facts, "-D", out]
        for folder in includes:
            command += ["-I", folder]
        with open(files[0], "w") as so, open(files[1], "w") as se:
            return subprocess.run(command, stdout=so, stderr=se, stdin=subprocess.DEVNULL, cwd=cwd,
                                  timeout=300).returncode


def difference(what, expected, actual):
    if expected == actual:
        return None
    lines = list(difflib.unified_diff(expected, actual, "expected", "found", lineterm="", n=0))
    return f"{what} differs:\n    " + "\n    ".join(lines[2:14])


def check(test, runner):
    work = tempfile.mkdtemp(prefix="souffle-test-")
    try:
        out = os.path.join(work, "out")
        os.mkdir(out)
        streams = (os.path.join(work, "stdout"), os.path.join(work, "stderr"))
        program = os.path.join(test["dir"], test["name"] + ".dl")
        facts = os.path.join(test["dir"], test["facts"])
        includes = [os.path.join(test["dir"], folder) for folder in test["includes"]]
        status = runner.run(program, facts, "-" if test["stdout"] else out, includes, streams, out)
        err = read(streams[1])
        checks = os.path.join(test["dir"], test["check"])
        if test["negative"]:
            if status == 0:
                return "accepted"
            if os.listdir(out):
                return "wrote files: " + ", ".join(os.listdir(out))
            ours = our_lines(err)
            missing = error_lines(read(os.path.join(checks, test["name"] + ".err"))) - ours
            if len(re.findall(r"\berror: ", err)) >= MAX_ERRORS:
                last = max(line for _, line in ours)
                missing = {place for place in missing if place[1] <= last}
            if status != 1 or missing:
                return f"status {status}, no error at {sorted(missing)}; ours at {sorted(our_lines(err))}\n    " \
                    + err[:600].replace("\n", "\n    ")
            return None
        if status != 0:
            return f"status {status}\n    " + err[:800].replace("\n", "\n    ")
        problems = [difference("standard output",
                               sorted_lines(read(os.path.join(checks, test["name"] + ".out"))),
                               sorted_lines(read(streams[0])))]
        expected = {os.path.basename(f) for f in glob.glob(os.path.join(checks, "*.csv"))}
        generated = set(glob.glob("*.csv", root_dir=out))
        if test["extra"] == "gzip":
            for file in glob.glob(os.path.join(out, "*.gz.output")):
                with gzip.open(file, "rb") as f, open(file[:-len(".gz.output")], "wb") as plain:
                    plain.write(f.read())
            generated = set(glob.glob("*.csv", root_dir=out))
        elif test["extra"] == "sqlite3":
            for file in glob.glob(os.path.join(out, "*.sqlite.output")):
                base = os.path.basename(file)
                script = read(os.path.join(test["dir"], base + ".script"))
                rows = []
                database = sqlite3.connect(file)
                for statement in re.findall(r"(?is)select[^;]*;", script):
                    rows += ["|".join("" if cell is None else str(cell) for cell in row)
                             for row in database.execute(statement)]
                with open(os.path.join(out, base[:-len(".sqlite.output")] + ".csv"), "w") as f:
                    f.write("".join(row + "\n" for row in rows))
            generated = set(glob.glob("*.csv", root_dir=out))
        elif test["extra"] == "json":
            for file in glob.glob(os.path.join(checks, "*.json")):
                base = os.path.basename(file)
                found = os.path.join(out, base)
                problems.append(difference(base, sorted_lines(read(file)), sorted_lines(read(found)))
                                if os.path.exists(found) else f"{base} is missing")
        if expected != generated:
            problems.append(f"files: missing {sorted(expected - generated)}, too many {sorted(generated - expected)}")
        for name in sorted(expected & generated):
            problems.append(difference(name, sorted_lines(read(os.path.join(checks, name))),
                                       sorted_lines(read(os.path.join(out, name)))))
        problems = [problem for problem in problems if problem]
        return "\n  ".join(problems) or None
    except subprocess.TimeoutExpired:
        return "took longer than 300 s"
    finally:
        shutil.rmtree(work)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("root")
    arguments.add_argument("names", nargs="*")
    arguments.add_argument("-v", action="store_true")
    arguments.add_argument("--sovereign", default=os.path.join(HERE, "../../sovereign"))
    arguments.add_argument("--batch")
    options = arguments.parse_intermixed_args()
    known = {}
    with open(os.path.join(HERE, "known.txt"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, reason = line.strip().split(None, 1)
                known[name] = reason
    runner = Runner(options.sovereign, options.batch)
    counts = {"passed": 0, "failed": 0, "known": 0, "functors": 0}
    seen = set()
    sys.stdout.reconfigure(line_buffering=True)
    for test in tests(os.path.abspath(options.root)):
        if test["id"] in seen or (options.names and not any(part in test["id"] for part in options.names)):
            continue
        seen.add(test["id"])
        if not os.path.exists(os.path.join(test["dir"], test["name"] + ".dl")):
            continue
        problem = check(test, runner)
        if problem is None:
            counts["passed"] += 1
            if test["id"] in known:
                print(f"PASSES, though listed as known: {test['id']}")
        elif test["functors"]:
            counts["functors"] += 1
            print(f"needs functors of C++: {test['id']}")
        elif test["id"] in known:
            counts["known"] += 1
            print(f"known: {test['id']}: {known[test['id']]}")
        else:
            counts["failed"] += 1
            print(f"FAILED {'(negative) ' if test['negative'] else ''}{test['id']}" + (f"\n  {problem}" if options.v else ""))
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    sys.exit(1 if counts["failed"] else 0)


if __name__ == "__main__":
    main()
