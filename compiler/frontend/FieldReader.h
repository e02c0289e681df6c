// Reads the fields of a flat JSON object into checked values; every refusal says what was found and what is
// allowed.
#pragma once

#include "support/Diagnostics.h"

#include <nlohmann/json.hpp>

#include <map>

namespace fasternet {

/// A value of a description and the JSON path that messages name it by.
struct Field {
  nlohmann::ordered_json value;
  std::string path;
};

/// Fields by the published name, wherever in the file they stand.
using Fields = std::map<std::string, Field>;

class FieldReader {
public:
  FieldReader(const Fields &fields, llvm::StringRef file, Diagnostics &diagnostics)
      : fields(fields), file(file), diagnostics(diagnostics) {}

  /// Each leaves `result` alone when the field is absent or wrong; wrong ones are reported.
  void integer(llvm::StringRef name, int64_t minimum, int64_t maximum, int64_t &result);
  void integers(llvm::StringRef name, size_t maximumCount, int64_t minimum, int64_t maximum,
                std::vector<int64_t> &result);
  /// A number above `minimum`, or equal to it when `inclusive`.
  void number(llvm::StringRef name, double minimum, bool inclusive, double maximum, double &result);
  void boolean(llvm::StringRef name, bool &result);
  /// A string of at most `maximumLength` bytes and not empty.
  void string(llvm::StringRef name, size_t maximumLength, std::string &result);
  /// One of `allowed`; `what` explains the choice in the message.
  void choice(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> allowed, llvm::StringRef what,
              std::string &result);
  /// One number for both, or [height, width].
  void extent(llvm::StringRef name, int64_t minimum, int64_t maximum, int64_t &height, int64_t &width);

  const Field *find(llvm::StringRef name) const;
  /// The path of a field, or its name when it is absent.
  std::string path(llvm::StringRef name) const;
  void refuse(const llvm::Twine &path, const nlohmann::ordered_json &found, const llvm::Twine &expected);

private:
  bool integerAt(const nlohmann::ordered_json &value, const llvm::Twine &path, int64_t minimum,
                 int64_t maximum, int64_t &result);

  const Fields &fields;
  llvm::StringRef file;
  Diagnostics &diagnostics;
};

/// A JSON value as a message shows it: short, printable.
std::string describeJson(const nlohmann::ordered_json &value);

} // namespace fasternet
