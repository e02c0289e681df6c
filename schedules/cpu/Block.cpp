// The fused block on CPUs: strips of pixels whose hidden layer stays in cache, all accumulators in registers.
#include "schedules/cpu/PartialConvolution.h"
#include "schedules/cpu/ReadAhead.h"
#include "schedules/cpu/RegisterTiling.h"
#include "schedules/cpu/Strategies.h"
#include "support/PackedLayout.h"

#include "llvm/Support/MathExtras.h"

using namespace Halide;

static std::optional<fasternet::WinogradConvolution::Form>
winogradForm(const fasternet::BlockParameters &parameters) {
  using Form = fasternet::WinogradConvolution::Form;
  if (parameters.winograd == 0)
    return std::nullopt;
  return parameters.winograd == 1 ? Form::Pairs : Form::Squares;
}

fasternet::ScheduledPipeline fasternet::scheduleCpuBlock(const KernelSpec &spec,
                                                         const BlockParameters &parameters) {
  const int64_t vector = parameters.vector;
  BlockKernel k(spec, {.partialGranule = granuleOf(vector * parameters.partial.vectors),
                       .firstGranule = granuleOf(vector * parameters.first.vectors),
                       .secondGranule = granuleOf(vector * parameters.second.vectors),
                       .winograd = winogradForm(parameters)});
  Var strip("strip"), stripColumn("strip_column"), task("task");

  // Rows are split without overlap, so that no two tasks write the same pixel; columns belong to one task.
  k.output.split(k.y, strip, k.y, int(parameters.rows), TailStrategy::GuardWithIf)
      .split(k.x, stripColumn, k.x, int(parameters.pixels), TailStrategy::ShiftInwards);
  TiledLoops out = tileWrapper(k.output, k.c, k.x, k.y, vector, parameters.second, /*isOutput=*/true);
  // Tiles stand inside the strip: its hidden layer is computed once, for all channels of the output.
  k.output.fuse(strip, k.n, task)
      .reorder(out.lane, out.part, out.pixel, out.line, out.column, out.row, out.tile, stripColumn, task);
  const Steps steps{parameters.fetch, parameters.unroll};
  auto fetched = [&](auto source) {
    return [source, &steps](Func reader) mutable { return steps.fetch > 1 ? source.in(reader) : Func(); };
  };
  accumulateInRegisters(k.sum.sum, k.output, out, k.c, k.x, k.y, vector, parameters.second,
                        {overPart(k.sum.parts[0], fetched(k.hidden))}, steps);

  // One allocation for all strips of a task, or for all images: what the scratch is planned for.
  const LoopLevel storage = parameters.share ? LoopLevel::root() : LoopLevel(k.output, task);
  k.output.partition(task, Partition::Never).partition(stripColumn, Partition::Never);

  TiledLoops hidden = tileWrapper(k.hidden, k.c, k.x, k.y, vector, parameters.first, /*isOutput=*/false);
  k.hidden.compute_at(k.output, stripColumn)
      .store_in(MemoryType::Heap)
      .bound_storage(k.y, int(parameters.rows))
      .hoist_storage(storage);
  if (parameters.pad > 0)
    k.hidden.bound_storage(k.c, int(llvm::alignTo(spec.hidden, PackedLayout{}.panel) + parameters.pad));
  std::vector<Reduction> channels = {overPart(k.product.parts[0], fetched(k.partial))};
  if (k.product.parts.size() > 1)
    channels.push_back(overPart(k.product.parts[1], fetched(k.input)));
  accumulateInRegisters(k.product.sum, k.hidden, hidden, k.c, k.x, k.y, vector, parameters.first, channels,
                        steps);

  const ReadAhead convolution =
      schedulePartialConvolution(k, spec, parameters, LoopLevel(k.output, stripColumn), storage);

  if (parameters.share) {
    // One strip holds the image: its tasks are tiles of channels, each weight is read once per image.
    k.output.parallel(out.tile);
    k.hidden.parallel(hidden.tile);
  } else {
    k.output.parallel(task);
  }
  ScheduledPipeline pipeline{k.output, k.arguments()};
  if (parameters.ahead) {
    auto &readAheads = pipeline.readAheads;
    readAheads.push_back(convolution);
    readAheads.push_back(
        weightsAhead(k.firstWeight, k.hidden, hidden.tile, vector * parameters.first.vectors, spec.channels));
    readAheads.push_back(
        weightsAhead(k.secondWeight, k.output, out.tile, vector * parameters.second.vectors, spec.hidden));
    // The row below a strip has been read by the convolution, but only its channels.
    if (parameters.share == 0)
      readAheads.push_back(rowsAhead(k.input, spec, k.output, task, k.secondWeight,
                                     int64_t(llvm::divideCeil(spec.height, parameters.rows)), parameters.rows,
                                     KernelSpec::borderPixels));
  }
  return pipeline;
}
