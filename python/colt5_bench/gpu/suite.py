"""The list of programs: suite.json, one case per combination of its lists."""
import dataclasses
import itertools
import json

from .. import ROOT

SUITE = ROOT / "benchmarks" / "gpu" / "suite.json"
ROUTED_LIMIT = 2048  # tokens; a layer routes min(n / 16, this many)


@dataclasses.dataclass(frozen=True)
class Case:
    """One function of one size and type. Sizes in elements."""
    kind: str
    model: str
    n: int
    type: str
    d: int
    light_heads: int
    heavy_heads: int
    head_size: int
    light_width: int
    heavy_width: int
    radius: int
    small: bool = False
    phases: tuple = ("check", "time")

    @property
    def name(self):
        return f"{self.kind}_{self.model}_{self.n}_{self.type}"

    @property
    def routed(self):
        """Routed queries and feed-forward tokens; there are twice as many routed keys."""
        return max(1, min(self.n // 16, ROUTED_LIMIT))

    @property
    def keys(self):
        return min(2 * self.routed, self.n)

    def to_json(self):
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(values):
        return Case(**{**values, "phases": tuple(values["phases"])})


def _listed(value):
    return value if isinstance(value, list) else [value]


def read_suite(path=SUITE):
    """All cases of a suite file in order; ValueError names an entry that is not understood."""
    with open(path, encoding="utf8") as file:
        suite = json.load(file)
    cases = []
    for entry in suite["programs"]:
        unknown = set(entry) - {"kind", "model", "n", "type", "small", "phases"}
        if unknown:
            raise ValueError(f"{path}: {entry}: expected kind, model, n, type, small and phases, got {sorted(unknown)}")
        small = entry.get("small", False)
        phases = tuple(entry.get("phases", ["check"] if small else ["check", "time"]))
        for model, n, data in itertools.product(*(_listed(entry[key]) for key in ("model", "n", "type"))):
            cases.append(Case(entry["kind"], model, n, data, **suite["models"][model], small=small, phases=phases))
    names = [case.name for case in cases]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{path}: expected every program once, got several of {', '.join(repeated)}")
    return cases
