// The SVG pictures of the page of `bench`. Colours are the page's CSS variables: --ink, --soft, --grid,
// --paper and one for each kind of kernel.
#pragma once

#include "driver/BenchReport.h"

#include "llvm/Support/raw_ostream.h"

namespace fasternet {

/// The kind of a kernel from its spec's text, such as patch_conv: the name of its CSS variable.
llvm::StringRef kernelStyle(llvm::StringRef name);

/// Colours and names of the kinds that the report has, as HTML.
void writeKindLegend(llvm::raw_ostream &os, const BenchReport &report);

/// Kernels under the roof, both axes logarithmic.
void writeRooflinePicture(llvm::raw_ostream &os, const BenchReport &report);

/// A bar for every kernel call of a run, in order, with a mark at the call's roofline.
void writeStepsPicture(llvm::raw_ostream &os, const BenchReport &report);

} // namespace fasternet
