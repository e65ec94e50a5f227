"""Says which package a program needs that its interpreter does not have."""
import importlib.util
import os
import sys

DEBIAN = {"numpy": "python3-numpy", "torch": "python3-torch"}


def need(*packages):
    """Ends the program unless every package is there."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"{os.path.basename(sys.argv[0])}: expected {' and '.join(missing)} for {sys.executable}, found none; "
                 f"install it (Debian: {' '.join(DEBIAN.get(name, name) for name in missing)}) "
                 f"or run a python3 that has it")
