"""The check of benchmarks/gpu/run on the CUDA device, with the mock driver whose kernels run in the emulator.

mock_run.py ARTEFACTS MOCK EMULATOR [FUNCTION]: the folder of artefacts, the libraries, and a function of the driver
that shall fail.
"""
import ctypes
import pathlib
import sys

from colt5_bench.gpu.artefact import read_artefact
from colt5_bench.gpu.check import check_program
from colt5_bench.gpu.cuda import CudaDevice
from colt5_bench.gpu.device import DeviceError
from colt5_bench.gpu.emulator import EmulatedModule, EmulatorDevice

OUT_OF_MEMORY = 2


class Launch(ctypes.Structure):
    _fields_ = [("kernel", ctypes.c_char_p), ("grid", ctypes.c_uint32 * 3), ("block", ctypes.c_uint32 * 3),
                ("cluster", ctypes.c_uint32 * 3), ("dynamic_shared_bytes", ctypes.c_uint32),
                ("stream", ctypes.c_void_p), ("num_parameters", ctypes.c_uint32), ("parameter_bytes", ctypes.POINTER(ctypes.c_uint32)),
                ("parameters", ctypes.POINTER(ctypes.c_void_p))]


RUNNER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Launch))
VISIT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


def make_runner(mock, emulator, artefact):
    """Executes a launch that the mock accepted: all its memory is the kernel's."""
    module, library = EmulatedModule(emulator, artefact), emulator.api

    def run(_, launch):
        launch, seen = launch.contents, []

        def visit(_, address, size):
            library.emulator_add_buffer(module.handle, b"memory", ctypes.c_void_p(address), ctypes.c_uint64(size), 1)
            seen.append(address)
        mock.mock_visit_memory(VISIT(visit), None)
        message = ctypes.create_string_buffer(4096)
        failed = library.emulator_launch(module.handle, launch.kernel, launch.grid, launch.block,
                                         ctypes.c_uint32(launch.dynamic_shared_bytes),
                                         ctypes.c_uint32(launch.num_parameters), launch.parameter_bytes,
                                         launch.parameters, message, ctypes.c_size_t(len(message)))
        for address in seen:
            library.emulator_remove_buffer(module.handle, ctypes.c_void_p(address))
        if failed:
            print(message.value.decode())
        return 719 if failed else 0
    return RUNNER(run)


def main():
    root, mock, emulator = pathlib.Path(sys.argv[1]), ctypes.CDLL(sys.argv[2]), EmulatorDevice(sys.argv[3])
    mock.mock_reset()
    mock.mock_set_devices(1, (ctypes.c_int * 1)(90))
    device, wrong = CudaDevice(sys.argv[2]), 0
    artefacts = [read_artefact(path.parent) for path in sorted(root.glob("*/manifest.json"))]
    live = mock.mock_num_live_objects()
    if len(sys.argv) > 4:
        mock.mock_fail_function(sys.argv[4].encode(), OUT_OF_MEMORY)
    for artefact in artefacts:
        refusal = device.accepts(artefact)
        if refusal:
            print(f"{artefact.name}: {refusal}")
            continue
        runner = make_runner(mock, emulator, artefact)
        mock.mock_set_kernel_runner(runner, None)
        try:
            reasons = check_program(artefact, device, 3)["reasons"]
        except DeviceError as error:
            reasons = [str(error)]
        wrong += bool(reasons)
        for reason in reasons:
            print(f"wrong: {artefact.name}: {reason}")
    mock.mock_first_misuse.restype = ctypes.c_char_p
    misuse = mock.mock_first_misuse()
    print(f"{device.describe()['capability']}: {len(artefacts)} artefacts, {wrong} wrong, "
          f"{mock.mock_num_live_objects() - live} objects left, misuse: {(misuse or b'none').decode()}")
    return 1 if wrong or misuse else 0


sys.exit(main())
