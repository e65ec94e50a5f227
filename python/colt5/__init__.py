"""Calls what the colt5 compiler made: `colt5.artefact` has the class for artefacts. Importing colt5 alone needs no NumPy."""

__version__ = "0.1.0"
