"""A packed function: a folder with manifest.json, the host library, the device images and maybe a stored case.

manifest.json: format, name, function, case, chip, commit, compile_seconds, inputs, outputs, flops, kernels
[{name, block, dynamic_shared_bytes, parameters}] in launch numbers, files {name: sha256}, stored_seed.
"""
import dataclasses
import hashlib
import json
import pathlib

from .programs import Tensor
from .suite import Case

FORMAT = 1
IMAGES = (("cubin", "f.cubin"), ("ptx", "f.ptx"))
HOST, MODULE, STORED = "f.so", "f.nvvm.mlir", "stored.npz"


class Refused(Exception):
    """An artefact that is not what its manifest says; the text names the file."""


@dataclasses.dataclass
class Kernel:
    """One entry of the kernel table; `parameters` are bytes per parameter."""
    name: str
    block: list
    dynamic_shared_bytes: int
    parameters: list


@dataclasses.dataclass
class Artefact:
    folder: pathlib.Path
    name: str
    function: str
    case: Case
    chip: str
    commit: str
    compile_seconds: float
    inputs: list
    outputs: list
    flops: float
    kernels: list
    files: dict
    stored_seed: int

    @property
    def bytes(self):
        """Each input and output once."""
        return sum(tensor.bytes for tensor in self.inputs + self.outputs)

    def path(self, name):
        """The path of a file of the artefact, None if it has none."""
        return self.folder / name if name in self.files else None

    def write(self):
        """Writes manifest.json with the digests of all other files of the folder."""
        paths = sorted(path for path in self.folder.iterdir() if path.name != "manifest.json")
        self.files = {path.name: _sha256(path) for path in paths}
        values = {"format": FORMAT, **{field.name: getattr(self, field.name) for field in dataclasses.fields(self)}}
        del values["folder"]
        values.update(case=self.case.to_json(), inputs=[t.to_json() for t in self.inputs],
                      outputs=[t.to_json() for t in self.outputs],
                      kernels=[dataclasses.asdict(kernel) for kernel in self.kernels])
        (self.folder / "manifest.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf8")


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_artefact(folder):
    """The artefact in a folder after its files were compared with their digests; raises Refused."""
    folder = pathlib.Path(folder)
    try:
        values = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
        if values.pop("format") != FORMAT:
            raise Refused(f"{folder}: expected a manifest of format {FORMAT}; pack it again")
        for name, digest in values["files"].items():
            if not (folder / name).is_file():
                raise Refused(f"{folder / name}: the manifest lists it, but it is not there")
            if _sha256(folder / name) != digest:
                raise Refused(f"{folder / name}: its sha256 is not the one in the manifest")
        values.update(case=Case.from_json(values["case"]), kernels=[Kernel(**k) for k in values["kernels"]],
                      inputs=[Tensor.from_json(t) for t in values["inputs"]],
                      outputs=[Tensor.from_json(t) for t in values["outputs"]])
        return Artefact(folder=folder, **values)
    except (OSError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise Refused(f"{folder}/manifest.json: {type(error).__name__}: {error}") from error
