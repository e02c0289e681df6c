// The arena planner: offsets derived by arithmetic, and random cases against brute force.
#include "transforms/ArenaPlanner.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

using fasternet::ArenaPlanner;
using Tensor = ArenaPlanner::Tensor;

namespace {

int64_t roundUp(int64_t bytes) {
  return (bytes + 127) / 128 * 128;
}

bool alive(const Tensor &a, const Tensor &b) {
  return a.firstUse <= b.lastUse && b.firstUse <= a.lastUse;
}

TEST(ArenaPlanner, BlocksOfAStagePingPong) {
  // Three blocks: each reads its predecessor while it writes, so two slots of one shape alternate.
  // 1 x (2+2) x (2+2) x 3 channels x 4 bytes = 192 bytes, rounded up to 256: slots at 0 and 256, 512 bytes in
  // all.
  ArenaPlanner planner;
  for (int64_t step = 0; step < 4; ++step)
    planner.add({"t" + std::to_string(step), 192, step, step + 1, "1x2x2x3"});
  planner.commit();
  EXPECT_EQ(planner.offset(0), 0);
  EXPECT_EQ(planner.offset(1), 256);
  EXPECT_EQ(planner.offset(2), 0);
  EXPECT_EQ(planner.offset(3), 256);
  EXPECT_EQ(planner.arenaBytes(), 512);
  EXPECT_FALSE(planner.findConflict());
}

TEST(ArenaPlanner, ShapesWithBorderNeverShare) {
  // Disjoint in time, but of different keys: 128 after 256 bytes, 384 in all, although 256 would hold either.
  ArenaPlanner planner;
  planner.add({"wide", 256, 0, 1, "a"});
  planner.add({"narrow", 128, 2, 3, "b"});
  planner.commit();
  EXPECT_EQ(planner.offset(0), 0);
  EXPECT_EQ(planner.offset(1), 256);
  EXPECT_EQ(planner.arenaBytes(), 384);
}

TEST(ArenaPlanner, BorderFreeTensorsReuseMemoryOfAnySize) {
  // Behind the bordered slot of 128 bytes: "big" (steps 0..1, 1000 bytes, 1024 rounded) at 128; "first" and
  // "second" (steps 2..3, 512 each) lie in its place, at 128 and 128 + 512 = 640. End: 128 + 1024 = 1152.
  ArenaPlanner planner;
  planner.add({"first", 512, 2, 3, ""});
  planner.add({"big", 1000, 0, 1, ""});
  planner.add({"second", 512, 2, 3, ""});
  planner.add({"bordered", 100, 0, 0, "key"});
  planner.commit();
  EXPECT_EQ(planner.offset(3), 0);
  EXPECT_EQ(planner.offset(1), 128);
  EXPECT_EQ(planner.offset(0), 128);
  EXPECT_EQ(planner.offset(2), 640);
  EXPECT_EQ(planner.arenaBytes(), 1152);
  EXPECT_FALSE(planner.findConflict());
}

TEST(ArenaPlanner, NothingToPlace) {
  ArenaPlanner planner;
  planner.commit();
  EXPECT_EQ(planner.arenaBytes(), 0);
  EXPECT_EQ(planner.map(), "offset KiB  size KiB    step\narena 0.0 KiB in 0 slots, 0 tensors\n");
}

TEST(ArenaPlanner, DrawsItsMap) {
  ArenaPlanner planner;
  planner.add({"embed", 2048, 0, 1, "a"});
  planner.add({"block", 2048, 1, 2, "a"});
  planner.add({"block2", 2048, 2, 3, "a"});
  planner.add({"merge", 512, 3, 4, "b"});
  planner.commit();
  EXPECT_EQ(planner.map(), "offset KiB  size KiB  01234  step\n"
                           "       0.0       2.0  #=#=.  embed and 1 more\n"
                           "       2.0       2.0  .#=..  block\n"
                           "       4.0       0.5  ...#=  merge\n"
                           "arena 4.5 KiB in 3 slots, 4 tensors\n");
}

/// Least memory of tensors without a border: in the order of an optimal plan's offsets, placing each one as
/// low as possible gives an optimal plan, so all orders contain one.
int64_t leastFree(const std::vector<Tensor> &tensors) {
  std::vector<size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), 0);
  int64_t least = tensors.empty() ? 0 : INT64_MAX;
  if (tensors.empty())
    return 0;
  do {
    std::vector<int64_t> offsets(tensors.size());
    int64_t end = 0;
    for (size_t k = 0; k < order.size(); ++k) {
      const Tensor &tensor = tensors[order[k]];
      // Candidates: 0 and the ends of the tensors placed; the lowest that collides with nothing.
      std::vector<int64_t> candidates{0};
      for (size_t p = 0; p < k; ++p)
        candidates.push_back(offsets[order[p]] + roundUp(tensors[order[p]].bytes));
      std::sort(candidates.begin(), candidates.end());
      for (int64_t candidate : candidates) {
        bool free = true;
        for (size_t p = 0; p < k && free; ++p) {
          const Tensor &other = tensors[order[p]];
          free = !alive(tensor, other) || candidate + roundUp(tensor.bytes) <= offsets[order[p]] ||
                 offsets[order[p]] + roundUp(other.bytes) <= candidate;
        }
        if (free) {
          offsets[order[k]] = candidate;
          break;
        }
      }
      end = std::max(end, offsets[order[k]] + roundUp(tensor.bytes));
    }
    least = std::min(least, end);
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

/// Least number of slots for tensors of one key: all assignments of slots to tensors.
int64_t leastSlots(const std::vector<Tensor> &tensors, std::vector<size_t> slots = {}) {
  size_t next = slots.size();
  if (next == tensors.size())
    return int64_t(std::set<size_t>(slots.begin(), slots.end()).size());
  int64_t least = INT64_MAX;
  for (size_t slot = 0; slot < tensors.size(); ++slot) {
    bool free = true;
    for (size_t other = 0; other < next; ++other)
      free = free && !(slots[other] == slot && alive(tensors[other], tensors[next]));
    if (!free)
      continue;
    slots.push_back(slot);
    least = std::min(least, leastSlots(tensors, slots));
    slots.pop_back();
  }
  return least;
}

TEST(ArenaPlanner, AgainstBruteForce) {
  std::mt19937 random(7);
  auto upTo = [&](int64_t n) { return int64_t(random() % uint32_t(n)); };
  int optimal = 0;
  constexpr int cases = 400;
  for (int round = 0; round < cases; ++round) {
    const std::vector<std::pair<std::string, int64_t>> keys{{"", 0}, {"a", 300}, {"b", 640}};
    std::vector<std::vector<Tensor>> byKey(keys.size());
    ArenaPlanner planner;
    int64_t count = 1 + upTo(10);
    for (int64_t i = 0; i < count; ++i) {
      // At most six of a kind, for the sake of the brute force.
      size_t key = size_t(upTo(int64_t(keys.size())));
      if (byKey[key].size() == 6)
        continue;
      int64_t first = upTo(6);
      Tensor tensor{"t" + std::to_string(i), key == 0 ? 1 + upTo(1500) : keys[key].second, first,
                    first + upTo(4), keys[key].first};
      byKey[key].push_back(tensor);
      planner.add(tensor);
    }
    planner.commit();
    std::optional<std::string> conflict = planner.findConflict();
    ASSERT_FALSE(conflict) << *conflict << "\n" << planner.map();

    int64_t least = leastFree(byKey[0]);
    int64_t sharedBytes = 0;
    for (size_t key = 1; key < keys.size(); ++key)
      if (!byKey[key].empty())
        sharedBytes += leastSlots(byKey[key]) * roundUp(keys[key].second);
    ASSERT_GE(planner.arenaBytes(), sharedBytes + least);
    // Slots with border are optimal always; first fit of the others stays within a quarter of the optimum.
    EXPECT_LE(planner.arenaBytes(), sharedBytes + least * 5 / 4) << planner.map();
    optimal += planner.arenaBytes() == sharedBytes + least;
  }
  EXPECT_GE(optimal, cases * 95 / 100);
}

} // namespace
