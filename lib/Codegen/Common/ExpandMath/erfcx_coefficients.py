#!/usr/bin/env python3
"""Writes ErfCoefficients.inc: polynomials for exp(x^2) * erfc(x) = Q(t), t = (x - 2) / (x + 2).

Chebyshev interpolation in 80 digits, then expansion into powers of t. Usage: erfcx_coefficients.py > ErfCoefficients.inc
"""
from decimal import Decimal as D, getcontext

getcontext().prec = 80
ONE = D(1)


def pi():
    # Machin's formula.
    def arctan_inverse(n):
        total = term = ONE / n
        k = 1
        while abs(term) > D(10)**-78:
            term = -term / (n * n)
            k += 2
            total += term / k
        return total

    return 4 * (4 * arctan_inverse(5) - arctan_inverse(239))


PI = pi()


def cos(x):
    total = term = ONE
    n = 0
    while abs(term) > D(10)**-78:
        n += 2
        term = -term * x * x / (n * (n - 1))
        total += term
    return total


def erfcx(x):
    total = term = x
    n = 0
    while abs(term) > D(10)**-78:
        n += 1
        term = -term * x * x / n
        total += term / (2 * n + 1)
    return (x * x).exp() * (1 - 2 * total / PI.sqrt())


def to_x(t):
    return 2 * (1 + t) / (1 - t)


def to_t(x):
    return (x - 2) / (x + 2)


def fit(low, high, degree):
    """Coefficients of powers of t, lowest first, of the interpolant on x in [low, high]."""
    a, b = to_t(D(low)), to_t(D(high))
    nodes = [(a + b) / 2 + (b - a) / 2 * cos(PI * (2 * i + 1) / (2 * degree + 2)) for i in range(degree + 1)]
    table = [erfcx(to_x(t)) for t in nodes]
    for level in range(1, degree + 1):  # Newton's divided differences.
        for i in range(degree, level - 1, -1):
            table[i] = (table[i] - table[i - 1]) / (nodes[i] - nodes[i - level])
    result = [D(0)]
    for i in range(degree, -1, -1):
        shifted = [D(0)] + result
        result = [s - nodes[i] * r for s, r in zip(shifted, result + [D(0)])]
        result[0] += table[i]
    return result[:degree + 1]


def error(low, high, coefficients):
    """Largest absolute error of erf that comes from the fit."""
    worst = D(0)
    for i in range(101):
        x = D(low) + (D(high) - D(low)) * i / 100
        value = D(0)
        for c in reversed(coefficients):
            value = value * to_t(x) + c
        worst = max(worst, abs(value - erfcx(x)) * (-x * x).exp())
    return worst


print("// Written by erfcx_coefficients.py.")
for name, low, high, degree in (("kErfcxF32", 1, 4, 5), ("kErfcxF64", 1, 6, 15)):
    coefficients = fit(low, high, degree)
    print(f"// Largest error of erf on [{low}, {high}] before rounding: {error(low, high, coefficients):.1e}")
    print(f"constexpr double {name}[] = {{" + ", ".join(f"{float(c)!r}" for c in coefficients) + "};")
