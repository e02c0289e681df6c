#include "codegen/DevicePipeline.h"
#include "codegen/ChildProcess.h"
#include "codegen/LaunchBounds.h"
#include "codegen/LaunchRecorder.h"
#include "support/Diagnostics.h"

#include "llvm/Support/JSON.h"

#include <Halide.h>

using namespace fasternet;

namespace {

constexpr const char *symbol = "kernel";

llvm::json::Array toJson(llvm::ArrayRef<uint32_t> extents) {
  return llvm::json::Array(extents);
}

llvm::json::Value toJson(const LaunchArgument &argument) {
  if (argument.buffer >= 0)
    return llvm::json::Object{{"buffer", argument.buffer}, {"offset", argument.byteOffset}};
  return llvm::json::Object{{"bytes", argument.scalarBytes}, {"value", argument.scalar}};
}

/// From the child to its parent.
std::string toText(const RecordedLaunches &recorded) {
  llvm::json::Array launches;
  for (const DeviceLaunch &launch : recorded.launches) {
    llvm::json::Array arguments;
    for (const LaunchArgument &argument : launch.arguments)
      arguments.push_back(toJson(argument));
    launches.push_back(llvm::json::Object{{"function", launch.function},
                                          {"grid", toJson(launch.grid)},
                                          {"threads", toJson(launch.threads)},
                                          {"shared", launch.sharedBytes},
                                          {"arguments", std::move(arguments)}});
  }
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(
      llvm::json::Object{{"ptx", recorded.ptx},
                         {"launches", std::move(launches)},
                         {"intermediates", llvm::json::Array(recorded.intermediateBytes)}});
  return text;
}

/// What toText wrote: fields are there.
DeviceLaunch launchFrom(const llvm::json::Object &object) {
  DeviceLaunch launch{.function = object.getString("function")->str(),
                      .sharedBytes = uint32_t(*object.getInteger("shared"))};
  for (size_t i = 0; i < 3; ++i) {
    launch.grid[i] = uint32_t(*(*object.getArray("grid"))[i].getAsInteger());
    launch.threads[i] = uint32_t(*(*object.getArray("threads"))[i].getAsInteger());
  }
  for (const llvm::json::Value &value : *object.getArray("arguments")) {
    const llvm::json::Object &argument = *value.getAsObject();
    if (auto buffer = argument.getInteger("buffer"))
      launch.arguments.push_back({.buffer = int32_t(*buffer), .byteOffset = *argument.getInteger("offset")});
    else
      launch.arguments.push_back({.scalarBytes = uint32_t(*argument.getInteger("bytes")),
                                  .scalar = *argument.get("value")->getAsUINT64()});
  }
  return launch;
}

/// In the child: JSON, or "error\n" and why.
std::string compileHere(const BuildPipeline &build, const Target &target,
                        const std::vector<KernelArgument> &arguments) {
  try {
    Halide::Buffer<uint8_t> object =
        lowerPipeline(build, halideDeviceTarget(target), symbol, Halide::LinkageType::ExternalPlusArgv)
            .compile_to_buffer();
    auto recorded = recordLaunches({reinterpret_cast<const char *>(object.data()), object.size_in_bytes()},
                                   symbol, arguments);
    return recorded ? toText(*recorded) : "error\n" + llvm::toString(recorded.takeError());
  } catch (const std::exception &error) {
    return std::string("error\n") + error.what();
  } catch (const Halide::Error &error) { // is not a std::exception
    return std::string("error\n") + error.what();
  }
}

} // namespace

Halide::Target fasternet::halideDeviceTarget(const Target &target) {
  using H = Halide::Target;
  const Halide::Target host = Halide::get_host_target();
  const int64_t capability = target.computeCapability();
  const H::Feature level = capability >= 86   ? H::CUDACapability86
                           : capability >= 80 ? H::CUDACapability80
                                              : H::CUDACapability75;
  return Halide::Target(host.os, host.arch, host.bits,
                        {H::NoRuntime, H::NoAsserts, H::NoBoundsQuery, H::UserContext, H::CUDA, level});
}

llvm::Expected<DeviceKernel> fasternet::compileDevicePipeline(const Target &target,
                                                              std::vector<KernelArgument> arguments,
                                                              const BuildPipeline &build) {
  if (llvm::Error error = checkSizes(arguments))
    return error;
  llvm::Expected<std::string> text = runInChild([&] { return compileHere(build, target, arguments); });
  if (!text)
    return text.takeError();
  llvm::StringRef body = *text;
  if (body.consume_front("error\n"))
    return inputError(body.rtrim());
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(*text);
  if (!json)
    return json.takeError();
  const llvm::json::Object &object = *json->getAsObject();
  DeviceKernel kernel;
  kernel.arguments = std::move(arguments);
  for (const llvm::json::Value &launch : *object.getArray("launches"))
    kernel.launches.push_back(launchFrom(*launch.getAsObject()));
  kernel.ptx = withLaunchBounds(object.getString("ptx")->str(), kernel.launches, target);
  for (const llvm::json::Value &bytes : *object.getArray("intermediates"))
    kernel.intermediateBytes.push_back(*bytes.getAsInteger());
  return kernel;
}
