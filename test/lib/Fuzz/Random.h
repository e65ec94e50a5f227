#ifndef COLT5_TEST_LIB_FUZZ_RANDOM_H
#define COLT5_TEST_LIB_FUZZ_RANDOM_H

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <iterator>

namespace mlir::colt5::fuzz {

/// The same numbers for a seed on every machine (splitmix64).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// In [low, high].
  int64_t range(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(next() % static_cast<uint64_t>(high - low + 1));
  }
  /// In [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool chance(double probability) { return unit() < probability; }
  double normal() {
    double u = unit(), v = unit();
    return std::sqrt(-2.0 * std::log(1.0 - u)) * std::cos(2.0 * M_PI * v);
  }
  template <typename Range> const auto &pick(const Range &range) {
    return *(std::begin(range) + next() % std::size(range));
  }
  template <typename T> T pick(std::initializer_list<T> list) {
    return *(list.begin() + next() % list.size());
  }

private:
  uint64_t state;
};

} // namespace mlir::colt5::fuzz

#endif // COLT5_TEST_LIB_FUZZ_RANDOM_H
