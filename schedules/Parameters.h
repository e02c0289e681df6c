// The numbers that a schedule strategy leaves open, and their text form, in which records and listings show
// them.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <cstdint>
#include <string>

namespace fasternet {

/// Accumulators that are live at once: vectors of channels times pixels of a row times rows. Text: 3x7x1.
struct RegisterTile {
  int64_t vectors = 1, pixels = 1, rows = 1;
  int64_t accumulators() const { return vectors * pixels * rows; }
  std::array<int64_t *, 3> sides() { return {&vectors, &pixels, &rows}; }
  bool operator==(const RegisterTile &) const = default;
};

/// Each parameter struct lists its members in `visit`: name and reference, in the order of the text form.
struct PatchConvParameters {
  int64_t vector = 0; ///< elements per vector, at most a panel
  RegisterTile tile;
  int64_t strip = 1;  ///< rows that share one pass over a tile's weights
  int64_t share = 0;  ///< 0: tasks are strips; 1: tasks are tiles of channels, for few strips
  int64_t unroll = 1; ///< steps of the reduction per iteration
  int64_t stage = 0;  ///< 1: a strip's input is first read in order into scratch
  int64_t fetch = 1;  ///< steps of the reduction whose values of a pixel one load brings
  int64_t ahead = 0;  ///< 1: the next tile's weights and the next strip's input are prefetched
  template <typename Visitor> void visit(Visitor &&member) {
    member("vector", vector), member("tile", tile), member("strip", strip), member("share", share),
        member("unroll", unroll), member("stage", stage), member("fetch", fetch), member("ahead", ahead);
  }
};

struct BlockParameters {
  int64_t vector = 0;
  RegisterTile partial, first, second; ///< of the convolution and the two products
  int64_t pixels = 1, rows = 1;        ///< strip whose hidden layer lies in scratch
  int64_t share = 0;    ///< 0: tasks are strips; 1: tasks are tiles of channels, for few strips
  int64_t unroll = 1;   ///< steps of both products' reductions per iteration
  int64_t pad = 0;      ///< elements between two pixels of the hidden layer
  int64_t fetch = 1;    ///< steps of a reduction whose values of a pixel one load brings
  int64_t winograd = 0; ///< of the convolution: 0: direct; 1: pairs of pixels, in the strip; 2: squares,
                        ///< before all strips. `partial` counts pixels, pairs or squares
  int64_t ahead = 0;    ///< 1: the next tile's weights and the next strip's input are prefetched
  template <typename Visitor> void visit(Visitor &&member) {
    member("vector", vector), member("partial", partial), member("first", first), member("second", second),
        member("pixels", pixels), member("rows", rows), member("share", share), member("unroll", unroll),
        member("pad", pad), member("fetch", fetch), member("winograd", winograd), member("ahead", ahead);
  }
};

struct HeadParameters {
  int64_t vector = 0;
  int64_t first = 1, second = 1; ///< vectors of values that are accumulated at once in each product
  template <typename Visitor> void visit(Visitor &&member) {
    member("vector", vector), member("first", first), member("second", second);
  }
};

struct AffineParameters {
  int64_t vector = 0;
  template <typename Visitor> void visit(Visitor &&member) { member("vector", vector); }
};

namespace detail {
std::string memberText(int64_t value);
std::string memberText(std::array<int64_t *, 3> sides);
bool readMember(llvm::StringRef text, int64_t &value);
bool readMember(llvm::StringRef text, std::array<int64_t *, 3> sides);
/// A tile is a struct that lists its `sides`, in the order of its text form.
template <typename Tile>
  requires requires(Tile tile) { tile.sides(); }
std::string memberText(Tile tile) {
  return memberText(tile.sides());
}
template <typename Tile>
  requires requires(Tile tile) { tile.sides(); }
bool readMember(llvm::StringRef text, Tile &tile) {
  return readMember(text, tile.sides());
}
/// Calls `set(name, value)` for each `name=value` of a comma-separated list; false from it is an error.
llvm::Error forEachAssignment(llvm::StringRef text,
                              llvm::function_ref<bool(llvm::StringRef, llvm::StringRef)> set);
} // namespace detail

/// Such as vector=8,tile=5x4x1,strip=1,share=0,unroll=1.
template <typename Parameters> std::string parametersText(Parameters parameters) {
  std::string text;
  parameters.visit([&](llvm::StringRef name, auto &member) {
    text += (text.empty() ? "" : ",") + name.str() + "=" + detail::memberText(member);
  });
  return text;
}

/// Overwrites the members that `text` names. Unknown names and malformed or negative values are errors; what
/// a kernel cannot run with, its strategy refuses.
template <typename Parameters> llvm::Error readParameters(llvm::StringRef text, Parameters &parameters) {
  return detail::forEachAssignment(text, [&](llvm::StringRef name, llvm::StringRef value) {
    bool read = false;
    parameters.visit([&](llvm::StringRef memberName, auto &member) {
      if (memberName == name)
        read = detail::readMember(value, member);
    });
    return read;
  });
}

} // namespace fasternet
