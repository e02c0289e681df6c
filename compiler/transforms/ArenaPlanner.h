// Places tensors that live for a while in one block of memory. Independent of any IR: add, commit, query.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fasternet {

/// Two kinds of tensors. Those with an empty share key lie anywhere where no other such tensor lives at the
/// same time. Those with a share key (the shape of a bordered tensor) have a border that the memory's owner
/// zeroes once. Either they lie only in slots of their key, so that the border survives every run, or they
/// lie anywhere as well, and whoever takes over memory from another shape clears the border anew.
class ArenaPlanner {
public:
  enum class Borders { Kept, Cleared };
  explicit ArenaPlanner(Borders borders) : borders(borders) {}

  /// Offsets are multiples of it: FNET_ALIGNMENT of the runtime, two cache lines.
  static constexpr int64_t alignment = 128;

  struct Tensor {
    std::string name;
    int64_t bytes = 0;
    int64_t firstUse = 0, lastUse = 0; ///< steps, both inclusive: written at the first, last read at the last
    std::string shareKey;              ///< tensors of equal key have equal bytes
    int64_t offset = -1;               ///< set by commit
  };

  /// Returns the tensor's number. Needs bytes >= 0 and firstUse <= lastUse.
  size_t add(Tensor tensor);

  /// Gives every tensor its offset. Slots of a share key are as few as the tensors of that key alive at once,
  /// which is the least possible. The others are placed first fit in three orders (by size, by lifetime, by
  /// birth), of which the smallest result is kept.
  void commit();

  int64_t offset(size_t tensor) const { return tensors[tensor].offset; }
  /// Whether a tensor's border has to be cleared before it is written: the last that lay on any of its bytes
  /// was not of its key at its place, or may not have been, since a run can be left before its end.
  bool clearsBorder(size_t tensor) const;
  /// Bytes of the whole arena, a multiple of the alignment. 0 before commit.
  int64_t arenaBytes() const { return totalBytes; }

  /// What is wrong with the plan, or nothing: misaligned, outside the arena, two live tensors on the same
  /// bytes, or a slot of one share key touched by a tensor of another where borders are kept.
  std::optional<std::string> findConflict() const;

  /// The plan over time as text: a row per slot, a column per step, sizes in KiB. `#` marks the step that
  /// writes a tensor, `=` those for which it is kept, `.` unused memory.
  std::string map() const;

private:
  bool liesInSlots(const Tensor &tensor) const {
    return borders == Borders::Kept && !tensor.shareKey.empty();
  }
  int64_t placeShared();
  int64_t placeFree(int64_t base);
  int64_t firstFit(const std::vector<size_t> &order, int64_t base, std::vector<int64_t> &offsets) const;
  bool overlapInTime(size_t a, size_t b) const;
  bool overlapInSpace(const Tensor &a, const Tensor &b) const;

  Borders borders;
  std::vector<Tensor> tensors;
  int64_t totalBytes = 0;
};

} // namespace fasternet
