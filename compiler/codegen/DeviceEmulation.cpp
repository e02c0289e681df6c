#include "codegen/DeviceEmulation.h"
#include "codegen/ChildProcess.h"
#include "kernels/KernelArguments.h"
#include "schedules/Schedules.h"
#include "support/Diagnostics.h"

#include "llvm/Support/raw_ostream.h"

#include <cstring>
#include <exception>

using namespace fasternet;

namespace {

using HostBuffer = Halide::Buffer<float>;

constexpr char missingPlatform[] =
    "no OpenCL platform on this machine, on which the processor could run GPU kernels: "
    "install pocl-opencl-icd and ocl-icd-libopencl1";

/// Assertions inside kernels cannot be checked there, which Halide says of each; those on whole tensors are
/// the host's.
class EmulationReporter : public Halide::CompileTimeErrorReporter {
public:
  void warning(const char *message) override {
    if (!llvm::StringRef(message).contains("Ignoring assertion inside OpenCL kernel"))
      llvm::errs() << message << '\n';
  }
  void error(const char *message) override { throw std::runtime_error(message); }
};

Halide::Target emulationTarget(EmulationChecks checks) {
  Halide::Target target = Halide::get_host_target().with_feature(Halide::Target::OpenCL);
  if (checks == EmulationChecks::None)
    target = target.with_feature(Halide::Target::NoAsserts).with_feature(Halide::Target::NoBoundsQuery);
  return target;
}

HostBuffer bufferOver(float *tensor, const KernelArgument &argument) {
  std::vector<halide_dimension_t> shape;
  for (const BufferDimension &dimension : argument.dimensions)
    shape.emplace_back(dimension.min, dimension.extent, dimension.stride);
  HostBuffer buffer(tensor + argument.elementOffset, int(shape.size()), shape.data());
  buffer.set_host_dirty(); // what is not known to be newer here is not copied to the device
  return buffer;
}

/// Kernels have four (head without classes: three) to six arguments.
int call(const Halide::Callable &kernel, std::vector<HostBuffer> &b) {
  switch (b.size()) {
  case 3:
    return kernel(b[0], b[1], b[2]);
  case 4:
    return kernel(b[0], b[1], b[2], b[3]);
  case 5:
    return kernel(b[0], b[1], b[2], b[3], b[4]);
  case 6:
    return kernel(b[0], b[1], b[2], b[3], b[4], b[5]);
  default:
    throw std::runtime_error(std::to_string(b.size()) + " arguments, expected 3 to 6");
  }
}

std::string emulateHere(const KernelSpec &spec, const Target &target, llvm::StringRef parameters,
                        llvm::ArrayRef<const float *> tensors, EmulationChecks checks) {
  if (!Halide::host_supports_target_device(emulationTarget(checks)))
    throw std::runtime_error(missingPlatform);
  static EmulationReporter reporter;
  Halide::set_custom_compile_time_error_reporter(&reporter);
  ScheduledPipeline pipeline = buildPipeline(spec, target, parameters);
  const Halide::Callable kernel =
      Halide::Pipeline(pipeline.output).compile_to_callable(pipeline.arguments, emulationTarget(checks));
  std::vector<HostBuffer> buffers;
  const std::vector<KernelArgument> arguments = kernelArguments(spec);
  // The child's memory is its own: what the output's buffer is given back into is no one else's.
  for (size_t i = 0; i < arguments.size(); ++i)
    buffers.push_back(bufferOver(const_cast<float *>(tensors[i]), arguments[i]));
  if (const int status = call(kernel, buffers))
    throw std::runtime_error("the kernel returned status " + std::to_string(status));
  buffers.back().copy_to_host();
  std::string values;
  buffers.back().for_each_value(
      [&](float value) { values.append(reinterpret_cast<const char *>(&value), sizeof value); });
  return "ok\n" + values;
}

} // namespace

llvm::Error fasternet::canEmulate() {
  auto found = runInChild([] {
    return std::string(Halide::host_supports_target_device(emulationTarget(EmulationChecks::None)) ? "yes"
                                                                                                   : "no");
  });
  if (!found)
    return found.takeError();
  if (*found != "yes")
    return inputError(missingPlatform);
  return llvm::Error::success();
}

llvm::Expected<std::vector<float>> fasternet::emulateKernel(const KernelSpec &spec, const Target &target,
                                                            llvm::StringRef parameters,
                                                            llvm::ArrayRef<const float *> tensors,
                                                            EmulationChecks checks) {
  auto result = runInChild([&] {
    try {
      return emulateHere(spec, target, parameters, tensors, checks);
    } catch (const std::exception &error) {
      return std::string("error\n") + error.what();
    } catch (const Halide::Error &error) { // is not a std::exception
      return std::string("error\n") + error.what();
    }
  });
  const std::string name =
      ("kernel " + spec.text() + " for " + target.name + " on OpenCL, schedule " + parameters + ": ").str();
  if (!result)
    return inputError(name + llvm::toString(result.takeError()));
  auto [head, body] = llvm::StringRef(*result).split('\n');
  if (head != "ok")
    return inputError(name + body.rtrim());
  std::vector<float> values(body.size() / sizeof(float));
  std::memcpy(values.data(), body.data(), body.size());
  return values;
}
