#include "LoadedKernel.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"

#include <HalideRuntime.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

using namespace fasternet;

namespace {

/// The user context of one caller or one task, with the allocation rule of runtime/include/fasternet/abi.h: a
/// block's memory becomes available again once every block above it is free as well.
struct Context {
  struct Slot {
    void *pointer;
    int64_t bytes;
  };
  TaskOrder order;
  std::vector<Slot> slots; ///< bottom first; pointer is null once freed
  int64_t bytes = 0, peak = 0;

  void take(void *pointer, int64_t size) {
    slots.push_back({pointer, size});
    bytes += size;
    peak = std::max(peak, bytes);
  }
  void give(void *pointer) {
    for (Slot &slot : slots)
      if (slot.pointer == pointer)
        slot.pointer = nullptr;
    for (; !slots.empty() && !slots.back().pointer; slots.pop_back())
      bytes -= slots.back().bytes;
  }
};

std::mutex mutex;
ScratchUse use;

constexpr size_t alignment = 128, margin = 256;
constexpr int poison = 0xff; // as floats: NaN

struct Block {
  size_t bytes;
  unsigned char *base;
};

void *allocate(void *opaque, size_t bytes) {
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  auto *base = static_cast<unsigned char *>(std::aligned_alloc(alignment, rounded + 2 * margin));
  std::memset(base, poison, rounded + 2 * margin);
  const Block block{bytes, base};
  std::memcpy(base, &block, sizeof block);
  static_cast<Context *>(opaque)->take(base + margin, int64_t(rounded));
  std::lock_guard lock(mutex);
  ++use.leaks;
  return base + margin;
}

void release(void *opaque, void *pointer) {
  if (!pointer)
    return;
  static_cast<Context *>(opaque)->give(pointer);
  auto *base = static_cast<unsigned char *>(pointer) - margin;
  Block block;
  std::memcpy(&block, base, sizeof block);
  auto touched = [](unsigned char *from, unsigned char *to) {
    return std::any_of(from, to, [](unsigned char byte) { return byte != poison; });
  };
  const bool overrun = touched(base + sizeof block, base + margin) ||
                       touched(base + margin + block.bytes, base + margin + block.bytes + margin);
  std::free(base);
  std::lock_guard lock(mutex);
  --use.leaks;
  use.overruns += overrun;
}

/// A block of plain scratch begins with the block below it.
struct alignas(alignment) PlainBlock {
  PlainBlock *below;
  bool free;
};

alignas(4096) unsigned char plainScratch[size_t(64) << 20];
PlainBlock *plainTop = nullptr;
unsigned char *plainEnd = plainScratch;

void *allocatePlain(void *, size_t bytes) {
  auto *block = new (plainEnd) PlainBlock{plainTop, false};
  plainTop = block;
  plainEnd += sizeof *block + (bytes + alignment - 1) / alignment * alignment;
  if (plainEnd > std::end(plainScratch))
    std::abort();
  return block + 1;
}

void releasePlain(void *, void *pointer) {
  if (!pointer)
    return;
  (static_cast<PlainBlock *>(pointer) - 1)->free = true;
  for (; plainTop && plainTop->free; plainTop = plainTop->below)
    plainEnd = reinterpret_cast<unsigned char *>(plainTop);
}

int runTask(int (*task)(void *, int, uint8_t *), int index, uint8_t *closure) {
  Context context{TaskOrder::Forward, {}};
  const int status = task(&context, index, closure);
  std::lock_guard lock(mutex);
  use.workerBytes = std::max(use.workerBytes, context.peak);
  return status;
}

int parallelFor(void *opaque, int (*task)(void *, int, uint8_t *), int min, int size, uint8_t *closure) {
  const TaskOrder order = static_cast<Context *>(opaque)->order;
  if (order == TaskOrder::Threads) {
    std::atomic<int> next = 0, status = 0;
    auto work = [&] {
      for (int i; (i = next++) < size;)
        if (int failed = runTask(task, min + i, closure))
          status = failed;
    };
    std::array<std::thread, 3> threads;
    for (std::thread &thread : threads)
      thread = std::thread(work);
    for (std::thread &thread : threads)
      thread.join();
    return status;
  }
  for (int i = 0; i < size; ++i)
    if (int status = runTask(task, order == TaskOrder::Forward ? min + i : min + size - 1 - i, closure))
      return status;
  return 0;
}

template <typename Pointer, size_t... I>
int call(void *function, Context *context, Pointer buffers, std::index_sequence<I...>) {
  using Function = int (*)(void *, decltype(&buffers[I])...);
  return reinterpret_cast<Function>(function)(context, &buffers[I]...);
}

} // namespace

void fasternet::resetScratchUse() {
  std::lock_guard lock(mutex);
  use = {};
}

ScratchUse fasternet::scratchUse() {
  std::lock_guard lock(mutex);
  return use;
}

llvm::Expected<LoadedKernel> LoadedKernel::load(const CompiledKernel &kernel, ScratchKind scratch) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  LoadedKernel loaded;
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  loaded.jit = std::move(*jit);
  auto symbol = [](auto *function) {
    return llvm::orc::ExecutorSymbolDef(llvm::orc::ExecutorAddr::fromPtr(function),
                                        llvm::JITSymbolFlags::Exported);
  };
  const bool checked = scratch == ScratchKind::Checked;
  llvm::orc::SymbolMap symbols = {
      {loaded.jit->mangleAndIntern("halide_malloc"), symbol(checked ? allocate : allocatePlain)},
      {loaded.jit->mangleAndIntern("halide_free"), symbol(checked ? release : releasePlain)},
      {loaded.jit->mangleAndIntern("halide_do_par_for"), symbol(parallelFor)},
      {loaded.jit->mangleAndIntern("memcpy"), symbol(&std::memcpy)},
      {loaded.jit->mangleAndIntern("memset"), symbol(&std::memset)},
  };
  if (llvm::Error error = loaded.jit->getMainJITDylib().define(llvm::orc::absoluteSymbols(symbols)))
    return error;
  if (llvm::Error error =
          loaded.jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(kernel.object, kernel.symbol)))
    return error;
  auto address = loaded.jit->lookup(kernel.symbol);
  if (!address)
    return address.takeError();
  loaded.function = address->toPtr<void *>();
  loaded.arguments = kernel.arguments;
  return loaded;
}

int LoadedKernel::run(llvm::ArrayRef<float *> pointers, TaskOrder order) const {
  std::vector<std::vector<halide_dimension_t>> dimensions(arguments.size());
  std::vector<halide_buffer_t> buffers(arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    for (const BufferDimension &d : arguments[i].dimensions)
      dimensions[i].push_back({d.min, d.extent, d.stride, 0});
    buffers[i].host = reinterpret_cast<uint8_t *>(pointers[i]);
    buffers[i].type = halide_type_t(halide_type_float, 32);
    buffers[i].dimensions = int(dimensions[i].size());
    buffers[i].dim = dimensions[i].data();
  }
  Context context{order, {}};
  int status = 0;
  switch (buffers.size()) {
  case 3:
    status = call(function, &context, buffers.data(), std::make_index_sequence<3>());
    break;
  case 4:
    status = call(function, &context, buffers.data(), std::make_index_sequence<4>());
    break;
  case 5:
    status = call(function, &context, buffers.data(), std::make_index_sequence<5>());
    break;
  case 6:
    status = call(function, &context, buffers.data(), std::make_index_sequence<6>());
    break;
  }
  std::lock_guard lock(mutex);
  use.callerBytes = std::max(use.callerBytes, context.peak);
  return status;
}
