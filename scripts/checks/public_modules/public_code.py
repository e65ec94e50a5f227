"""Whether the public CoLT5 code is installed."""
import importlib.metadata
import sys

VERSION = "0.11.2"


def require_public_code():
    """The versions in use; ends the program with status 77 when something is missing."""
    try:
        import torch
        import colt5_attention
        found = importlib.metadata.version("colt5-attention")
    except ImportError as error:
        print(f"skipped: needs PyTorch and colt5-attention {VERSION}: {error}")
        sys.exit(77)
    if found != VERSION:
        print(f"skipped: needs colt5-attention {VERSION}, found {found}")
        sys.exit(77)
    return f"colt5-attention {found}, local-attention {importlib.metadata.version('local-attention')}, " \
           f"PyTorch {torch.__version__}"
