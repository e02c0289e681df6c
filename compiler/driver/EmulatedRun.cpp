#include "driver/EmulatedRun.h"
#include "codegen/DeviceEmulation.h"
#include "driver/Describe.h"
#include "driver/DeviceKernels.h"
#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"
#include "support/RelativeError.h"
#include "transforms/EntryLayout.h"
#include "transforms/TensorPlaces.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

namespace {

/// The memory of one run: what the loader would allocate on the device.
class EmulatedMemory {
public:
  EmulatedMemory(llvm::StringRef weights, int64_t arenaBytes, llvm::ArrayRef<float> input)
      : weights(weights.begin(), weights.end()), arena(size_t(arenaBytes)), input(input) {}

  void addOutput(mlir::Type type) {
    outputs.emplace_back(size_t(mlir::cast<mlir::RankedTensorType>(type).getNumElements()));
  }

  uint8_t *at(const TensorPlace &place) {
    switch (place.base) {
    case abi::CudaBase::Weights:
      return weights.data() + place.offset;
    case abi::CudaBase::Input:
      return reinterpret_cast<uint8_t *>(input.data());
    case abi::CudaBase::Output:
      return reinterpret_cast<uint8_t *>(outputs[size_t(place.index)].data());
    default:
      return arena.data() + place.offset;
    }
  }

  std::vector<float> allOutputs() const {
    std::vector<float> all;
    for (const std::vector<float> &output : outputs)
      all.insert(all.end(), output.begin(), output.end());
    return all;
  }

private:
  std::vector<uint8_t> weights, arena;
  std::vector<float> input;
  std::vector<std::vector<float>> outputs;
};

} // namespace

llvm::Expected<std::vector<float>> fasternet::runEmulated(Pipeline &pipeline, size_t variant,
                                                          llvm::StringRef blobPath,
                                                          llvm::ArrayRef<float> input) {
  auto function = modelFunction(pipeline.module());
  auto layout = entryLayout(pipeline.module());
  if (mlir::failed(function) || mlir::failed(layout))
    return inputError("the planned model is not complete");
  auto weights = mapFile(blobPath);
  if (!weights)
    return weights.takeError();
  EmulatedMemory memory((*weights)->getBuffer(), layout->arenaBytes, input);
  for (mlir::Type type : function->getResultTypes())
    memory.addOutput(type);

  llvm::StringMap<const DeviceKernel *> kernels;
  for (auto [kernel, use] : llvm::zip(pipeline.module().getOps<ir::KernelOp>(), pipeline.kernels()))
    kernels[kernel.getSymName()] = &use.deviceVariants[variant];
  const Target &target = *pipeline.targets()[variant];
  for (ir::CallOp call : function->getOps<ir::CallOp>()) {
    const DeviceKernel &kernel = *kernels.lookup(call.getKernel());
    auto places = tensorPlaces(*function, call);
    if (mlir::failed(places))
      return inputError("the planned model is not complete");
    std::vector<uint8_t *> tensors;
    for (const TensorPlace &place : *places)
      tensors.push_back(memory.at(place));
    if (llvm::Error error = emulateOnProcessor(kernel, target, tensors))
      return error;
  }
  return memory.allOutputs();
}

llvm::Expected<double> fasternet::verifyEmulated(Pipeline &pipeline, const VerifyCase &values,
                                                 const VerifyOptions &options) {
  if (llvm::Error error = canEmulate())
    return error;
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  const std::string blob = folder->path("weights");
  if (llvm::Error error =
          pipeline.prepare(options.targets, options.records, options.precision, blob, /*quiet=*/false))
    return error;
  auto interface = describe(pipeline);
  if (!interface)
    return interface.takeError();

  double largest = 0;
  for (size_t variant = 0; variant < options.targets.size(); ++variant) {
    llvm::errs() << "running " << options.targets[variant]->name << " on OpenCL\n";
    auto outputs = runEmulated(pipeline, variant, blob, values.input);
    if (!outputs)
      return outputs.takeError();
    llvm::ArrayRef<float> found = *outputs, expected = values.outputs;
    for (const InterfaceTensor &output : interface->outputs) {
      const size_t count = size_t(output.elements());
      const double error = maxRelativeError(found.take_front(count), expected.take_front(count));
      llvm::outs() << llvm::formatv("{0} max_relative_error={1:e3}\n", output.name, error);
      largest = std::max(largest, error);
      found = found.drop_front(count), expected = expected.drop_front(count);
    }
  }
  return largest;
}
