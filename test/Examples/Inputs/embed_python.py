"""The class of the package colt5 with everything that examples/embed-python/main.py leaves out.

embed_python.py MAIN LIBLAYER LIBOTHER [DRIVER]: MAIN is that program, which computes the layer in NumPy too.
"""
import ctypes
import pathlib
import runpy
import sys

import numpy as np
from colt5 import artefact
from colt5.artefact import ON_HOST, Artefact, Error


class Exported:
    """An array that only DLPack gets at, in the capsule that NumPy makes."""
    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class Versioned(Exported):
    """The same DLTensor in the newer capsule."""
    def __dlpack__(self, **options):
        old = super().__dlpack__(**options)
        self.struct = ctypes.create_string_buffer(32 + 48)
        ctypes.memmove(ctypes.byref(self.struct, 32), artefact.find_dl_tensor(old), 48)
        self.kept, api = old, ctypes.pythonapi
        api.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        api.PyCapsule_New.restype = ctypes.py_object
        return api.PyCapsule_New(ctypes.addressof(self.struct), b"dltensor_versioned", None)


def report(name, call):
    try:
        call()
        print(f"{name}: no error")
    except (Error, TypeError) as error:
        print(f"{name}: {type(error).__name__}: {error}")


def check_layer(driver):
    layer = Artefact(sys.argv[2], driver=driver)
    random = np.random.default_rng(2)
    shapes = {"x": (1, 33, 32), "router": (1, 32), "w_in": (32, 48), "w_gate": (32, 48), "w_out": (48, 32)}
    values = {name: random.normal(size=shape, scale=0.3).astype(np.float32) for name, shape in shapes.items()}
    values["mask"] = np.ones((1, 33), bool)
    direct = layer.run(**values)
    expected, routed = runpy.run_path(sys.argv[1])["compute"](**values)
    print("direct", np.abs(direct["y"] - expected).max() < 1e-5 and np.array_equal(direct["routed"][0], routed))
    outputs = {"y": np.full((1, 33, 32), np.nan, np.float32), "routed": np.full((1, 8), -1, np.int32)}
    for kind in (Exported, Versioned) if layer.device_kind == ON_HOST else ():
        # NumPy of before 1.25 exports no bool.
        wrapped = {name: kind(value) if name != "mask" else value for name, value in {**values, **outputs}.items()}
        layer.run("layer", **wrapped)
        print(kind.__name__, all(np.array_equal(outputs[name], direct[name]) for name in outputs))
        outputs["y"][:] = np.nan
    # Dimensions of size 1 may have any stride.
    strided = np.lib.stride_tricks.as_strided(values["x"], strides=(12, 128, 4))
    print("strides", np.array_equal(layer.run(**{**values, "x": strided})["y"], direct["y"]))

    report("missing", lambda: layer.run(x=values["x"]))
    report("unknown", lambda: layer.run(**values, z=1))
    report("function", lambda: layer.run("other"))
    report("type", lambda: layer.run(**{**values, "x": values["x"].astype(np.uint32)}))
    report("rank", lambda: layer.run(**{**values, "mask": values["mask"][0]}))
    report("step", lambda: layer.run(**{**values, "mask": np.ones((1, 66), bool)[:, ::2]}))
    transposed = np.asfortranarray(values["w_in"])
    report("order", lambda: layer.run(**{**values, "w_in": transposed}))
    report("output", lambda: layer.run(**values, y=outputs["y"][:, :5]))
    if layer.device_kind == ON_HOST:
        report("dlpack", lambda: layer.run(**{**values, "x": Exported(values["x"].astype(np.uint32))}))
        report("overlap", lambda: layer.run(**values, y=values["x"]))
    layer.close()


def check_other(driver):
    other = Artefact(sys.argv[3], driver=driver, num_threads=2)
    x = np.array([[1, -2, 0.5, 256]], np.float32)
    bits = (x.view(np.uint32) >> 16).astype(np.uint16)
    y = other.run("scale", x=bits, s=1.5)["y"]
    print("bf16", (y.astype(np.uint32) << 16).view(np.float32).tolist())
    try:
        import ml_dtypes
        y = other.run("scale", x=x.astype(ml_dtypes.bfloat16), s=np.float32(1.5))["y"]
        print("ml_dtypes", (y.astype(np.uint32) << 16).view(np.float32).tolist() == [[1.5, -3, 0.75, 384]])
    except ImportError:
        print("ml_dtypes True")
    print("bool", {name: value.tolist() for name, value in
                   other.run("best", scores=np.array([[[1, 3, 2]]], np.float32)).items()})
    report("which", lambda: other.run(x=bits, s=1.5))
    other.close()


print("prefixes", *(artefact.make_prefix(path) for path in (
    "dir/liblayer.so", "colt5.so", "libcolt5_base.so.1", "colt5x", "my-net.so", "3x", "é", ".so")))
driver = sys.argv[4] if len(sys.argv) > 4 else "/no/driver"
check_layer(driver)
if driver == "/no/driver":
    check_other(driver)
report("path", lambda: Artefact(pathlib.Path(sys.argv[2]), device_kind=2, driver="/no/driver"))
