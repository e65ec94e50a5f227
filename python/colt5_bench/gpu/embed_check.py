"""Checks one embedded artefact on a device, in a process of its own: `python3 -m colt5_bench.gpu.embed_check JSON`.

JSON: folder, mode (check, fault or time), driver, seed, threads, streams, torch, maybe library and runs. Prints one line
of JSON: target, reasons (empty: it is right) and figures.
"""
import ctypes
import json
import pathlib
import sys
import threading

import numpy as np

from . import reference
from .cuda import CudaDevice
from .data import decode, make_inputs
from .embedded import ON_CUDA, ON_HOST, Call, Embedded, Error
from .programs import Tensor
from .streams import Graph, Stream
from .suite import Case

WILD_ADDRESS = 0x7000DEAD0000  # nothing is there


class Item:
    """A packed artefact: its manifest and paths."""

    def __init__(self, folder, library="libf.so"):
        self.folder = pathlib.Path(folder)
        values = json.loads((self.folder / "manifest.json").read_text(encoding="utf8"))
        self.name, self.kind, self.small = values["name"], values["kind"], values["small"]
        self.case = Case.from_json(values["case"]) if values["case"] else None
        self.inputs = [Tensor.from_json(tensor) for tensor in values["inputs"]]
        self.type, self.library = self.inputs[0].type, str(self.folder / library)

    def make_inputs(self, seed):
        """{name: stored values}."""
        return dict(zip((tensor.name for tensor in self.inputs), make_inputs(self.inputs, seed)))

    def expect(self, inputs):
        """(result in float64, tokens whose selection is a matter of rounding or None)."""
        wide = {t.name: decode(inputs[t.name], t.type) for t in self.inputs}
        if self.kind == "norm":
            return reference.registry.call("rms_norm", [wide["x"], wide["gain"]], {}, {})[0], None
        if self.kind == "gather":
            rows = np.where(wide["idx"][0][:, None] < 0, 0.0, wide["x"][0, wide["idx"][0]])
            return rows[None], None
        (result,), doubtful = reference.expected(self.case, wide)
        return result, doubtful

    def compare(self, what, found, wanted, doubtful):
        """Reasons why a stored result is not what is wanted, and its normalised error."""
        output = Tensor(what, found.shape, self.type)
        reasons, errors = reference.compare(self.case, [output], [found], [wanted], doubtful)
        return reasons, errors.get(what)


def get_result(values):
    return next(iter(values.values()))


def check_values(item, gpu, seed):
    """The call, its result, reasons and errors: GPU beside the artefact's CPU code and the float64 model."""
    inputs = item.make_inputs(seed)
    cpu = Embedded(item.library, device_kind=ON_HOST)
    own_call = Call(cpu, inputs)
    own = get_result(own_call.run())
    own_call.free()
    cpu.close()
    call = Call(gpu, inputs)
    first = get_result(call.run())
    call.spoil(0xA5)
    reasons = [] if get_result(call.run()).tobytes() == first.tobytes() else \
        ["garbage in outputs or workspace changes the result"]
    wanted, doubtful = item.expect(inputs)
    errors = {}
    for what, found, peer in (("GPU beside the model", first, wanted), ("CPU beside the model", own, wanted),
                              ("GPU beside CPU", first, decode(own, item.type))):
        more, error = item.compare(what, found, peer, doubtful)
        errors.update({what: error} if error is not None else {})
        reasons += more
    return call, first, reasons, errors


def check_graph(device, call, wanted):
    """A captured run gives the bits of a direct one."""
    stream = Stream(device)
    graph = Graph(stream, lambda: call.owner.check(call.start(stream.handle)))
    reasons = []
    for poison in (0xFF, 0xA5):
        call.spoil(poison)
        graph.launch()
        call.owner.wait(stream.handle)
        if get_result(call.read()).tobytes() != wanted.tobytes():
            reasons.append("a graph computes something else than a direct run")
    graph.close()
    stream.close()
    return reasons


def check_threads(device, call, wanted, threads, streams):
    """`threads` threads with `streams` streams each share the context; every run gives the same bits."""
    work = [[(call.twin(), Stream(device)) for _ in range(streams)] for _ in range(threads)]
    reasons = []

    def run(pairs):
        try:
            for _ in range(2):
                for twin, stream in pairs:
                    call.owner.check(twin.start(stream.handle))
            for twin, stream in pairs:
                call.owner.wait(stream.handle)
                if get_result(twin.read()).tobytes() != wanted.tobytes():
                    reasons.append("a thread beside others computes something else")
        except Error as error:
            reasons.append(f"a thread beside others: {error}")
    workers = [threading.Thread(target=run, args=(pairs,)) for pairs in work]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for twin, stream in (pair for pairs in work for pair in pairs):
        twin.free()
        stream.close()
    return sorted(set(reasons))


def expect_status(what, wanted, action):
    """Reasons, unless the action fails with the status of the name `wanted`."""
    try:
        action()
    except Error as error:
        return [] if str(error).startswith(wanted + ":") else [f"{what}: expected {wanted}, got {error}"]
    return [f"{what}: expected {wanted}, got no error"]


def check_errors(item, call, wanted):
    """What is wrong with a call is said, and the next run is right."""
    gpu, reasons = call.owner, []
    first = getattr(call.arguments, item.inputs[0].name)
    first.device_kind = ON_HOST
    reasons += expect_status("a tensor on the host", "COLT5_BAD_DEVICE", lambda: gpu.check(call.start()))
    first.device_kind = ON_CUDA
    if call.workspace_bytes:
        call.workspace_bytes -= 1
        reasons += expect_status("a small workspace", "COLT5_SMALL_WORKSPACE", lambda: gpu.check(call.start()))
        call.workspace_bytes += 1
    if item.kind == "gather":
        good = call.read_input("idx", (1, item.inputs[1].shape[1]), np.int32)
        bad = good.copy()
        bad[0, 3], bad[0, 5] = item.inputs[0].shape[1], -7
        gpu.copy_in(call.places["idx"], bad)
        gpu.check(call.start())
        reasons += expect_status("an index out of range", "COLT5_CPU_BAD_INDEX", gpu.wait)
        rows = get_result(call.read())
        expected = wanted.copy()
        expected[0, [3, 5]] = 0
        if rows.tobytes() != expected.tobytes():
            reasons.append("an index out of range: expected a row of zeros and the others as before")
        gpu.copy_in(call.places["idx"], good)
    if get_result(call.run()).tobytes() != wanted.tobytes():
        reasons.append("after refused calls a run computes something else")
    return reasons


class DlTensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("device_kind", ctypes.c_int32), ("device", ctypes.c_int32),
                ("rank", ctypes.c_int32), ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16),
                ("sizes", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.POINTER(ctypes.c_int64)),
                ("byte_offset", ctypes.c_uint64)]


def check_dlpack(item, call, wanted):
    """The first input described as DLPack does, on the device."""
    first, bf16 = getattr(call.arguments, item.inputs[0].name), item.type == "bf16"
    described = DlTensor(first.data, ON_CUDA, 0, first.rank, 4 if bf16 else 2, 16 if bf16 else 32, 1, first.sizes, None, 0)
    setattr(call.arguments, item.inputs[0].name, type(first)())
    call.owner.take_dlpack(described, first)
    call.spoil(0xFF)
    return [] if get_result(call.run()).tobytes() == wanted.tobytes() else ["DLPack: another result"]


def check_torch(item, gpu, inputs, wanted):
    """Tensors of PyTorch where they are."""
    import torch
    kinds = {"f32": torch.float32, "bf16": torch.bfloat16, "i32": torch.int32}
    tensors = {}
    for tensor in item.inputs:
        values = inputs[tensor.name]
        if tensor.type == "i1":  # not every PyTorch exports bool
            tensors[tensor.name] = values.astype(bool)
        else:
            bits = values.view(np.int16) if tensor.type == "bf16" else values
            tensors[tensor.name] = torch.from_numpy(bits).cuda().view(kinds[tensor.type])
    name = next(a["name"] for a in gpu.find()["arguments"] if a["output"])
    out = torch.full(wanted.shape, float("nan"), dtype=kinds[item.type], device="cuda")
    torch.cuda.synchronize()
    gpu.run(**tensors, **{name: out})
    found = out.cpu().view(torch.int16 if item.type == "bf16" else out.dtype).numpy().view(wanted.dtype)
    return [] if found.tobytes() == wanted.tobytes() else ["PyTorch's tensors: another result"]


def check(item, settings):
    device = CudaDevice(settings["driver"])
    gpu = Embedded(item.library, device_kind=ON_CUDA, driver=settings["driver"])
    gpu.load()
    call, wanted, reasons, errors = check_values(item, gpu, settings["seed"])
    reasons += check_graph(device, call, wanted)
    reasons += check_threads(device, call, wanted, settings["threads"], settings["streams"])
    reasons += check_errors(item, call, wanted)
    reasons += check_dlpack(item, call, wanted)
    if settings["torch"]:
        reasons += check_torch(item, gpu, item.make_inputs(settings["seed"]), wanted)
    result = {"target": gpu.target, "reasons": reasons, "errors": errors, "workspace_bytes": call.workspace_bytes}
    call.free()
    gpu.close()
    device.close()
    return result


def check_fault(item, settings):
    """A pointer to nothing: the failure is told, and the process goes on. The context is lost with it."""
    gpu = Embedded(item.library, device_kind=ON_CUDA, driver=settings["driver"])
    call = Call(gpu, item.make_inputs(settings["seed"]))
    getattr(call.arguments, item.inputs[0].name).data = WILD_ADDRESS

    def run():
        gpu.check(call.start())
        gpu.wait()
    return {"target": gpu.target, "reasons": expect_status("a wild pointer", "COLT5_GPU_LAUNCH_FAILED", run)}


def main():
    settings = json.loads(sys.argv[1])
    item = Item(settings["folder"], settings.get("library", "libf.so"))
    if settings["mode"] == "time":
        from .embed_timing import measure
        result = measure(item, settings)
    else:
        result = (check if settings["mode"] == "check" else check_fault)(item, settings)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
