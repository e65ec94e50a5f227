"""topk and soft_topk on a GPU: rows that are longer than shared memory and registers, selections that are sorted in
shared memory and in global scratch."""
import numpy as np

from colt5_testing import selection as small
from colt5_testing.harness import Suite, garbage, model, structured


def topk(suite, data, n, k, kind, static=False, routes=1, **attributes):
    sizes = {"B": 1, "R": routes, "N": n, "K": k} if static else None
    compiled = suite.compile(small.topk_program("row", True), data, sizes, **attributes)
    shape = (1, routes, k)
    arrays = {"s": small.scores(kind, 1, routes, n), "mask": small.masks(1, n),
              "idx": garbage(small.RNG, shape, "i32"), "valid": garbage(small.RNG, shape, "i1"),
              "values": garbage(small.RNG, shape)}
    expect = model("topk", ["s"], ["mask"], k=k, **attributes)
    suite.check(compiled, arrays, lambda **v: expect(**v)[:3], where=f"N={n} K={k} {kind}")


def soft_topk(suite, data, n, static=False, **attributes):
    kinds = {"s": "BRN S", "k_norm": "BR S", "mask": "BN i1", "w": "BRN S"}
    sizes = {"B": 1, "R": 1, "N": n} if static else None
    compiled = suite.compile(structured("soft_topk", ["s", "k_norm"], [("mask", ["mask"])], ["w"], kinds), data, sizes,
                             **attributes)
    arrays = {"s": small.scores("normal", 1, 1, n), "k_norm": np.full((1, 1), n / 9),
              "mask": small.masks(1, n), "w": garbage(small.RNG, (1, 1, n))}
    suite.check(compiled, arrays, model("soft_topk", ["s", "k_norm"], ["mask"], **attributes), where=f"N={n}",
                norm=None if data == "f64" else 2e-5)


def main():
    suite = Suite()
    topk(suite, "f32", 4096, 256, "normal", static=True, routes=2)
    topk(suite, "f32", 4096, 512, "ties", static=True, order="score")
    topk(suite, "f32", 4096, 4100, "ties", order="score")
    topk(suite, "f32", 70000, 777, "ties")
    topk(suite, "f32", 30000, 5000, "special", static=True, order="score", tie="highest_index")
    topk(suite, "f64", 13000, 100, "special", static=True, tie="highest_index")
    topk(suite, "f32", 8192, 64, "normal", static=True, block=1024)
    soft_topk(suite, "f32", 4096, static=True)
    soft_topk(suite, "f32", 70000, iterations=5)
    soft_topk(suite, "f32", 9000, static=True, iterations=8)
    soft_topk(suite, "f32", 30000, static=True, iterations=5)
    soft_topk(suite, "f64", 5000, iterations=5, eps=0.1, eps_init=4.0, eps_decay=0.5)
    suite.finish()


if __name__ == "__main__":
    main()
