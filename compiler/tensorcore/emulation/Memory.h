// Memory of the emulated device, which watches how it is used.
#pragma once

#include "support/KernelSpec.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fasternet::tensorcore {

/// What emulated memory has in common. Values are floats that the element type can hold.
class Memory {
public:
  virtual ~Memory() = default;
  /// `count` elements from `index` on, as one access of thread `thread`.
  virtual llvm::Error load(int64_t thread, int64_t index, int64_t count, float *values) = 0;
  virtual llvm::Error store(int64_t thread, int64_t index, int64_t count, const float *values) = 0;
  ElementType type() const { return elementType; }

protected:
  Memory(std::string name, ElementType type, int64_t elements)
      : name(std::move(name)), elementType(type), elements(elements) {}
  llvm::Error check(int64_t index, int64_t count) const;
  llvm::Error fail(int64_t thread, int64_t index, const char *why) const;

  std::string name;
  ElementType elementType;
  int64_t elements;
};

/// A buffer of the launch. Every element is written once at most in a launch, and not read in the launch that
/// writes it: blocks run in any order.
class GlobalMemory : public Memory {
public:
  enum class Use { ReadOnly, WriteOnly, Intermediate };
  GlobalMemory(std::string name, ElementType type, Use use, llvm::MutableArrayRef<uint8_t> bytes);
  void beginLaunch() { ++launch; }
  llvm::Error load(int64_t thread, int64_t index, int64_t count, float *values) override;
  llvm::Error store(int64_t thread, int64_t index, int64_t count, const float *values) override;

private:
  Use use;
  llvm::MutableArrayRef<uint8_t> bytes;
  int launch = 0;
  std::vector<int> writtenIn; ///< launch, 0: never
};

/// Shared memory of one block. Between two barriers an element belongs to one writer, or to any number of
/// readers.
class SharedMemory : public Memory {
public:
  SharedMemory(std::string name, ElementType type, int64_t elements);
  void barrier() { ++epoch; }
  llvm::Error load(int64_t thread, int64_t index, int64_t count, float *values) override;
  llvm::Error store(int64_t thread, int64_t index, int64_t count, const float *values) override;
  /// An asynchronous copy writes at some moment between its begin and its end: nobody may touch the place
  /// meanwhile.
  llvm::Error beginCopy(int64_t thread, int64_t index, int64_t count);
  void endCopy(int64_t thread, int64_t index, llvm::ArrayRef<float> values);

private:
  static constexpr int nobody = -1, several = -2;
  struct Element {
    float value = 0;
    int writer = nobody, reader = nobody;
    int writtenIn = -1, readIn = -1; ///< epochs; written never: -1
    bool copying = false;
  };
  std::vector<Element> content;
  int epoch = 0;
  llvm::Error checkWrite(int64_t thread, int64_t index) const;
};

} // namespace fasternet::tensorcore
