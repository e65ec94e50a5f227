"""A layer through the interface of its artefact: on the CPU against the reference, on a driver against the CPU.

layer.py LIBRARY SOURCE FOLDER DRIVER
"""
import pathlib
import subprocess
import sys

import numpy as np
from colt5.artefact import ON_CUDA, ON_HOST, Artefact

TOLERANCE = 1e-5


def run_reference(entry, values, source, folder):
    folder.mkdir()
    command = ["colt5-run", source, "--backend=reference", "--quiet", f"--output-dir={folder}"]
    for argument in entry["arguments"]:
        if not argument["output"]:
            path = folder / f"{argument['name']}.npy"
            np.save(path, values[argument["name"]])
            command.append(f"--input={path}")
    subprocess.run(command, check=True)
    return [np.load(folder / f"{n}.npy") for n in range(sum(a["output"] for a in entry["arguments"]))]


def main():
    library, source, folder, driver = sys.argv[1:]
    cpu = Artefact(library, device_kind=ON_HOST, num_threads=2)
    gpu = Artefact(library, device_kind=ON_CUDA, driver=driver)
    entry = cpu.description["functions"][0]
    random, values = np.random.default_rng(5), {}
    for argument in entry["arguments"]:
        if not argument["output"]:
            # A weight's first sizes are what a sum runs over.
            scale = np.prod(argument["sizes"][:-1]) ** -0.5 if len(argument["sizes"]) > 1 else 1
            scale = 1 if argument["sizes"][0] == 1 else scale
            values[argument["name"]] = random.normal(size=argument["sizes"], scale=scale).astype(np.float32)
    reference = run_reference(entry, values, source, pathlib.Path(folder))
    results = {"cpu": cpu.run(**values), gpu.target: gpu.run(**values)}
    wrong = 0
    for name, outputs in results.items():
        for want, got in zip(reference, outputs.values()):
            error = np.abs(got - want).max() / np.abs(want).max()
            wrong += not error <= TOLERANCE
            print(f"{name}: normalised error {error:.1e}, expected at most {TOLERANCE:g}")
    difference = max(np.abs(a - b).max() for a, b in zip(*(r.values() for r in results.values())))
    wrong += not difference <= TOLERANCE
    print(f"{gpu.target} beside cpu: {difference:.1e}")
    cpu.close()
    gpu.close()
    print(f"{len(values)} inputs, {len(reference)} results, {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
