"""topk and soft_topk: odd sizes, ties, special values, masks, blocks, more slots than tokens."""
from colt5_testing.harness import SIZES as WITHOUT_CALLS
from colt5_testing.harness import Suite
from colt5_testing.selection import soft_topk, topk


def main():
    suite = Suite()
    topk(suite, "f32", "row", True)
    topk(suite, "f32", None, False, order="score")
    topk(suite, "f32", "route", True, tie="highest_index", order="score")
    topk(suite, "f64", "row", True, tie="highest_index")
    topk(suite, "f32", "row", True, block=16)
    topk(suite, "f32", "row", True, sizes={"B": 2, "R": 1, "N": 129, "K": 17})
    topk(suite, "f32", "row", True, sizes={"B": 3, "R": 2, "N": 36, "K": 40}, order="score")
    soft_topk(suite, "f32", False)
    soft_topk(suite, "f32", True, eps=0.5, iterations=9, init="neg")
    soft_topk(suite, "f64", True, eps=0.03, iterations=20, init="neg", eps_init=4.0, eps_decay=0.7)
    soft_topk(suite, "f64", True, eps=0.1, iterations=2, eps_init=4.0, eps_decay=0.5)
    soft_topk(suite, "f32", True, overflow="iterate")
    soft_topk(suite, "f32", True, solver="exact")
    soft_topk(suite, "f64", False, solver="exact", eps=0.25)
    soft_topk(suite, "f32", False, block=16)
    soft_topk(suite, "f32", False, sizes={"B": 2, "R": 3, "N": 127})
    if WITHOUT_CALLS:  # blocks that drawn sizes can fill
        topk(suite, "f32", "row", True, block=2)
        topk(suite, "f32", None, False, block=3)
        soft_topk(suite, "f32", True, block=2)
    suite.finish()


if __name__ == "__main__":
    main()
