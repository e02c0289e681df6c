#include "frontend/FieldReader.h"
#include "frontend/StrictJson.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace fasternet;
using Json = nlohmann::ordered_json;

std::string fasternet::describeJson(const Json &value) {
  if (value.is_object())
    return "an object";
  if (value.is_array() && value.size() > 8)
    return "an array of " + std::to_string(value.size());
  return printable(value.dump(-1, ' ', /*ensure_ascii=*/true), 60);
}

const Field *FieldReader::find(llvm::StringRef name) const {
  auto it = fields.find(name.str());
  return it == fields.end() ? nullptr : &it->second;
}

std::string FieldReader::path(llvm::StringRef name) const {
  const Field *field = find(name);
  return field ? field->path : name.str();
}

void FieldReader::refuse(const llvm::Twine &path, const Json &found, const llvm::Twine &expected) {
  diagnostics.error(file + ": " + path, "found " + describeJson(found) + ", expected " + expected);
}

bool FieldReader::integerAt(const Json &value, const llvm::Twine &path, int64_t minimum, int64_t maximum,
                            int64_t &result) {
  // An integer beyond int64 is parsed as unsigned or as a float: neither passes.
  bool fits = value.is_number_integer() &&
              (!value.is_number_unsigned() || value.get<uint64_t>() <= uint64_t(INT64_MAX));
  if (!fits || value.get<int64_t>() < minimum || value.get<int64_t>() > maximum) {
    refuse(path, value, "an integer from " + llvm::Twine(minimum) + " to " + llvm::Twine(maximum));
    return false;
  }
  result = value.get<int64_t>();
  return true;
}

void FieldReader::integer(llvm::StringRef name, int64_t minimum, int64_t maximum, int64_t &result) {
  if (const Field *field = find(name))
    integerAt(field->value, field->path, minimum, maximum, result);
}

void FieldReader::integers(llvm::StringRef name, size_t maximumCount, int64_t minimum, int64_t maximum,
                           std::vector<int64_t> &result) {
  const Field *field = find(name);
  if (!field)
    return;
  if (!field->value.is_array() || field->value.empty() || field->value.size() > maximumCount) {
    refuse(field->path, field->value, "an array of 1 to " + llvm::Twine(maximumCount) + " integers");
    return;
  }
  std::vector<int64_t> values(field->value.size());
  bool good = true;
  for (size_t i = 0; i < values.size(); ++i)
    good &= integerAt(field->value[i], field->path + "[" + llvm::Twine(i) + "]", minimum, maximum, values[i]);
  if (good)
    result = values;
}

void FieldReader::number(llvm::StringRef name, double minimum, bool inclusive, double maximum,
                         double &result) {
  const Field *field = find(name);
  if (!field)
    return;
  double found = field->value.is_number() ? field->value.get<double>() : NAN;
  if (found <= maximum && (inclusive ? found >= minimum : found > minimum)) {
    result = found;
    return;
  }
  refuse(field->path, field->value,
         llvm::formatv("a number {0} {1} and at most {2}", inclusive ? "from" : "above", Json(minimum).dump(),
                       Json(maximum).dump())
             .str());
}

void FieldReader::boolean(llvm::StringRef name, bool &result) {
  const Field *field = find(name);
  if (!field)
    return;
  if (field->value.is_boolean())
    result = field->value.get<bool>();
  else
    refuse(field->path, field->value, "true or false");
}

void FieldReader::string(llvm::StringRef name, size_t maximumLength, std::string &result) {
  const Field *field = find(name);
  if (!field)
    return;
  const std::string *text = field->value.get_ptr<const std::string *>();
  if (text && !text->empty() && text->size() <= maximumLength)
    result = *text;
  else
    refuse(field->path, field->value, "a string of 1 to " + llvm::Twine(maximumLength) + " bytes");
}

void FieldReader::choice(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> allowed, llvm::StringRef what,
                         std::string &result) {
  const Field *field = find(name);
  if (!field)
    return;
  const std::string *text = field->value.get_ptr<const std::string *>();
  if (text && llvm::is_contained(allowed, *text)) {
    result = *text;
    return;
  }
  std::string list;
  for (llvm::StringRef word : allowed)
    list += (list.empty() ? "\"" : " or \"") + word.str() + "\"";
  refuse(field->path, field->value, list + what);
}

void FieldReader::extent(llvm::StringRef name, int64_t minimum, int64_t maximum, int64_t &height,
                         int64_t &width) {
  const Field *field = find(name);
  if (!field)
    return;
  const Json &value = field->value;
  if (value.is_array() && value.size() == 2) {
    integerAt(value[0], field->path + "[0]", minimum, maximum, height);
    integerAt(value[1], field->path + "[1]", minimum, maximum, width);
  } else if (value.is_array()) {
    refuse(field->path, value, "an integer or [height, width]");
  } else if (integerAt(value, field->path, minimum, maximum, height)) {
    width = height;
  }
}
