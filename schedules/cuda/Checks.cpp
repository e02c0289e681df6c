// What a schedule must satisfy to stay inside its tensors and inside what a block of threads has.
#include "schedules/cuda/SharedMemory.h"
#include "schedules/cuda/Strategies.h"

#include "support/Diagnostics.h"

#include "llvm/Support/MathExtras.h"

using namespace fasternet;

namespace {

constexpr int64_t mostThreads = 1024;      ///< of a block
constexpr int64_t mostAccumulators = 128;  ///< of a thread, which has 255 registers for them and all else
constexpr int64_t mostBlocksAcross = 65535; ///< of a launch, in its second and third dimension
constexpr int64_t mostUnrolled = 16;

llvm::Error refuse(const llvm::Twine &why) {
  return inputError("schedule: " + why);
}

llvm::Error checkRange(llvm::StringRef name, int64_t value, int64_t least, int64_t most) {
  if (value < least || value > most)
    return refuse(name + "=" + llvm::Twine(value) + ", expected " + llvm::Twine(least) + " to " +
                  llvm::Twine(most));
  return llvm::Error::success();
}

llvm::Error checkDivides(const llvm::Twine &name, int64_t part, const llvm::Twine &of, int64_t whole) {
  if (part < 1 || whole % part != 0)
    return refuse(name + " is " + llvm::Twine(part) + ", expected a divisor of " + of + ", " +
                  llvm::Twine(whole));
  return llvm::Error::success();
}

/// The first error of a list.
llvm::Error firstOf(std::initializer_list<llvm::function_ref<llvm::Error()>> checks) {
  for (auto check : checks)
    if (llvm::Error error = check())
      return error;
  return llvm::Error::success();
}

/// What one sum's tiles belong to.
struct Plane {
  llvm::StringRef name;
  int64_t channels, width, height, batch;
};

/// Tiles of channels are not shifted: those of a thread divide its block's, and those the sum's.
llvm::Error checkTiles(const Plane &plane, const BlockTile &block, const ThreadTile &thread) {
  const llvm::StringRef name = plane.name;
  return firstOf(
      {[&] { return checkDivides(name + "Block's channels", block.channels, "the channels", plane.channels); },
       [&] { return checkRange((name + "Block's pixels").str(), block.pixels, 1, plane.width); },
       [&] { return checkRange((name + "Block's rows").str(), block.rows, 1, plane.height); },
       [&] { return checkDivides(name + "'s channels", thread.channels, "its block's", block.channels); },
       [&] { return checkDivides(name + "'s pixels", thread.pixels, "its block's", block.pixels); },
       [&] { return checkRange((name + "'s pieces").str(), thread.pieces, 1, mostThreads); },
       [&] {
         return checkRange((name + "'s accumulators").str(), thread.channels * thread.pixels, 1, mostAccumulators);
       },
       [&] { return checkRange((name + "'s threads").str(), threadsOf(block, thread), 1, mostThreads); },
       [&] {
         const auto places = int64_t(llvm::divideCeil(plane.width, block.pixels) *
                                     llvm::divideCeil(plane.height, block.rows));
         return checkRange((name + "'s blocks").str(), std::max(places, plane.batch), 1, mostBlocksAcross);
       }});
}

llvm::Error checkPieces(llvm::StringRef name, const ThreadTile &thread, int64_t terms) {
  return checkDivides(name + "'s pieces", thread.pieces, "what it adds up", terms);
}

llvm::Error checkShared(const llvm::Twine &name, int64_t bytes, const Target &target) {
  if (bytes > target.blockSharedBytes())
    return refuse(name + " takes " + llvm::Twine(bytes) + " bytes of shared memory, expected at most " +
                  llvm::Twine(target.blockSharedBytes()));
  return llvm::Error::success();
}

/// Stages of one launch work on the same pixels, and on all channels.
llvm::Error checkSamePixels(llvm::StringRef name, const BlockTile &block, int64_t channels,
                            const BlockTile &launched) {
  if (block.pixels != launched.pixels || block.rows != launched.rows || block.channels != channels)
    return refuse(name + " must cover all " + llvm::Twine(channels) + " channels of " +
                  llvm::Twine(launched.pixels) + " x " + llvm::Twine(launched.rows) +
                  " pixels, since it belongs to the launch that they do");
  return llvm::Error::success();
}

} // namespace

llvm::Error fasternet::checkCudaPatchConv(const KernelSpec &spec, const Target &target,
                                          const CudaPatchConvParameters &p) {
  const Plane plane{"thread", spec.outputs, spec.outputWidth(), spec.outputHeight(), spec.batch};
  return firstOf({[&] { return checkTiles(plane, p.block, p.thread); },
                  [&] { return checkPieces("thread", p.thread, spec.channels); },
                  [&] { return checkRange("unroll", p.unroll, 1, mostUnrolled); },
                  [&] { return checkRange("stage", p.stage, 0, spec.inputLayout == TensorLayout::NHWC); },
                  [&] { return checkShared("block", sharedBytes(spec, p), target); }});
}

llvm::Error fasternet::checkCudaBlock(const KernelSpec &spec, const Target &target, const CudaBlockParameters &p) {
  auto plane = [&](llvm::StringRef name, int64_t channels) {
    return Plane{name, channels, spec.width, spec.height, spec.batch};
  };
  const int64_t rest = spec.channels - spec.partial;
  return firstOf(
      {[&] { return checkRange("launches", p.launches, 1, 3); },
       // Less than three launches keep the convolution's results in shared memory.
       [&] { return checkRange("stage", p.stage, p.launches < 3, 1); },
       [&] { return checkRange("firstUnroll", p.firstUnroll, 1, mostUnrolled); },
       [&] { return checkRange("secondUnroll", p.secondUnroll, 1, mostUnrolled); },
       [&] { return checkTiles(plane("partial", spec.partial), p.partialBlock, p.partial); },
       [&] { return checkTiles(plane("first", spec.hidden), p.firstBlock, p.first); },
       [&] { return checkTiles(plane("second", spec.channels), p.secondBlock, p.second); },
       [&] {
         return p.launches < 3 ? checkSamePixels("partialBlock", p.partialBlock, spec.partial, p.firstBlock)
                               : llvm::Error::success();
       },
       [&] {
         return p.launches < 2 ? checkSamePixels("firstBlock", p.firstBlock, spec.hidden, p.secondBlock)
                               : llvm::Error::success();
       },
       [&] { return checkPieces("partial", p.partial, spec.partial); },
       [&] { return checkPieces("first", p.first, p.stage ? spec.channels : spec.partial); },
       [&] { return checkPieces("first", p.first, p.stage ? spec.channels : rest); },
       [&] { return checkPieces("second", p.second, spec.hidden); },
       [&] { return checkShared("partialBlock", sharedBytes(spec, p).partial, target); },
       [&] { return checkShared("firstBlock", sharedBytes(spec, p).first, target); },
       [&] { return checkShared("secondBlock", sharedBytes(spec, p).second, target); }});
}

llvm::Error fasternet::checkCudaHead(const KernelSpec &spec, const Target &target, const CudaHeadParameters &p) {
  auto second = [&](llvm::function_ref<llvm::Error()> check) {
    return spec.outputs ? check() : llvm::Error::success();
  };
  return firstOf(
      {[&] { return checkRange("launches", p.launches, 2, 3); },
       [&] { return checkRange("threads", p.threads, 1, mostThreads); },
       [&] { return checkTiles({"first", spec.features, spec.batch, 1, 1}, p.firstBlock, p.first); },
       [&] { return checkPieces("first", p.first, spec.channels); },
       [&] {
         return second([&] { return checkTiles({"second", spec.outputs, spec.batch, 1, 1}, p.secondBlock, p.second); });
       },
       [&] { return second([&] { return checkPieces("second", p.second, spec.features); }); },
       [&] { return checkShared("firstBlock", sharedBytes(spec, p), target); }});
}

llvm::Error fasternet::checkCudaAffine(const KernelSpec &spec, const Target &target, const CudaAffineParameters &p) {
  return firstOf({[&] { return checkRange("block's channels", p.block.channels, 1, spec.channels); },
                  [&] { return checkRange("block's pixels", p.block.pixels, 1, spec.width); },
                  [&] { return checkRange("block's rows", p.block.rows, 1, spec.height); },
                  [&] { return checkRange("block's pixels", p.block.places(), 1, mostThreads); },
                  [&] { return checkRange("block's threads", p.block.channels * p.block.places(), 1, mostThreads); },
                  [&] { return checkShared("block", sharedBytes(spec, p), target); }});
}
