// The arena planner: offsets derived by arithmetic, and random cases against brute force.
#include "transforms/ArenaPlanner.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

using fasternet::ArenaPlanner;
using Tensor = ArenaPlanner::Tensor;
using Borders = ArenaPlanner::Borders;

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
  ArenaPlanner planner(Borders::Kept);
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

TEST(ArenaPlanner, ShapesWithBorderNeverShareWhereBordersAreKept) {
  // Disjoint in time, but of different keys: 128 after 256 bytes, 384 in all, although 256 would hold either.
  ArenaPlanner planner(Borders::Kept);
  planner.add({"wide", 256, 0, 1, "a"});
  planner.add({"narrow", 128, 2, 3, "b"});
  planner.commit();
  EXPECT_EQ(planner.offset(0), 0);
  EXPECT_EQ(planner.offset(1), 256);
  EXPECT_EQ(planner.arenaBytes(), 384);
}

TEST(ArenaPlanner, ShapesShareWhereBordersAreCleared) {
  // A stage of two tensors of 256 bytes, then one of three of 128: "c" lies where "a" was, "d" behind it,
  // since "b" is dead by then, and "e" where "c" was. "a" and "b" find "c", "d" and "e" of the run before.
  ArenaPlanner planner(Borders::Cleared);
  planner.add({"a", 256, 0, 1, "wide"});
  planner.add({"b", 256, 1, 2, "wide"});
  planner.add({"c", 128, 2, 3, "narrow"});
  planner.add({"d", 128, 3, 4, "narrow"});
  planner.add({"e", 128, 4, 5, "narrow"});
  planner.commit();
  EXPECT_EQ(planner.arenaBytes(), 512);
  EXPECT_EQ(planner.offset(2), 0);
  EXPECT_EQ(planner.offset(3), 128);
  EXPECT_EQ(planner.offset(4), 0);
  EXPECT_TRUE(planner.clearsBorder(0));
  EXPECT_FALSE(planner.clearsBorder(1)); // nobody else came to its bytes
  EXPECT_TRUE(planner.clearsBorder(2));
  EXPECT_TRUE(planner.clearsBorder(3));
  EXPECT_FALSE(planner.clearsBorder(4)); // behind "c", of the same shape at the same place
  EXPECT_FALSE(planner.findConflict());
}

TEST(ArenaPlanner, BorderFreeTensorsNeedNoClearing) {
  ArenaPlanner planner(Borders::Cleared);
  planner.add({"vector", 256, 0, 0, ""});
  planner.add({"image", 128, 1, 1, "key"});
  planner.commit();
  EXPECT_FALSE(planner.clearsBorder(0));
  EXPECT_TRUE(planner.clearsBorder(1));
}

TEST(ArenaPlanner, BordersAreCleanWhenTheirTensorsAreWritten) {
  std::mt19937 random(11);
  auto upTo = [&](int64_t limit) { return std::uniform_int_distribution<int64_t>(0, limit - 1)(random); };
  size_t cleared = 0, kept = 0;
  for (int round = 0; round < 300; ++round) {
    ArenaPlanner planner(Borders::Cleared);
    std::vector<Tensor> tensors;
    const std::vector<std::pair<std::string, int64_t>> keys{{"", 200}, {"a", 128}, {"b", 300}, {"c", 640}};
    for (int64_t i = 0, step = 0; i < 12; ++i, step += upTo(2)) {
      const auto &[key, bytes] = keys[size_t(upTo(4))];
      tensors.push_back({"t" + std::to_string(i), bytes, step, step + upTo(3), key});
      planner.add(tensors.back());
    }
    planner.commit();
    std::optional<std::string> conflict = planner.findConflict();
    ASSERT_FALSE(conflict) << *conflict << "\n" << planner.map();
    // Whose border each unit of memory holds; "zero" fits all.
    std::vector<std::string> memory(size_t(planner.arenaBytes() / 128), "zero");
    for (int run = 0; run < 4; ++run) {
      const size_t end = size_t(1 + upTo(int64_t(tensors.size()))); // a run may be left anywhere
      for (size_t i = 0; i < end; ++i) {
        const size_t first = size_t(planner.offset(i) / 128), units = size_t(roundUp(tensors[i].bytes) / 128);
        const std::string own = tensors[i].shareKey + " at " + std::to_string(planner.offset(i));
        for (size_t unit = first; unit < first + units; ++unit) {
          if (!tensors[i].shareKey.empty() && !planner.clearsBorder(i)) {
            ASSERT_TRUE(memory[unit] == "zero" || memory[unit] == own) << planner.map();
          }
          memory[unit] = own;
        }
        if (!tensors[i].shareKey.empty())
          ++(planner.clearsBorder(i) ? cleared : kept);
      }
    }
  }
  EXPECT_GT(cleared, 1000u);
  EXPECT_GT(kept, 1000u);
}

TEST(ArenaPlanner, BorderFreeTensorsReuseMemoryOfAnySize) {
  // Behind the bordered slot of 128 bytes: "big" (steps 0..1, 1000 bytes, 1024 rounded) at 128; "first" and
  // "second" (steps 2..3, 512 each) lie in its place, at 128 and 128 + 512 = 640. End: 128 + 1024 = 1152.
  ArenaPlanner planner(Borders::Kept);
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
  ArenaPlanner planner(Borders::Kept);
  planner.commit();
  EXPECT_EQ(planner.arenaBytes(), 0);
  EXPECT_EQ(planner.map(), "offset KiB  size KiB    step\narena 0.0 KiB in 0 slots, 0 tensors\n");
}

TEST(ArenaPlanner, DrawsItsMap) {
  ArenaPlanner planner(Borders::Kept);
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
    ArenaPlanner planner(Borders::Kept);
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
