#!/usr/bin/python3
"""Runs the interoperability tests: the built program, real servers, slixmpp as client.

    run.py PATH/TO/broadsheet [--server prosody|ejabberd|both] [--jobs COUNT] [PATTERN ...]

A pattern picks the tests whose name contains it. So many tests run side by side, each with servers of its
own: one more than there are cores unless told otherwise, since most of them wait most of the time. Those
that measure run alone, at the end. The last line says how many passed and failed.
"""

import argparse
import dataclasses
import logging
import multiprocessing
import os
import sys
import time
import unittest
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from world import SERVERS, InteropCase  # noqa: E402
from child import die_with_parent, share_ports  # noqa: E402


@dataclasses.dataclass
class Outcome:
    """What came of a test; it goes from one process to another."""

    lines: list[str] = dataclasses.field(default_factory=list)
    passed: int = 0
    failed: int = 0

    def show(self) -> None:
        for line in self.lines:
            print(line, flush=True)


class Report(unittest.TestResult):
    """One line per test, the reason under a failed one."""

    def __init__(self, server: str) -> None:
        super().__init__()
        self.server = server
        self.outcome = Outcome()
        self._began = 0.0

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._began = time.monotonic()

    def _line(self, mark: str, test: unittest.TestCase) -> None:
        took = time.monotonic() - self._began
        name = test.id().rpartition(".test_")[2].replace("_", " ")
        about = ", ".join(filter(None, (getattr(test, "variant", ""), self.server)))
        self.outcome.lines.append(f"  {mark} {name}, {about} ({took:.1f} s)")

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.outcome.passed += 1
        self._line("✔", test)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._line("-", test)
        self.outcome.lines.append(f"      skipped: {reason}")

    def addFailure(self, test: unittest.TestCase, err: tuple) -> None:
        super().addFailure(test, err)
        self._explain(test, self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err: tuple) -> None:
        super().addError(test, err)
        self._explain(test, self.errors[-1][1])

    def addSubTest(
        self, test: unittest.TestCase, subtest: unittest.TestCase, err: tuple | None
    ) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            self._explain(subtest, (self.failures if is_failure else self.errors)[-1][1])

    def _explain(self, test: unittest.TestCase, reason: str) -> None:
        self._line("✘", test)
        self.outcome.failed += 1
        self.outcome.lines.append("      " + reason.strip().replace("\n", "\n      "))


def quiet(record: logging.LogRecord) -> bool:
    """slixmpp leaves a task behind at every disconnect; asyncio would tell of each."""
    return "was destroyed but it is pending" not in record.getMessage()


def tests_in(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from tests_in(each)
        else:
            yield each


@dataclasses.dataclass(frozen=True)
class Job:
    """A test with one of the servers."""

    server: str
    test: unittest.TestCase

    def run(self) -> Outcome:
        InteropCase.make = SERVERS[self.server]
        report = Report(InteropCase.make.name)
        unittest.TestSuite([self.test]).run(report)
        return report.outcome


def chosen(server: str, patterns: list[str]) -> list[Job]:
    found = unittest.TestLoader().discover(str(HERE), "test_*.py")
    return [
        Job(server, test)
        for test in tests_in(found)
        if (not patterns or any(pattern in test.id() for pattern in patterns))
        and (not test.only_with or SERVERS[server] in test.only_with)
    ]


# Tests don't go from one process to another: the others have them, since they are forked.
jobs: list[Job] = []


def run_job(number: int) -> Outcome:
    return jobs[number].run()


def start_worker(part: multiprocessing.Value, parts: int) -> None:
    die_with_parent()
    with part.get_lock():
        share_ports(part.value, parts)
        part.value += 1


def run_side_by_side(numbers: list[int], count: int) -> Iterator[Outcome]:
    context = multiprocessing.get_context("fork")
    part = context.Value("i", 0)
    with ProcessPoolExecutor(count, context, start_worker, (part, count)) as pool:
        running = {pool.submit(run_job, number): number for number in numbers}
        for each in as_completed(running):
            try:
                yield each.result()
            except BrokenProcessPool as problem:
                test = jobs[running[each]].test
                yield Outcome([f"  ✘ {test.id()}: {problem}"], failed=1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=Path, help="the built broadsheet")
    parser.add_argument("pattern", nargs="*", help="only tests whose name contains one of these")
    parser.add_argument("--server", choices=[*SERVERS, "both"], default="both")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 2, help="how many at a time")
    options = parser.parse_intermixed_args()
    if not options.binary.is_file():
        print(f"There is no program at {options.binary}; `make test` builds it.", file=sys.stderr)
        return 1
    os.environ["BROADSHEET_BINARY"] = str(options.binary.resolve())

    logging.getLogger("asyncio").addFilter(quiet)

    for name in SERVERS if options.server == "both" else [options.server]:
        jobs.extend(chosen(name, options.pattern))
    shared = [number for number, job in enumerate(jobs) if not job.test.is_alone]
    alone = [number for number, job in enumerate(jobs) if job.test.is_alone]
    began = time.monotonic()
    passed, failed = 0, 0
    for numbers, count in ((shared, options.jobs), (alone, 1)):
        for outcome in run_side_by_side(numbers, count):
            outcome.show()
            passed += outcome.passed
            failed += outcome.failed
    print(f"  in {time.monotonic() - began:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
