// A SAX handler that builds the document on an explicit stack, so that depth and keys are checked as they
// appear.
#include "frontend/StrictJson.h"

#include "llvm/ADT/StringExtras.h"

using namespace fasternet;
using Json = nlohmann::ordered_json;

namespace {

class DocumentBuilder : public nlohmann::json_sax<Json> {
public:
  DocumentBuilder(llvm::StringRef text, llvm::StringRef place, const JsonLimits &limits,
                  Diagnostics &diagnostics)
      : text(text), place(place), limits(limits), diagnostics(diagnostics) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t &) override { return add(value); }
  bool string(string_t &value) override { return add(std::move(value)); }
  bool binary(binary_t &) override { return false; }

  bool start_object(size_t) override { return open(Json::object()); }
  bool start_array(size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t &name) override {
    stack.back().key = name;
    // The ordered document finds keys by a linear search; the set keeps hostile files from costing quadratic
    // time.
    if (!stack.back().keys.insert(name).second) {
      diagnostics.error(place + ": " + path(), "is given more than once, expected once");
      duplicates = true;
    }
    return true;
  }

  bool parse_error(size_t position, const std::string &, const nlohmann::detail::exception &e) override {
    // The library's text repeats its own name and the position; what is wrong follows the last prefix.
    llvm::StringRef reason = e.what();
    reason = reason.substr(reason.find("] ") + 2);
    if (reason.starts_with("parse error"))
      reason = reason.substr(reason.find(": ") + 2);
    position = std::min(position == 0 ? 0 : position - 1, text.size());
    llvm::StringRef before = text.take_front(position);
    size_t lineStart = before.rfind('\n');
    size_t column = position - (lineStart == llvm::StringRef::npos ? 0 : lineStart + 1) + 1;
    diagnostics.error(place, "line " + llvm::Twine(before.count('\n') + 1) + ", column " +
                                 llvm::Twine(column) + ": " + printable(reason));
    return false;
  }

  Json root;
  bool duplicates = false;

private:
  struct Level {
    Json value;
    std::string key;
    std::set<std::string> keys;
  };

  std::string path() const {
    std::string result;
    for (const Level &level : stack) {
      if (level.value.is_array())
        result += "[" + std::to_string(level.value.size()) + "]";
      else
        result += (result.empty() ? "" : ".") + printable(level.key, 60);
    }
    return result;
  }

  bool open(Json container) {
    if (stack.size() == limits.depth) {
      diagnostics.error(place, "is nested deeper than " + llvm::Twine(limits.depth) + " levels");
      return false;
    }
    stack.push_back({std::move(container), {}, {}});
    return true;
  }

  bool close() {
    Json done = std::move(stack.back().value);
    stack.pop_back();
    return add(std::move(done));
  }

  bool add(Json value) {
    if (stack.empty()) {
      root = std::move(value);
      return true;
    }
    Level &level = stack.back();
    if (level.value.is_array()) {
      level.value.push_back(std::move(value));
      return true;
    }
    // The set of keys has told whether this one is new: appending skips the document's own search.
    auto &object = level.value.get_ref<Json::object_t &>();
    static_cast<Json::object_t::Container &>(object).emplace_back(level.key, std::move(value));
    return true;
  }

  llvm::StringRef text;
  std::string place;
  const JsonLimits &limits;
  Diagnostics &diagnostics;
  std::vector<Level> stack;
};

} // namespace

std::optional<Json> fasternet::parseStrictJson(llvm::StringRef text, llvm::StringRef place,
                                               const JsonLimits &limits, Diagnostics &diagnostics) {
  if (text.size() > limits.bytes) {
    diagnostics.error(place, "has " + llvm::Twine(text.size()) + " bytes of JSON, expected at most " +
                                 llvm::Twine(limits.bytes));
    return std::nullopt;
  }
  if (text.trim().empty()) {
    diagnostics.error(place, "is empty, expected a JSON object");
    return std::nullopt;
  }
  DocumentBuilder builder(text, place, limits, diagnostics);
  if (!Json::sax_parse(text.begin(), text.end(), &builder) || builder.duplicates)
    return std::nullopt;
  return std::move(builder.root);
}

std::string fasternet::printable(llvm::StringRef text, size_t limit) {
  std::string result;
  for (char c : text.take_front(limit))
    result += llvm::isPrint(c) ? c : '?';
  if (text.size() > limit)
    result += "...";
  return result;
}
