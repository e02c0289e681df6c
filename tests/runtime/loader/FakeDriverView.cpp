// The fake driver's state, and the tests' view of it.
#include "FakeDriverState.h"

#include <cstring>
#include <fstream>
#include <utility>

namespace fake_driver {

State &state() {
  static State *state = [] {
    auto *state = new State; // threads of a test may outlive main's statics
    readEnvironment(*state);
    return state;
  }();
  return *state;
}

std::vector<int> &contextStack() {
  thread_local std::vector<int> stack;
  return stack;
}

void State::misuse(const std::string &what) {
  misuses.push_back(what);
  if (!misusesFile.empty())
    std::ofstream(misusesFile, std::ios::app) << what << '\n';
}

unsigned char *State::at(uint64_t address, size_t bytes) {
  auto next = memory.upper_bound(address);
  if (next != memory.begin()) {
    auto &[start, block] = *std::prev(next);
    if (address - start <= block.bytes.size() && bytes <= block.bytes.size() - (address - start))
      return block.bytes.data() + (address - start);
  }
  misuse(std::to_string(bytes) + " bytes at " + std::to_string(address) + " are not device memory");
  return nullptr;
}

uint64_t State::allocate(size_t bytes, int device, bool ofHost) {
  const uint64_t address = nextAddress;
  nextAddress += (bytes / 256 + 2) * 256; // with a gap behind
  memory[address] = {device, std::vector<unsigned char>(bytes, 0xaa), ofHost};
  return address;
}

Stream *State::stream(CUstream handle, int device) {
  auto number = reinterpret_cast<uintptr_t>(handle);
  if (number == 0)
    return &streams.try_emplace(uintptr_t(0) - uintptr_t(device) - 1, Stream{device, {}, {}, true})
                .first->second;
  auto found = streams.find(number);
  if (found == streams.end())
    misuse("no such stream");
  else if (found->second.device != device)
    misuse("a stream of another device's context");
  return found == streams.end() ? nullptr : &found->second;
}

void reset(const std::vector<int> &capabilities) {
  State &s = state();
  std::lock_guard lock(s.mutex);
  s.devices.clear();
  for (int capability : capabilities)
    s.devices.push_back({capability});
  s.initialisedBy = 0;
  s.modules.clear();
  s.functions.clear();
  s.streams.clear();
  s.graphs.clear();
  s.executables.clear();
  s.events.clear();
  s.memory.clear();
  s.pageLocked.clear();
  s.calls.clear();
  s.misuses.clear();
  s.images.clear();
  s.sharedBytesSet.clear();
  s.launches.clear();
  s.allocations.clear();
  s.failIn = SIZE_MAX;
  s.failName.clear();
  s.isSpoiled = s.compiledCodeRan = false;
  s.firstUpload = 0;
  contextStack().clear();
}

void failCall(size_t index, int error) {
  std::lock_guard lock(state().mutex);
  state().failIn = index;
  state().failure = error;
}

/// A copy made under the lock.
template <typename T> static T copyOf(T State::*member) {
  std::lock_guard lock(state().mutex);
  return state().*member;
}

std::vector<std::string> calls() {
  return copyOf(&State::calls);
}
std::vector<Launch> launches() {
  return copyOf(&State::launches);
}
std::vector<std::string> images() {
  return copyOf(&State::images);
}
std::vector<std::string> sharedBytesSet() {
  return copyOf(&State::sharedBytesSet);
}
std::vector<size_t> allocations() {
  return copyOf(&State::allocations);
}
std::vector<std::string> misuses() {
  return copyOf(&State::misuses);
}

void forgetCalls() {
  std::lock_guard lock(state().mutex);
  state().calls.clear();
}

std::vector<std::string> living() {
  State &s = state();
  std::lock_guard lock(s.mutex);
  std::vector<std::string> all;
  all.insert(all.end(), s.modules.size(), "module");
  for (auto &[handle, stream] : s.streams)
    if (!stream.ofHost)
      all.push_back("stream");
  all.insert(all.end(), s.graphs.size(), "graph");
  all.insert(all.end(), s.executables.size(), "executable graph");
  all.insert(all.end(), s.events.size(), "event");
  for (auto &[address, block] : s.memory)
    if (!block.ofHost)
      all.push_back("memory");
  all.insert(all.end(), s.pageLocked.size(), "page-locked memory");
  for (const State::Device &device : s.devices)
    all.insert(all.end(), size_t(device.retained), "context");
  return all;
}

std::vector<int> contexts() {
  return contextStack();
}

void pushHostContext() {
  contextStack().push_back(hostContext);
}

uint64_t allocate(size_t bytes, int device) {
  std::lock_guard lock(state().mutex);
  return state().allocate(bytes, device, /*ofHost=*/true);
}

void release(uint64_t address) {
  std::lock_guard lock(state().mutex);
  state().memory.erase(address);
}

void write(uint64_t address, const void *bytes, size_t count) {
  std::lock_guard lock(state().mutex);
  if (unsigned char *to = state().at(address, count))
    std::memcpy(to, bytes, count);
}

void read(uint64_t address, void *bytes, size_t count) {
  std::lock_guard lock(state().mutex);
  if (unsigned char *from = state().at(address, count))
    std::memcpy(bytes, from, count);
}

void *createStream(int device) {
  std::lock_guard lock(state().mutex);
  const uintptr_t handle = state().newHandle();
  state().streams[handle] = {device, {}, {}, true};
  return reinterpret_cast<void *>(handle);
}

void destroyStream(void *stream) {
  std::lock_guard lock(state().mutex);
  state().streams.erase(reinterpret_cast<uintptr_t>(stream));
}

static Stream &hostStream(void *handle) {
  return *state().stream(static_cast<CUstream>(handle),
                         handle ? state().streams.at(reinterpret_cast<uintptr_t>(handle)).device : 0);
}

void finish(void *handle) {
  std::lock_guard lock(state().mutex);
  Stream &stream = hostStream(handle);
  for (Work &work : std::exchange(stream.queue, {}))
    work();
}

void beginCapture(void *handle) {
  std::lock_guard lock(state().mutex);
  hostStream(handle).captured.emplace();
}

size_t endCapture(void *handle) {
  std::lock_guard lock(state().mutex);
  return std::exchange(hostStream(handle).captured, std::nullopt)->size();
}

} // namespace fake_driver
