"""The programs of benchmarks/, and what they share. See benchmarks/README.md."""
import pathlib

# The repository, or the folder of an archive that benchmarks/gpu/pack wrote.
ROOT = pathlib.Path(__file__).resolve().parents[2]
