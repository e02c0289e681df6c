// An environment variable set for the time of a test.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

class ScopedVariable {
public:
  /// Null unsets it.
  ScopedVariable(const char *name, const char *value) : name(name) {
    if (const char *old = std::getenv(name))
      before = old;
    set(value);
  }
  ~ScopedVariable() { set(before ? before->c_str() : nullptr); }
  ScopedVariable(const ScopedVariable &) = delete;
  ScopedVariable &operator=(const ScopedVariable &) = delete;

private:
  void set(const char *value) { value ? setenv(name, value, 1) : unsetenv(name); }

  const char *name;
  std::optional<std::string> before;
};
