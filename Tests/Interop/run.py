#!/usr/bin/python3
"""Runs the interoperability tests: the built program, real servers, slixmpp as client.

    run.py PATH/TO/broadsheet [--server prosody|ejabberd|both] [PATTERN ...]

A pattern picks the tests whose name contains it. The last line says how many passed and failed.
"""

import argparse
import logging
import os
import sys
import time
import unittest
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from world import SERVERS, InteropCase  # noqa: E402


class Report(unittest.TestResult):
    """One line per test, the reason under a failed one."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0
        self._began = 0.0

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._began = time.monotonic()

    def _line(self, mark: str, test: unittest.TestCase) -> None:
        took = time.monotonic() - self._began
        name = test.id().rpartition(".test_")[2].replace("_", " ")
        variant = getattr(test, "variant", "")
        print(f"  {mark} {name}{variant and f', {variant}'} ({took:.1f} s)", flush=True)

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1
        self._line("✔", test)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._line("-", test)
        print(f"      skipped: {reason}", flush=True)

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
        print("      " + reason.strip().replace("\n", "\n      "), file=sys.stderr, flush=True)


def quiet(record: logging.LogRecord) -> bool:
    """slixmpp leaves a task behind at every disconnect; asyncio would tell of each."""
    return "was destroyed but it is pending" not in record.getMessage()


def tests_in(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from tests_in(each)
        else:
            yield each


def chosen(patterns: list[str]) -> unittest.TestSuite:
    found = unittest.TestLoader().discover(str(HERE), "test_*.py")
    return unittest.TestSuite(
        test
        for test in tests_in(found)
        if (not patterns or any(pattern in test.id() for pattern in patterns))
        and (not test.only_with or InteropCase.make in test.only_with)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=Path, help="the built broadsheet")
    parser.add_argument("pattern", nargs="*", help="only tests whose name contains one of these")
    parser.add_argument("--server", choices=[*SERVERS, "both"], default="both")
    options = parser.parse_intermixed_args()
    if not options.binary.is_file():
        print(f"There is no program at {options.binary}; `make test` builds it.", file=sys.stderr)
        return 1
    os.environ["BROADSHEET_BINARY"] = str(options.binary.resolve())

    logging.getLogger("asyncio").addFilter(quiet)

    report = Report()
    for name in SERVERS if options.server == "both" else [options.server]:
        InteropCase.make = SERVERS[name]
        began = time.monotonic()
        print(f"with {InteropCase.make.name}:", flush=True)
        chosen(options.pattern).run(report)
        print(f"  in {time.monotonic() - began:.0f} s", flush=True)
    failed = len(report.failures) + len(report.errors)
    print(f"{report.passed} passed, {failed} failed")
    return 0 if report.passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
