// The arena over time as text, for `inspect --memory`.
#include "transforms/ArenaPlanner.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <map>

using namespace fasternet;

std::string ArenaPlanner::map() const {
  // A slot is a place and a size; in border-free memory slots of different sizes may lie over each other.
  struct Slot {
    std::string label;
    size_t tenants = 0;
    std::string steps;
  };
  int64_t stepCount = 0;
  for (const Tensor &tensor : tensors)
    stepCount = std::max(stepCount, tensor.lastUse + 1);
  std::map<std::pair<int64_t, int64_t>, Slot> slots;
  for (const Tensor &tensor : tensors) {
    Slot &slot = slots[{tensor.offset, tensor.bytes}];
    if (slot.tenants++ == 0) {
      slot.label = tensor.name;
      slot.steps.assign(stepCount, '.');
    }
    for (int64_t step = tensor.firstUse; step <= tensor.lastUse; ++step)
      slot.steps[step] = step == tensor.firstUse ? '#' : '=';
  }

  std::string text;
  llvm::raw_string_ostream os(text);
  auto kib = [](int64_t bytes) { return llvm::format("%10.1f", double(bytes) / 1024); };
  os << "offset KiB  size KiB  ";
  for (int64_t step = 0; step < stepCount; ++step)
    os << step % 10;
  os << "  step\n";
  for (const auto &[place, slot] : slots) {
    os << kib(place.first) << kib(place.second) << "  " << slot.steps << "  " << slot.label;
    if (slot.tenants > 1)
      os << " and " << slot.tenants - 1 << " more";
    os << "\n";
  }
  os << "arena " << llvm::format("%.1f", double(totalBytes) / 1024) << " KiB in " << slots.size()
     << (slots.size() == 1 ? " slot" : " slots") << ", " << tensors.size()
     << (tensors.size() == 1 ? " tensor\n" : " tensors\n");
  return text;
}
