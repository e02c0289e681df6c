// JSON as this compiler accepts it: shallow, without duplicate keys, and with every problem reported by its
// place.
#pragma once

#include "support/Diagnostics.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <set>

namespace fasternet {

/// Limits of one kind of file. The nesting limit is what keeps a hostile file from exhausting the stack or
/// memory.
struct JsonLimits {
  size_t bytes = size_t(1) << 20;
  size_t depth = 32;
};

/// Parses `text` into a document that keeps the order of its keys. Syntax errors name line and column,
/// duplicate keys and too deep nesting their JSON path; `place` (a file name) starts every message.
std::optional<nlohmann::ordered_json> parseStrictJson(llvm::StringRef text, llvm::StringRef place,
                                                      const JsonLimits &limits, Diagnostics &diagnostics);

/// `text` as it may be printed: control characters, other bytes than ASCII and overlong text are cut or
/// replaced.
std::string printable(llvm::StringRef text, size_t limit = 120);

} // namespace fasternet
