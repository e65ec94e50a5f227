"""A loaded artefact: its host code with a launcher for a device."""
import ctypes
import math

import numpy as np

from . import abi
from .artefact import HOST
from .data import NUMPY
from .device import Buffer, DeviceError

WORKSPACE_SLACK = 256


class LoadedProgram:
    """Host entries and kernels of one artefact on one device."""

    def __init__(self, artefact, device):
        self.artefact, self.device = artefact, device
        self.entries = abi.Entries(artefact.path(HOST), artefact.function)
        self.kernels = device.load(artefact)
        self.error, self.launches = None, 0
        self.callback = abi.LAUNCH(self._launch)

    def _launch(self, state, number, grid, parameters):
        # An exception must not cross the compiled code: it is kept and raised by run.
        try:
            if number >= len(self.artefact.kernels):
                raise DeviceError(f"the host code launches kernel {number} of {len(self.artefact.kernels)}")
            self.launches += 1
            self.kernels.launch(number, grid[:3], parameters, state)
            return 0
        except Exception as error:  # noqa: BLE001
            self.error = error
            return abi.FIRST_LAUNCH_ERROR

    def records(self, addresses):
        """The tensor records for addresses of inputs, then outputs."""
        tensors = self.artefact.inputs + self.artefact.outputs
        return abi.Records([tensor.shape for tensor in tensors], addresses)

    def workspace_bytes(self, records):
        return self.entries.workspace_size(records.array)

    def check_result_sizes(self, records):
        """DeviceError if the host code computes other sizes than the manifest has."""
        wanted = [size for tensor in self.artefact.outputs for size in tensor.shape]
        sizes = (ctypes.c_int64 * max(len(wanted), 1))()
        self.entries.result_sizes(records.array, sizes)
        if list(sizes)[:len(wanted)] != wanted:
            raise DeviceError(f"{self.artefact.name}: the manifest has result sizes {wanted}, the code computes "
                              f"{list(sizes)[:len(wanted)]}")

    def run(self, records, workspace, error_word, stream=None):
        """Starts all kernels on `stream`; addresses are device memory. Raises what a launch raised."""
        launcher = abi.Launcher(stream, self.callback, error_word)
        self.error, self.launches = None, 0
        status = self.entries.run(records.array, ctypes.c_void_p(workspace), ctypes.byref(launcher))
        if self.error is not None:
            raise self.error
        if status:
            raise DeviceError(f"{self.artefact.name}: status {status}: {abi.STATUS.get(status, 'unknown')}")

    def unload(self):
        self.kernels.unload()


def run_once(program, inputs, poison):
    """Stored results of one run of stored inputs, everything else full of `poison`; a list of what was done wrong."""
    artefact, device, wrong = program.artefact, program.device, []
    buffers = [Buffer(device, tensor.bytes, poison, tensor.name) for tensor in artefact.inputs + artefact.outputs]
    extra = []
    try:
        for buffer, array in zip(buffers, inputs):
            buffer.write(array)
        records = program.records([buffer.address for buffer in buffers])
        program.check_result_sizes(records)
        extra = [Buffer(device, program.workspace_bytes(records) + WORKSPACE_SLACK, poison, "workspace"),
                 Buffer(device, 4, poison, "error word")]
        extra[1].write(np.zeros(1, np.int32))
        program.run(records, extra[0].address, extra[1].address, device.stream)
        device.synchronize()
        if extra[1].read((1,), np.int32)[0]:
            wrong.append("the error word is set although all indices are in range")
        wrong += [f"something was written behind {buffer.name}" for buffer in buffers + extra
                  if not buffer.is_guard_intact()]
        wrong += [f"input {tensor.name} was written" for tensor, buffer, array in zip(artefact.inputs, buffers, inputs)
                  if not np.array_equal(buffer.read(array.shape, array.dtype), array)]
        outputs = buffers[len(artefact.inputs):]
        results = [buffer.read(tensor.shape, NUMPY[tensor.type]) for buffer, tensor in zip(outputs, artefact.outputs)]
        assert all(result.size == math.prod(t.shape) for result, t in zip(results, artefact.outputs))
        return results, wrong
    finally:
        for buffer in buffers + extra:
            buffer.free()
