#include "tensorcore/emulation/Memory.h"
#include "support/Diagnostics.h"
#include "support/HalfPrecision.h"

#include "llvm/ADT/APFloat.h"

#include <cstring>

using namespace fasternet;
using namespace fasternet::tensorcore;

llvm::Error Memory::check(int64_t index, int64_t count) const {
  if (index < 0 || index + count > elements)
    return inputError("elements " + llvm::Twine(index) + " to " + llvm::Twine(index + count) + " of " + name +
                      ", which has " + llvm::Twine(elements));
  if (index % count)
    return inputError("element " + llvm::Twine(index) + " of " + name + " is not aligned for " +
                      llvm::Twine(count) + " elements");
  return llvm::Error::success();
}

llvm::Error Memory::fail(int64_t thread, int64_t index, const char *why) const {
  return inputError("thread " + llvm::Twine(thread) + ", element " + llvm::Twine(index) + " of " + name +
                    ": " + why);
}

static float fromHalf(uint16_t bits) {
  static const std::vector<float> table = [] {
    std::vector<float> values;
    for (uint32_t i = 0; i < 65536; ++i)
      values.push_back(llvm::APFloat(llvm::APFloat::IEEEhalf(), llvm::APInt(16, i)).convertToFloat());
    return values;
  }();
  return table[bits];
}

GlobalMemory::GlobalMemory(std::string name, ElementType type, Use use, llvm::MutableArrayRef<uint8_t> bytes)
    : Memory(std::move(name), type, int64_t(bytes.size()) / elementBytes(type)), use(use), bytes(bytes),
      writtenIn(use == Use::ReadOnly ? 0 : size_t(elements)) {}

llvm::Error GlobalMemory::load(int64_t thread, int64_t index, int64_t count, float *values) {
  if (llvm::Error error = check(index, count))
    return error;
  for (int64_t i = index; i < index + count; ++i) {
    if (use == Use::WriteOnly)
      return fail(thread, i, "an output is read");
    if (use == Use::Intermediate && writtenIn[size_t(i)] == 0)
      return fail(thread, i, "read before it is written");
    if (use == Use::Intermediate && writtenIn[size_t(i)] == launch)
      return fail(thread, i, "read in the launch that writes it");
    if (elementType == ElementType::F16) {
      uint16_t bits;
      std::memcpy(&bits, &bytes[size_t(i) * 2], 2);
      *values++ = fromHalf(bits);
    } else {
      std::memcpy(values++, &bytes[size_t(i) * 4], 4);
    }
  }
  return llvm::Error::success();
}

llvm::Error GlobalMemory::store(int64_t thread, int64_t index, int64_t count, const float *values) {
  if (llvm::Error error = check(index, count))
    return error;
  for (int64_t i = index; i < index + count; ++i, ++values) {
    if (use == Use::ReadOnly)
      return fail(thread, i, "an input is written");
    if (writtenIn[size_t(i)] == launch)
      return fail(thread, i, "written twice in one launch");
    writtenIn[size_t(i)] = launch;
    if (elementType == ElementType::F16) {
      const uint16_t bits = halfBits(*values);
      std::memcpy(&bytes[size_t(i) * 2], &bits, 2);
    } else {
      std::memcpy(&bytes[size_t(i) * 4], values, 4);
    }
  }
  return llvm::Error::success();
}

SharedMemory::SharedMemory(std::string name, ElementType type, int64_t elements)
    : Memory(std::move(name), type, elements), content(size_t(elements)) {}

llvm::Error SharedMemory::load(int64_t thread, int64_t index, int64_t count, float *values) {
  if (llvm::Error error = check(index, count))
    return error;
  for (int64_t i = index; i < index + count; ++i) {
    Element &element = content[size_t(i)];
    if (element.copying)
      return fail(thread, i, "read while it is copied");
    if (element.writtenIn < 0)
      return fail(thread, i, "read before it is written");
    if (element.writtenIn == epoch && element.writer != thread)
      return fail(thread, i, "read without a barrier after another thread's write");
    element.reader = element.readIn == epoch && element.reader != thread ? several : int(thread);
    element.readIn = epoch;
    *values++ = element.value;
  }
  return llvm::Error::success();
}

llvm::Error SharedMemory::checkWrite(int64_t thread, int64_t index) const {
  const Element &element = content[size_t(index)];
  if (element.copying)
    return fail(thread, index, "written while it is copied");
  if (element.writtenIn == epoch && element.writer != thread)
    return fail(thread, index, "written without a barrier after another thread's write");
  if (element.readIn == epoch && element.reader != thread)
    return fail(thread, index, "written without a barrier after another thread's read");
  return llvm::Error::success();
}

llvm::Error SharedMemory::store(int64_t thread, int64_t index, int64_t count, const float *values) {
  if (llvm::Error error = check(index, count))
    return error;
  for (int64_t i = index; i < index + count; ++i) {
    if (llvm::Error error = checkWrite(thread, i))
      return error;
    Element &element = content[size_t(i)];
    element.value = *values++, element.writer = int(thread), element.writtenIn = epoch;
  }
  return llvm::Error::success();
}

llvm::Error SharedMemory::beginCopy(int64_t thread, int64_t index, int64_t count) {
  if (llvm::Error error = check(index, count))
    return error;
  for (int64_t i = index; i < index + count; ++i) {
    if (llvm::Error error = checkWrite(thread, i))
      return error;
    content[size_t(i)].copying = true;
  }
  return llvm::Error::success();
}

void SharedMemory::endCopy(int64_t thread, int64_t index, llvm::ArrayRef<float> values) {
  for (float value : values) {
    Element &element = content[size_t(index++)];
    element.value = value, element.writer = int(thread), element.writtenIn = epoch, element.copying = false;
  }
}
