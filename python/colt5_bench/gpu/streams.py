"""Streams, graphs and events of the CUDA driver, for a CudaDevice whose context is current."""
import ctypes

NON_BLOCKING = 1  # CU_STREAM_NON_BLOCKING
THREAD_LOCAL = 1  # CU_STREAM_CAPTURE_MODE_THREAD_LOCAL


class Stream:
    """A stream that waits for no other."""

    def __init__(self, device):
        self.device, handle = device, ctypes.c_void_p()
        device.do("cuStreamCreate", ctypes.byref(handle), NON_BLOCKING)
        self.handle = handle.value

    def synchronize(self):
        self.device.do("cuStreamSynchronize", ctypes.c_void_p(self.handle))

    def close(self):
        self.device.do("cuStreamDestroy_v2", ctypes.c_void_p(self.handle))


class Graph:
    """What `work` starts on the stream, to be started again."""

    def __init__(self, stream, work):
        self.stream, self.device = stream, stream.device
        self.graph, self.executable = ctypes.c_void_p(), ctypes.c_void_p()
        self.device.do("cuStreamBeginCapture_v2", ctypes.c_void_p(stream.handle), THREAD_LOCAL)
        try:
            work()
        finally:
            self.device.do("cuStreamEndCapture", ctypes.c_void_p(stream.handle), ctypes.byref(self.graph))
        self.device.do("cuGraphInstantiateWithFlags", ctypes.byref(self.executable), self.graph, ctypes.c_ulonglong(0))

    def launch(self):
        self.device.do("cuGraphLaunch", self.executable, ctypes.c_void_p(self.stream.handle))

    def close(self):
        self.device.do("cuGraphExecDestroy", self.executable)
        self.device.do("cuGraphDestroy", self.graph)


class Stopwatch:
    """GPU time of what is started on a stream between `start` and `stop`."""

    def __init__(self, stream):
        self.stream, self.device = stream, stream.device
        self.events = [ctypes.c_void_p(), ctypes.c_void_p()]
        for event in self.events:
            self.device.do("cuEventCreate", ctypes.byref(event), 0)

    def _record(self, event):
        self.device.do("cuEventRecord", event, ctypes.c_void_p(self.stream.handle))

    def measure(self, work):
        """Seconds of GPU time."""
        self._record(self.events[0])
        work()
        self._record(self.events[1])
        self.stream.synchronize()
        milliseconds = ctypes.c_float()
        self.device.do("cuEventElapsedTime", ctypes.byref(milliseconds), *self.events)
        return milliseconds.value / 1e3

    def close(self):
        for event in self.events:
            self.device.do("cuEventDestroy_v2", event)
