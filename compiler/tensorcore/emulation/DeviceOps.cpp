// Ops that reach beyond a thread: memory, asynchronous copies, and what a warp does together.
#include "support/Diagnostics.h"
#include "tensorcore/emulation/BlockInterpreter.h"
#include "tensorcore/emulation/Fragments.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

#include <bit>

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

namespace {

/// A load or store of memref or vector.
struct Access {
  Value memory, index, stored, result;
};

Access accessOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, Access>(op)
      .Case<memref::LoadOp>(
          [](auto load) { return Access{load.getMemRef(), load.getIndices()[0], nullptr, load.getResult()}; })
      .Case<vector::LoadOp>(
          [](auto load) { return Access{load.getBase(), load.getIndices()[0], nullptr, load.getResult()}; })
      .Case<memref::StoreOp>([](auto store) {
        return Access{store.getMemRef(), store.getIndices()[0], store.getValueToStore(), nullptr};
      })
      .Case<vector::StoreOp>([](auto store) {
        return Access{store.getBase(), store.getIndices()[0], store.getValueToStore(), nullptr};
      });
}

ElementType elementOf(Value vector) {
  return cast<VectorType>(vector.getType()).getElementType().isF16() ? ElementType::F16 : ElementType::F32;
}

} // namespace

llvm::Error BlockInterpreter::runAccess(Operation *op, const Mask &active) {
  const Access access = accessOf(op);
  Memory &memory = *memories.lookup(access.memory);
  Registers index = use(access.index);
  Registers data = access.stored ? use(access.stored) : define(access.result);
  std::vector<float> numbers(size_t(data.elements));
  for (int64_t thread = 0; thread < threads; ++thread) {
    if (!active[size_t(thread)])
      continue;
    Slot *slots = data.of(thread);
    if (access.stored) {
      for (int64_t i = 0; i < data.elements; ++i)
        numbers[size_t(i)] = slots[i].number;
      if (llvm::Error error = memory.store(thread, index.of(thread)->integer, data.elements, numbers.data()))
        return error;
      continue;
    }
    if (llvm::Error error = memory.load(thread, index.of(thread)->integer, data.elements, numbers.data()))
      return error;
    for (int64_t i = 0; i < data.elements; ++i)
      slots[i].number = numbers[size_t(i)];
  }
  if (access.result)
    values[access.result] = std::move(data);
  return llvm::Error::success();
}

llvm::Error BlockInterpreter::runAsyncCopy(Operation *op, const Mask &active) {
  auto copy = cast<nvgpu::DeviceAsyncCopyOp>(op);
  Memory &source = *memories.lookup(copy.getSrc());
  auto &target = static_cast<SharedMemory &>(*memories.lookup(copy.getDst()));
  const int64_t count = copy.getDstElements().getSExtValue();
  if (count * elementBytes(source.type()) != 16)
    return inputError("a copy past the first cache moves 16 bytes");
  for (int64_t thread = 0; thread < threads; ++thread) {
    if (!active[size_t(thread)])
      continue;
    Copy begunCopy{&target, use(copy.getDstIndices()[0]).of(thread)->integer,
                   std::vector<float>(size_t(count))};
    const int64_t from = use(copy.getSrcIndices()[0]).of(thread)->integer;
    const Value limit = copy.getSrcElements();
    const int64_t read = limit ? use(limit).of(thread)->integer : count;
    if (read != 0 && read != count)
      return inputError("a copy of a part of a slice");
    if (read)
      if (llvm::Error error = source.load(thread, from, count, begunCopy.values.data()))
        return error;
    if (llvm::Error error = target.beginCopy(thread, begunCopy.index, count))
      return error;
    begun[size_t(thread)].push_back(std::move(begunCopy));
  }
  return llvm::Error::success();
}

void BlockInterpreter::commitCopies(const Mask &active) {
  for (int64_t thread = 0; thread < threads; ++thread)
    if (active[size_t(thread)])
      groups[size_t(thread)].push_back(std::exchange(begun[size_t(thread)], {}));
}

void BlockInterpreter::awaitCopies(const Mask &active, int64_t groupsLeft) {
  for (int64_t thread = 0; thread < threads; ++thread) {
    auto &waiting = groups[size_t(thread)];
    while (active[size_t(thread)] && int64_t(waiting.size()) > groupsLeft) {
      for (const Copy &copy : waiting.front())
        copy.memory->endCopy(thread, copy.index, copy.values);
      waiting.pop_front();
    }
  }
}

llvm::Error BlockInterpreter::checkWholeWarps(const Mask &active) const {
  for (int64_t first = 0; first < threads; first += 32)
    for (int64_t thread = first; thread < first + 32; ++thread)
      if (active[size_t(thread)] != active[size_t(first)])
        return inputError("lanes of warp " + llvm::Twine(first / 32) + " are apart");
  return llvm::Error::success();
}

llvm::Error BlockInterpreter::runLdMatrix(Operation *op, const Mask &active) {
  auto load = cast<nvgpu::LdMatrixOp>(op);
  if (load.getTranspose())
    return inputError("a transposing ldmatrix");
  if (llvm::Error error = checkWholeWarps(active))
    return error;
  Memory &memory = *memories.lookup(load.getSrcMemref());
  const int64_t rowElements = 16 / elementBytes(memory.type()), wordElements = rowElements / 4;
  Registers index = use(load.getIndices()[0]);
  Registers &result = define(load.getRes());
  std::vector<float> row(static_cast<size_t>(rowElements));
  for (int64_t warp = 0; warp < threads; warp += 32) {
    if (!active[size_t(warp)])
      continue;
    for (int64_t matrix = 0; matrix < int64_t(load.getNumTiles()); ++matrix)
      for (int64_t r = 0; r < 8; ++r) {
        // Lane 8 * matrix + r has the row's address; the row's four words go to lanes 4 * r and on.
        const int64_t owner = warp + 8 * matrix + r;
        if (llvm::Error error = memory.load(owner, index.of(owner)->integer, rowElements, row.data()))
          return error;
        for (int64_t i = 0; i < rowElements; ++i)
          result.of(warp + 4 * r + i / wordElements)[matrix * wordElements + i % wordElements].number =
              row[size_t(i)];
      }
  }
  return llvm::Error::success();
}

llvm::Error BlockInterpreter::runMma(Operation *op, const Mask &active) {
  auto mma = cast<nvgpu::MmaSyncOp>(op);
  if (llvm::Error error = checkWholeWarps(active))
    return error;
  const ElementType type = elementOf(mma.getMatrixA());
  const std::array<int64_t, 3> shape = mma.getMmaShapeAsArray();
  const bool half = type == ElementType::F16 && (shape[2] == 8 || shape[2] == 16);
  const bool tf32 = type == ElementType::F32 && shape[2] == 8 && mma.getTf32Enabled();
  if (shape[0] != 16 || shape[1] != 8 || !(half || tf32))
    return inputError("an mma that the emulation does not know");
  Registers a = use(mma.getMatrixA()), b = use(mma.getMatrixB()), c = use(mma.getMatrixC());
  Registers &result = define(mma.getRes());
  for (int64_t warp = 0; warp < threads; warp += 32) {
    if (!active[size_t(warp)])
      continue;
    float left[16][16], right[16][8];
    for (int lane = 0; lane < 32; ++lane) {
      for (int i = 0; i < a.elements; ++i) {
        const MatrixPlace place = leftPlace(type, lane, i);
        left[place.row][place.column] = a.of(warp + lane)[i].number;
      }
      for (int i = 0; i < b.elements; ++i) {
        const MatrixPlace place = rightPlace(type, lane, i);
        right[place.row][place.column] = b.of(warp + lane)[i].number;
      }
      auto isRounded = [](Registers &fragment, int64_t thread) {
        return llvm::all_of(llvm::ArrayRef(fragment.of(thread), size_t(fragment.elements)),
                            [](Slot slot) { return (std::bit_cast<uint32_t>(slot.number) & 0x1fff) == 0; });
      };
      if (tf32 && !(isRounded(a, warp + lane) && isRounded(b, warp + lane)))
        return inputError("an operand is not rounded to tf32");
    }
    for (int lane = 0; lane < 32; ++lane)
      for (int i = 0; i < c.elements; ++i) {
        const MatrixPlace place = sumPlace(lane, i);
        double sum = c.of(warp + lane)[i].number;
        for (int64_t k = 0; k < shape[2]; ++k)
          sum += double(left[place.row][k]) * double(right[k][place.column]);
        result.of(warp + lane)[i].number = float(sum);
      }
  }
  return llvm::Error::success();
}
