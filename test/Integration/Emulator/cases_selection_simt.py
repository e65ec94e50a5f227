"""topk and soft_topk by the family simt: each chip takes half of the cases."""
from colt5_testing import selection as small
from colt5_testing.harness import CHIP, Suite

small.SIZES = (1, 37)


def main():
    suite = Suite()
    if CHIP == "sm_80":
        small.topk(suite, "f32", "row", True)
        small.topk(suite, "f64", "row", True, tie="highest_index")
        small.topk(suite, "f32", "row", True, sizes={"B": 2, "R": 1, "N": 300, "K": 70})
        small.soft_topk(suite, "f32", True, eps=0.5, iterations=5, init="neg")
        small.soft_topk(suite, "f32", True, overflow="iterate", iterations=5)
        small.soft_topk(suite, "f64", False, sizes={"B": 2, "R": 1, "N": 127}, solver="exact", eps=0.25)
    else:
        small.topk(suite, "f32", "route", True, tie="highest_index", order="score")
        small.topk(suite, "f32", "row", True, block=16)
        small.topk(suite, "f32", "row", True, sizes={"B": 2, "R": 1, "N": 300, "K": 70}, tie="highest_index", order="score")
        small.topk(suite, "f32", None, False, sizes={"B": 3, "R": 2, "N": 36, "K": 40}, order="score")
        small.soft_topk(suite, "f64", True, eps=0.1, iterations=3, eps_init=4.0, eps_decay=0.5)
        small.soft_topk(suite, "f32", False, block=16, iterations=5)
    suite.finish()


if __name__ == "__main__":
    main()
