// Device code as the fake driver takes it: a few lines of text of the tests' own, or what the compiler makes.
#include "FakeDriverState.h"

#include <charconv>
#include <cstring>
#include <sstream>
#include <string_view>

namespace fake_driver {

static Image parseText(const std::string &text) {
  std::istringstream lines(text);
  Image image{};
  std::getline(lines, image.head);
  std::istringstream head(image.head);
  std::string kind;
  head >> kind >> image.capability;
  image.machineCode = kind == "CUBIN";
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Kernel kernel{};
    words >> kernel.name;
    for (size_t bytes; words >> bytes;)
      kernel.parameterBytes.push_back(bytes);
    image.kernels.push_back(kernel);
  }
  return image;
}

/// The bytes of a parameter, of its type: "u64", "b8" with "[24]" behind its name.
static size_t parameterBytes(std::string_view type, std::string_view name) {
  size_t bits = 0, count = 1;
  std::from_chars(type.data() + 1, type.data() + type.size(), bits);
  if (const size_t bracket = name.find('['); bracket != name.npos)
    std::from_chars(name.data() + bracket + 1, name.data() + name.size(), count);
  return bits / 8 * count;
}

/// "(.param .u64 .ptr .align 1 a, .param .u32 b)", without the parentheses.
static std::vector<size_t> parsePtxParameters(const std::string &text) {
  std::vector<size_t> bytes;
  std::istringstream list(text);
  for (std::string parameter; std::getline(list, parameter, ',');) {
    std::istringstream words(parameter);
    std::string word, type;
    while (words >> word)
      if (type.empty() && word.find_first_of("0123456789") != word.npos && word[0] == '.')
        type = word.substr(1);
    if (!type.empty())
      bytes.push_back(parameterBytes(type, word));
  }
  return bytes;
}

static Image parsePtx(const std::string &text) {
  Image image{};
  if (const size_t target = text.find(".target sm_"); target != text.npos)
    image.capability = std::atoi(text.c_str() + target + strlen(".target sm_"));
  image.head = "PTX " + std::to_string(image.capability);
  const std::string entry = ".entry ";
  for (size_t at = text.find(entry); at != text.npos; at = text.find(entry, at)) {
    at += entry.size();
    const size_t open = text.find('(', at), close = text.find(')', at);
    if (open == text.npos || close == text.npos)
      break;
    image.kernels.push_back({text.substr(at, open - at),
                             parsePtxParameters(text.substr(open + 1, close - open - 1)),
                             /*isCompiled=*/true});
  }
  return image;
}

Image parseImage(const void *data) {
  if (memcmp(data, "\177ELF", 4) == 0)
    return parseCubin(static_cast<const unsigned char *>(data));
  const std::string text(static_cast<const char *>(data));
  return text.starts_with("CUBIN ") || text.starts_with("PTX ") ? parseText(text) : parsePtx(text);
}

} // namespace fake_driver
