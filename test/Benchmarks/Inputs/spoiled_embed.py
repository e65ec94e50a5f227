"""colt5_bench.gpu.embed_check with something wrong, which it has to find: spoiled_embed.py WHAT PACKED ARTEFACT DRIVER.

WHAT: `graph` starts nothing, `threads` run nothing, `workspace`, `device` and `index` hide what the artefact refuses,
`dlpack` makes no tensor. Prints the reasons.
"""
import sys

from colt5_bench.gpu import embed_check
from colt5_bench.gpu.embed_check import Call, Embedded, Graph, Item


def hide(method, name):
    original = getattr(Embedded, method)

    def call(self, *arguments):
        try:
            original(self, *arguments)
        except embed_check.Error as error:
            if not str(error).startswith(name):
                raise
    setattr(Embedded, method, call)


def make_idle_twin(call):
    twin = TWIN(call)
    twin.start = lambda stream: 0
    return twin


TWIN = Call.twin
WHAT = {"graph": lambda: setattr(Graph, "launch", lambda self: None),
        "threads": lambda: setattr(Call, "twin", make_idle_twin),
        "workspace": lambda: hide("check", "COLT5_SMALL_WORKSPACE"),
        "device": lambda: hide("check", "COLT5_BAD_DEVICE"),
        "index": lambda: hide("wait", "COLT5_CPU_BAD_INDEX"),
        "dlpack": lambda: setattr(Embedded, "take_dlpack", lambda self, described, tensor: None)}
WHAT[sys.argv[1]]()
settings = {"driver": sys.argv[4], "seed": 3, "threads": 2, "streams": 2, "torch": False}
for reason in embed_check.check(Item(f"{sys.argv[2]}/embedded/{sys.argv[3]}"), settings)["reasons"]:
    print(f"wrong: {reason}")
