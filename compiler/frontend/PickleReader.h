// Reads pickles without running them: plain containers and a short list of known constructors, nothing else.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace fasternet {

/// One object of a pickle. Objects refer to each other by index, so shared and cyclic ones cost nothing to
/// destroy.
struct PickleValue {
  enum class Kind {
    None,
    Bool,       ///< integer: 0 or 1
    Integer,    ///< integer
    Float,      ///< number
    String,     ///< text
    Bytes,      ///< text
    Tuple,      ///< items
    List,       ///< items (sets too)
    Dict,       ///< items: key, value, key, value ...
    Global,     ///< text: module.name
    Call,       ///< text: module.name of a constructor that PickleReader.cpp lists; items: its arguments
    Persistent, ///< items: the one value that names an object outside the pickle
    Opaque,     ///< something known to be harmless and of no use here
  };
  Kind kind = Kind::None;
  int64_t integer = 0;
  double number = 0;
  llvm::StringRef text;
  std::vector<uint32_t> items;
};

struct Pickle {
  std::vector<PickleValue> values;
  std::deque<std::string> names; ///< what the texts of globals point to
  uint32_t root = 0;

  const PickleValue &operator[](uint32_t index) const { return values[index]; }
};

/// Reads one pickle of protocol 2 to 5. Texts point into `bytes`. `place` starts every message; a global
/// outside the list is an error that names it.
llvm::Expected<Pickle> readPickle(llvm::StringRef bytes, llvm::StringRef place);

} // namespace fasternet
