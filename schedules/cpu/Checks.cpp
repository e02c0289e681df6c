// What a schedule must satisfy to stay inside its tensors: the conditions under which the strategies are
// right.
#include "schedules/cpu/Strategies.h"

#include "support/Diagnostics.h"
#include "support/PackedLayout.h"

#include "llvm/Support/MathExtras.h"

using namespace fasternet;

namespace {

llvm::Error refuse(const llvm::Twine &why) {
  return inputError("schedule: " + why);
}

llvm::Error checkVector(const Target &target, int64_t vector) {
  if (vector < 1 || !llvm::isPowerOf2_64(vector) || vector > target.vectorFloats)
    return refuse("vector=" + llvm::Twine(vector) + ", expected a power of two of at most " +
                  llvm::Twine(target.vectorFloats));
  return llvm::Error::success();
}

/// Tiles may compute padding lanes of the last panel, but must not read beyond it.
llvm::Error checkChannels(llvm::StringRef name, int64_t channels, int64_t vector, int64_t vectors) {
  const int64_t padded = llvm::alignTo(channels, PackedLayout{}.panel);
  if (vectors < 1 || int64_t(llvm::alignTo(channels, vector * vectors)) > padded)
    return refuse(name + " takes " + llvm::Twine(vectors) + " vectors of " + llvm::Twine(vector) +
                  " channels, which must not reach beyond the " + llvm::Twine(padded) +
                  " that the packed weights hold");
  return llvm::Error::success();
}

/// Tiles are shifted inwards at the end of a row, never beyond it; rows are not, so they must divide.
llvm::Error checkPixels(llvm::StringRef name, const RegisterTile &tile, int64_t width, int64_t rows,
                        int64_t height) {
  if (tile.pixels < 1 || tile.pixels > width)
    return refuse(name + " takes " + llvm::Twine(tile.pixels) + " pixels, expected 1 to " +
                  llvm::Twine(width));
  if (tile.rows < 1 || (tile.rows > 1 && (rows % tile.rows || height % rows)))
    return refuse(name + " takes " + llvm::Twine(tile.rows) +
                  " rows, expected 1 or a divisor of a strip of " + llvm::Twine(rows) +
                  " rows that divides " + llvm::Twine(height));
  return llvm::Error::success();
}

llvm::Error checkRange(llvm::StringRef name, int64_t value, int64_t least, int64_t most) {
  if (value < least || value > most)
    return refuse(name + "=" + llvm::Twine(value) + ", expected " + llvm::Twine(least) + " to " +
                  llvm::Twine(most));
  return llvm::Error::success();
}

/// A load of so many values; the strategy takes fewer where a reduction does not divide.
llvm::Error checkFetch(int64_t fetch, const Target &target) {
  if (fetch < 1 || !llvm::isPowerOf2_64(fetch) || fetch > target.vectorFloats)
    return refuse("fetch=" + llvm::Twine(fetch) + ", expected a power of two of at most " +
                  llvm::Twine(target.vectorFloats));
  return llvm::Error::success();
}

/// Whole panels keep every pixel aligned to a cache line, of half precision to half a line.
llvm::Error checkPad(int64_t pad) {
  const int64_t panel = PackedLayout{}.panel;
  if (pad < 0 || pad % panel != 0 || pad > 8 * panel)
    return refuse("pad=" + llvm::Twine(pad) + ", expected a multiple of " + llvm::Twine(panel) + " up to " +
                  llvm::Twine(8 * panel));
  return llvm::Error::success();
}

/// Winograd's forms are in f32, because sums and differences of halves lose digits, and pairs are whole
/// rows'.
int64_t mostWinograd(const KernelSpec &spec) {
  return spec.computeType() == ElementType::F32 ? 2 : 0;
}

llvm::Error checkConvolution(const KernelSpec &spec, const BlockParameters &p) {
  switch (p.winograd) {
  case 0:
    return checkPixels("partial", p.partial, p.pixels, p.rows, spec.height);
  case 1:
    if (p.pixels != spec.width)
      return refuse("winograd=1 with strips of " + llvm::Twine(p.pixels) +
                    " pixels, expected whole rows of " + llvm::Twine(spec.width));
    return checkPixels("partial", p.partial, llvm::divideCeil(spec.width, 2), p.rows, spec.height);
  default:
    return checkPixels("partial", p.partial, llvm::divideCeil(spec.width, 2), 1, 1);
  }
}

/// The first error of a list.
llvm::Error firstOf(std::initializer_list<llvm::function_ref<llvm::Error()>> checks) {
  for (auto check : checks)
    if (llvm::Error error = check())
      return error;
  return llvm::Error::success();
}

} // namespace

llvm::Error fasternet::checkCpuPatchConv(const KernelSpec &spec, const Target &target,
                                         const PatchConvParameters &p) {
  const int64_t height = spec.outputHeight(), width = spec.outputWidth();
  return firstOf(
      {[&] { return checkVector(target, p.vector); }, [&] { return checkRange("share", p.share, 0, 1); },
       [&] { return checkRange("strip", p.strip, p.share ? height : 1, height); },
       [&] { return checkRange("unroll", p.unroll, 1, 16); },
       [&] { return checkRange("stage", p.stage, 0, 1); }, [&] { return checkFetch(p.fetch, target); },
       [&] { return checkRange("ahead", p.ahead, 0, 1); },
       [&] { return checkChannels("tile", spec.outputs, p.vector, p.tile.vectors); },
       [&] { return checkPixels("tile", p.tile, width, p.strip, height); }});
}

llvm::Error fasternet::checkCpuBlock(const KernelSpec &spec, const Target &target, const BlockParameters &p) {
  return firstOf(
      {[&] { return checkVector(target, p.vector); }, [&] { return checkRange("share", p.share, 0, 1); },
       [&] { return checkRange("rows", p.rows, p.share ? spec.height : 1, spec.height); },
       [&] { return checkRange("pixels", p.pixels, p.share ? spec.width : 1, spec.width); },
       [&] { return checkRange("unroll", p.unroll, 1, 16); }, [&] { return checkPad(p.pad); },
       [&] { return checkFetch(p.fetch, target); }, [&] { return checkRange("ahead", p.ahead, 0, 1); },
       [&] { return checkChannels("partial", spec.partial, p.vector, p.partial.vectors); },
       [&] { return checkChannels("first", spec.hidden, p.vector, p.first.vectors); },
       [&] { return checkChannels("second", spec.channels, p.vector, p.second.vectors); },
       [&] { return checkRange("winograd", p.winograd, 0, mostWinograd(spec)); },
       [&] { return checkConvolution(spec, p); },
       [&] { return checkPixels("first", p.first, p.pixels, p.rows, spec.height); },
       [&] { return checkPixels("second", p.second, p.pixels, p.rows, spec.height); }});
}

llvm::Error fasternet::checkCpuHead(const KernelSpec &spec, const Target &target, const HeadParameters &p) {
  return firstOf({[&] { return checkVector(target, p.vector); },
                  [&] { return checkChannels("first", spec.features, p.vector, p.first); },
                  [&] {
                    return spec.outputs ? checkChannels("second", spec.outputs, p.vector, p.second)
                                        : llvm::Error::success();
                  }});
}

llvm::Error fasternet::checkCpuAffine(const KernelSpec &spec, const Target &target,
                                      const AffineParameters &p) {
  if (llvm::Error error = checkVector(target, p.vector))
    return error;
  return checkRange("vector", p.vector, 1, spec.width);
}
