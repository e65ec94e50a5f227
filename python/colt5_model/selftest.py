"""Self tests of the NumPy model: worked numbers, edge cases, and second implementations of the same mathematics.

Started as python3 -m colt5_model.selftest. Prints 'ok N checks' and exits 0, or prints every failure and exits 1.
"""
import importlib
import sys

import numpy as np

MODULES = ("buckets", "selection", "softtopk", "routing", "movement", "norms", "attention", "local", "composites",
           "layers", "routed_layers", "comparison", "data", "command_line")


class Checker:
    """Counts checks and remembers failures."""

    def __init__(self):
        self.count, self.failures, self.where = 0, [], ""

    def true(self, condition, what):
        self.count += 1
        if not condition:
            self.failures.append(f"{self.where}: {what}")

    def equal(self, actual, expected, what):
        actual, expected = np.asarray(actual), np.asarray(expected)
        self.true(actual.shape == expected.shape and np.array_equal(actual, expected),
                  f"{what}: expected {expected.tolist()}, got {actual.tolist()}")

    def close(self, actual, expected, what, tolerance=1e-12):
        actual, expected = np.asarray(actual, dtype=float), np.asarray(expected, dtype=float)
        if actual.shape != expected.shape:
            self.true(False, f"{what}: expected shape {expected.shape}, got {actual.shape}")
            return
        same = actual == expected
        gap = np.where(same, 0.0, np.abs(np.where(same, 0.0, actual) - np.where(same, 0.0, expected)))
        worst = np.max(gap, initial=0.0)
        self.true(worst <= tolerance, f"{what}: expected a difference of at most {tolerance:g}, got {worst:g}")

    def far(self, actual, expected, what, distance=1e-3):
        """The two must differ: proves that a comparison can fail."""
        self.true(np.max(np.abs(np.asarray(actual) - np.asarray(expected)), initial=0.0) > distance,
                  f"{what}: expected a difference above {distance:g}")

    def raises(self, function, what):
        try:
            function()
        except ValueError:
            self.true(True, what)
            return
        self.true(False, f"{what}: expected a ValueError")


def check_the_checker(t):
    """Every kind of check must be able to fail."""
    probe = Checker()
    probe.true(False, "")
    probe.equal([1, 2], [1, 3], "")
    probe.equal([1, 2], [[1, 2]], "")
    probe.close([1.0], [1.1], "")
    probe.close([np.nan], [1.0], "")
    probe.close([1.0, 1.0], [1.0], "")
    probe.close([np.inf], [-np.inf], "")
    probe.far([1.0], [1.0], "")
    probe.raises(lambda: None, "")
    t.true(len(probe.failures) == probe.count == 9, f"9 rejected checks, got {len(probe.failures)}")


def main():
    t = Checker()
    check_the_checker(t)
    for name in MODULES:
        module = importlib.import_module(f"colt5_model.checks.{name}")
        for check in sorted(key for key in vars(module) if key.startswith("check_")):
            t.where = f"{name}.{check}"
            getattr(module, check)(t)
    for failure in t.failures:
        print(f"FAILED {failure}")
    print(f"{len(t.failures)} of {t.count} checks failed" if t.failures else f"ok {t.count} checks")
    return 1 if t.failures else 0


if __name__ == "__main__":
    sys.exit(main())
