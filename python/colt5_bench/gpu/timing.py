"""Interleaved timing of contenders by CUDA graph replay with a cold L2. Seconds everywhere."""
import dataclasses
import random
import statistics
import time

import torch

from .machine import sample_clocks

FLUSHED_BYTES = 256 << 20  # written before every timed replay; an H200 has an L2 cache of 60 MB
CLOCK_TOLERANCE = 0.03  # between contenders of a round
ROUND_SECONDS = 0.05  # of one contender in one round, at least one replay
MIN_ROUNDS = 5
WALL_SECONDS = 1.0  # at most, for the times from Python


@dataclasses.dataclass
class Contender:
    """`call` starts the work on the current stream and returns the results."""
    name: str
    call: object
    setup_seconds: float = 0.0
    graph: object = None
    results: tuple = ()
    times: list = dataclasses.field(default_factory=list)
    joules: list = dataclasses.field(default_factory=list)


class Flusher:
    """Replaces all that L2 holds."""

    def __init__(self):
        self.memory = torch.empty(FLUSHED_BYTES // 4, dtype=torch.int32, device="cuda")

    def __call__(self):
        self.memory.zero_()


def warm_up(contender):
    """Calls until everything is compiled and tuned; the time counts as setup."""
    start = time.perf_counter()
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            contender.results = contender.call()
    torch.cuda.current_stream().wait_stream(stream)
    torch.cuda.synchronize()
    contender.setup_seconds += time.perf_counter() - start


def capture(contender):
    """Captures the graph; `results` are what a replay writes."""
    contender.graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(contender.graph):
        contender.results = contender.call()
    torch.cuda.synchronize()


def _time_graph(graph, flush, replays):
    """GPU time of each replay; the flush in between is not timed."""
    events = [(torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)) for _ in range(replays)]
    for begin, end in events:
        flush()
        begin.record()
        graph.replay()
        end.record()
    torch.cuda.synchronize()
    return [begin.elapsed_time(end) / 1e3 for begin, end in events]


def time_wall(call, repeat=20):
    """Median time from Python to the finished result, without graphs."""
    times, end = [], time.monotonic() + WALL_SECONDS
    while not times or (len(times) < repeat and time.monotonic() < end):
        torch.cuda.synchronize()
        start = time.perf_counter()
        call()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def run_rounds(contenders, flush, repeat, seconds):
    """Times all contenders in turn, in a new order every round, until each has `repeat` samples or the seconds are
    over. Rounds in which the SM clock differs by more than CLOCK_TOLERANCE do not count. Returns the rounds."""
    rng, rounds, end = random.Random(0), [], time.monotonic() + seconds
    first = {c.name: _time_graph(c.graph, flush, 2)[-1] for c in contenders}
    while min(len(c.times) for c in contenders) < repeat and (time.monotonic() < end or not rounds):
        order = rng.sample(contenders, len(contenders))
        clocks, taken = {}, {}
        for contender in order:
            replays = max(1, min(repeat // MIN_ROUNDS, int(ROUND_SECONDS / max(first[contender.name], 1e-6))))
            taken[contender.name] = _time_graph(contender.graph, flush, replays)
            clocks[contender.name] = sample_clocks()
        speeds = [sample["clocks.sm"] for sample in clocks.values() if sample.get("clocks.sm")]
        accepted = not speeds or max(speeds) <= min(speeds) * (1 + CLOCK_TOLERANCE)
        rounds.append({"order": [c.name for c in order], "clocks": clocks, "accepted": accepted})
        if accepted:
            for contender in order:
                contender.times += taken[contender.name]
                power = clocks[contender.name].get("power.draw")
                contender.joules += [power * statistics.median(taken[contender.name])] if power else []
    return rounds


def summarise(contender, wall):
    times = sorted(contender.times)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]  # noqa: E731
    return {"median": statistics.median(times), "p10": at(0.1), "p90": at(0.9), "samples": len(times),
            "setup_seconds": contender.setup_seconds, "wall": wall,
            "joules": statistics.median(contender.joules) if contender.joules else None}


def measure_ceilings(seconds=6.0):
    """{gemm_bf16, gemm_f32: TFLOP/s of 8192^3 products of normal data, copy_gbps: GB/s read and written}."""
    result = {}
    for name, dtype, size in (("gemm_bf16", torch.bfloat16, 8192), ("gemm_f32", torch.float32, 8192)):
        a, b = (torch.randn(size, size, device="cuda", dtype=dtype) for _ in range(2))
        out = torch.empty_like(a)
        result[name] = 2 * size ** 3 / _best(lambda: torch.mm(a, b, out=out), seconds / 4) / 1e12
    source = torch.empty(1 << 30, dtype=torch.int32, device="cuda")
    target = torch.empty_like(source)
    result["copy_gbps"] = 2 * source.numel() * 4 / _best(lambda: target.copy_(source), seconds / 4) / 1e9
    return result


def _best(call, seconds):
    """Median GPU time after a warm-up of the same length."""
    call()
    torch.cuda.synchronize()
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end or len(times) < 10:
        begin, done = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        call()
        done.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(done) / 1e3)
    return statistics.median(times[len(times) // 2:])
