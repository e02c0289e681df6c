// Slots of bordered tensors by colouring of intervals, the others by first fit.
#include "transforms/ArenaPlanner.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>

using namespace fasternet;

namespace {

int64_t roundUp(int64_t bytes) {
  return (bytes + ArenaPlanner::alignment - 1) / ArenaPlanner::alignment * ArenaPlanner::alignment;
}

/// Bytes that a tensor occupies. An empty one takes a unit too, so that no two live tensors have the same
/// address.
int64_t slotBytes(const ArenaPlanner::Tensor &tensor) {
  return std::max(roundUp(tensor.bytes), ArenaPlanner::alignment);
}

bool sameBorder(const ArenaPlanner::Tensor &a, const ArenaPlanner::Tensor &b) {
  return a.shareKey == b.shareKey && a.offset == b.offset;
}

} // namespace

size_t ArenaPlanner::add(Tensor tensor) {
  assert(tensor.bytes >= 0 && tensor.firstUse <= tensor.lastUse);
  tensors.push_back(std::move(tensor));
  return tensors.size() - 1;
}

void ArenaPlanner::commit() {
  totalBytes = placeFree(placeShared());
}

bool ArenaPlanner::overlapInTime(size_t a, size_t b) const {
  return tensors[a].firstUse <= tensors[b].lastUse && tensors[b].firstUse <= tensors[a].lastUse;
}

bool ArenaPlanner::overlapInSpace(const Tensor &a, const Tensor &b) const {
  return a.offset < b.offset + slotBytes(b) && b.offset < a.offset + slotBytes(a);
}

bool ArenaPlanner::clearsBorder(size_t tensor) const {
  const Tensor &own = tensors[tensor];
  if (own.shareKey.empty())
    return false;
  // Tensors on common bytes follow each other. The first of them in a run finds what the run before left, and
  // that may have ended anywhere.
  const Tensor *before = nullptr;
  bool othersCame = false;
  for (const Tensor &other : tensors) {
    if (&other == &own || !overlapInSpace(own, other))
      continue;
    othersCame |= !sameBorder(own, other);
    if (other.firstUse < own.firstUse && (!before || other.firstUse > before->firstUse))
      before = &other;
  }
  return before ? !sameBorder(own, *before) : othersCame;
}

/// Colours each key's live ranges in order of birth with the slot that was free first: for intervals that
/// needs no more colours than ranges that overlap at one step.
int64_t ArenaPlanner::placeShared() {
  std::vector<size_t> byBirth;
  for (size_t i = 0; i < tensors.size(); ++i)
    if (liesInSlots(tensors[i]))
      byBirth.push_back(i);
  std::stable_sort(byBirth.begin(), byBirth.end(),
                   [&](size_t a, size_t b) { return tensors[a].firstUse < tensors[b].firstUse; });

  struct Slot {
    int64_t offset, busyUntil;
  };
  std::map<std::string, std::vector<Slot>> slotsOfKey;
  int64_t end = 0;
  for (size_t i : byBirth) {
    Tensor &tensor = tensors[i];
    std::vector<Slot> &slots = slotsOfKey[tensor.shareKey];
    auto slot = std::find_if(slots.begin(), slots.end(),
                             [&](const Slot &slot) { return slot.busyUntil < tensor.firstUse; });
    if (slot == slots.end()) {
      slot = slots.insert(slots.end(), Slot{end, 0});
      end += slotBytes(tensor);
    }
    slot->busyUntil = tensor.lastUse;
    tensor.offset = slot->offset;
  }
  return end;
}

/// Places the tensors in `order` at the lowest offset from `base` where nothing placed earlier is alive at
/// the same time; returns the end of the memory used.
int64_t ArenaPlanner::firstFit(const std::vector<size_t> &order, int64_t base,
                               std::vector<int64_t> &offsets) const {
  offsets.assign(tensors.size(), -1);
  int64_t end = base;
  std::vector<size_t> placed; // by offset
  for (size_t i : order) {
    int64_t offset = base;
    for (size_t other : placed) {
      if (!overlapInTime(i, other))
        continue;
      if (offset + slotBytes(tensors[i]) <= offsets[other])
        break;
      offset = std::max(offset, offsets[other] + slotBytes(tensors[other]));
    }
    offsets[i] = offset;
    end = std::max(end, offset + slotBytes(tensors[i]));
    auto after = std::find_if(placed.begin(), placed.end(), [&](size_t p) { return offsets[p] > offset; });
    placed.insert(after, i);
  }
  return end;
}

int64_t ArenaPlanner::placeFree(int64_t base) {
  std::vector<size_t> byBirth;
  for (size_t i = 0; i < tensors.size(); ++i)
    if (!liesInSlots(tensors[i]))
      byBirth.push_back(i);
  if (byBirth.empty())
    return base;
  auto lifetime = [&](size_t i) { return tensors[i].lastUse - tensors[i].firstUse; };
  std::stable_sort(byBirth.begin(), byBirth.end(),
                   [&](size_t a, size_t b) { return tensors[a].firstUse < tensors[b].firstUse; });
  std::vector<size_t> bySize = byBirth, byLifetime = byBirth;
  std::stable_sort(bySize.begin(), bySize.end(), [&](size_t a, size_t b) {
    return std::make_tuple(slotBytes(tensors[a]), lifetime(a)) >
           std::make_tuple(slotBytes(tensors[b]), lifetime(b));
  });
  std::stable_sort(byLifetime.begin(), byLifetime.end(), [&](size_t a, size_t b) {
    return std::make_tuple(lifetime(a), slotBytes(tensors[a])) >
           std::make_tuple(lifetime(b), slotBytes(tensors[b]));
  });

  std::optional<int64_t> bestEnd;
  std::vector<int64_t> offsets, bestOffsets;
  for (const std::vector<size_t> *order : {&bySize, &byLifetime, &byBirth}) {
    int64_t end = firstFit(*order, base, offsets);
    if (!bestEnd || end < *bestEnd) {
      bestEnd = end;
      bestOffsets = offsets;
    }
  }
  for (size_t i : byBirth)
    tensors[i].offset = bestOffsets[i];
  return *bestEnd;
}

std::optional<std::string> ArenaPlanner::findConflict() const {
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor &a = tensors[i];
    if (a.offset < 0 || a.offset % alignment != 0)
      return a.name + ": offset " + std::to_string(a.offset) + " is not a multiple of " +
             std::to_string(alignment);
    if (a.offset + slotBytes(a) > totalBytes)
      return a.name + ": ends outside the arena of " + std::to_string(totalBytes) + " bytes";
    for (size_t j = 0; j < i; ++j) {
      const Tensor &b = tensors[j];
      if (!overlapInSpace(a, b))
        continue;
      if (overlapInTime(i, j))
        return a.name + " and " + b.name + " live at the same time on the same bytes";
      if (borders == Borders::Cleared)
        continue;
      if (a.shareKey != b.shareKey)
        return a.name + " and " + b.name + " of different shapes share a slot with a border";
      if (!a.shareKey.empty() && (a.offset != b.offset || a.bytes != b.bytes))
        return a.name + " and " + b.name + " share a part of a slot with a border";
    }
  }
  return std::nullopt;
}
