"""Times of one embedded artefact on a real driver: loading, a run, and what lies between its launches."""
import ctypes
import statistics
import time

from colt5.artefact import Options

from .cuda import CudaDevice
from .embedded import ON_CUDA, Call, Embedded
from .streams import Graph, Stopwatch, Stream

ROUNDS = 30


def measure_loading(item, driver):
    """Seconds of context_create, load, first and second run; the first context of the process, then a later one."""
    artefact = Embedded(item.library, device_kind=ON_CUDA, driver=driver)
    artefact.close()
    options = Options(ctypes.sizeof(Options), ON_CUDA, 0, None, driver and driver.encode(), None, 0, 0)
    inputs, rows = item.make_inputs(1), []
    for _ in range(2):
        row, artefact.context = {}, ctypes.c_void_p()

        def timed(name, work):
            start = time.perf_counter()
            work()
            row[name] = time.perf_counter() - start
        create = artefact.get("context_create")
        timed("create", lambda: artefact.check(create(ctypes.byref(options), ctypes.byref(artefact.context))))
        timed("load", artefact.load)
        call = Call(artefact, inputs)

        def run():
            artefact.check(call.start())
            artefact.wait()
        timed("first run", run)
        timed("second run", run)
        call.free()
        artefact.close()
        rows.append(row)
    return dict(zip(("first", "later"), rows))


def measure_runs(item, driver):
    """Medians of ROUNDS in seconds, in turns: GPU time of a direct run and of a graph's, wall time of both."""
    device = CudaDevice(driver)
    artefact = Embedded(item.library, device_kind=ON_CUDA, driver=driver)
    artefact.load()
    call, stream = Call(artefact, item.make_inputs(1)), Stream(device)
    handle = stream.handle
    graph, watch = Graph(stream, lambda: artefact.check(call.start(handle))), Stopwatch(stream)
    work = {"direct": lambda: artefact.check(call.start(handle)), "graph": graph.launch}
    times = {f"{name} {kind}": [] for name in work for kind in ("GPU", "wall", "host")}
    for round_ in range(ROUNDS + 3):
        for name in sorted(work, reverse=round_ % 2 == 1):
            gpu = watch.measure(work[name])
            start = time.perf_counter()
            work[name]()
            host = time.perf_counter() - start
            stream.synchronize()
            wall = time.perf_counter() - start
            if round_ >= 3:
                for kind, value in (("GPU", gpu), ("wall", wall), ("host", host)):
                    times[f"{name} {kind}"].append(value)
    artefact.wait(handle)
    result = {name: statistics.median(values) for name, values in times.items()}
    watch.close()
    graph.close()
    stream.close()
    call.free()
    artefact.close()
    device.close()
    return {**result, "rounds": ROUNDS}


def measure(item, settings):
    result = {"reasons": [], "loading": measure_loading(item, settings["driver"])}
    if settings.get("runs"):
        result["runs"] = measure_runs(item, settings["driver"])
    return result
