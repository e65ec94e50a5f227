"""Packs compiled GPU functions, runs them on a device, checks and times them. See benchmarks/README.md."""
