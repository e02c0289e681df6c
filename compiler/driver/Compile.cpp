#include "driver/Compile.h"
#include "driver/CrossTools.h"
#include "driver/Describe.h"
#include "driver/Pipeline.h"
#include "driver/Toolchain.h"
#include "emit/Emit.h"
#include "emit/OutputFolder.h"
#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"
#include "transforms/TranslateEntry.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

/// The processor that runs what is not a GPU's code.
static const Target &hostOf(const CompileOptions &options) {
  return options.host ? *options.host : *options.targets.front();
}

/// A member that holds `bytes` as the symbol of its name.
static llvm::Expected<ArchiveMember> embedBytes(llvm::StringRef bytes, const std::string &symbol,
                                                llvm::StringRef triple, const TemporaryFolder &work) {
  const std::string path = work.path(symbol);
  if (llvm::Error error = writeFile(path, bytes))
    return error;
  auto object = embedFile(path, symbol, triple);
  if (!object)
    return object.takeError();
  return ArchiveMember{symbol + ".o", std::move(*object)};
}

/// PTX, which ends in a zero byte, and machine code where there is some.
static llvm::Error addDeviceCode(const DeviceKernel &kernel, llvm::StringRef triple,
                                 const TemporaryFolder &work, std::vector<ArchiveMember> &members) {
  auto add = [&](llvm::StringRef bytes, const std::string &symbol) -> llvm::Error {
    auto member = embedBytes(bytes, symbol, triple, work);
    if (!member)
      return member.takeError();
    members.push_back(std::move(*member));
    return llvm::Error::success();
  };
  if (llvm::Error error = add(kernel.ptx + '\0', kernel.symbol + "_ptx"))
    return error;
  return kernel.cubin.empty() ? llvm::Error::success() : add(kernel.cubin, kernel.symbol + "_cubin");
}

/// The archive's members: the model's object first, then weights, then kernels in order of use.
static llvm::Expected<std::vector<ArchiveMember>>
makeMembers(Pipeline &pipeline, llvm::StringRef blob, llvm::StringRef triple, const TemporaryFolder &work) {
  const std::string &name = pipeline.description().name;
  std::vector<ArchiveMember> members;
  auto entry = translateToObject(pipeline.module(), triple);
  if (!entry)
    return entry.takeError();
  members.push_back({name + ".o", std::move(*entry)});
  auto weights = embedFile(blob, name + "_weights", triple);
  if (!weights)
    return weights.takeError();
  members.push_back({name + "_weights.o", std::move(*weights)});
  for (const Pipeline::KernelUse &use : pipeline.kernels()) {
    for (const CompiledKernel &kernel : use.variants) {
      auto object = rewriteSymbols(kernel.object, kernelRenames(), /*publicSymbols=*/{}, name + "_");
      if (!object)
        return object.takeError();
      members.push_back({kernel.symbol + ".o", std::move(*object)});
    }
    for (const DeviceKernel &kernel : use.deviceVariants)
      if (llvm::Error error = addDeviceCode(kernel, triple, work, members))
        return error;
  }
  return members;
}

/// File name of the runtime's archive.
static std::string runtimeArchive(bool onDevice) {
  return ("lib" + runtimeLibrary(onDevice).name + ".a").str();
}

/// The runtime: its headers and sources always, its archive where the C compiler is there.
static llvm::Error addRuntime(OutputFolder &folder, const CompileOptions &options, bool onDevice,
                              bool &built) {
  for (const RuntimeFile &file : runtimeFiles())
    if (const std::string path = packagePath(file, onDevice); !path.empty())
      if (llvm::Error error = folder.add(path, file.text))
        return error;
  const std::string archive = runtimeArchive(onDevice);
  built = haveCompiler(options.cc);
  if (!built) {
    llvm::errs() << "warning: the C compiler '" << options.cc << "' was not found; compile runtime/*.c into "
                 << archive << " with one for the target" << compilerHint(hostOf(options), options.cc)
                 << '\n';
    return llvm::Error::success();
  }
  auto objects = compileRuntime(options.cc, onDevice);
  if (!objects)
    return objects.takeError();
  std::vector<ArchiveMember> members;
  for (auto &[name, object] : *objects)
    members.push_back({name, std::move(object)});
  auto path = folder.addPath(archive);
  if (!path)
    return path.takeError();
  return writeStaticLibrary(*path, members);
}

llvm::Expected<CompiledModel> fasternet::compileModel(const CompileOptions &options) {
  auto input = loadModel(options.model, options.weights, options.name);
  if (!input)
    return input.takeError();
  CompileOptions resolved = options;
  if (resolved.output.empty())
    resolved.output = input->description.name;
  if (options.host) {
    input->description.name += "_cuda";
    llvm::SmallString<128> folder(resolved.output);
    llvm::sys::path::append(folder, "cuda");
    resolved.output = std::string(folder);
  }
  Pipeline pipeline(std::move(*input));
  return compileModel(pipeline, resolved);
}

llvm::Expected<CompiledModel> fasternet::compileModel(Pipeline &pipeline, const CompileOptions &options) {
  const std::string &name = pipeline.description().name;
  if (llvm::Error error = checkCompiler(hostOf(options), options.cc))
    return error;
  auto folder = OutputFolder::create(options.output.empty() ? name : options.output);
  if (!folder)
    return folder.takeError();
  auto work = TemporaryFolder::create();
  if (!work)
    return work.takeError();
  const std::string blob = work->path("weights");
  if (llvm::Error error =
          pipeline.prepare(options.targets, options.records, options.precision, blob, options.quiet))
    return error;
  auto interface = describe(pipeline);
  if (!interface)
    return interface.takeError();
  CompiledModel compiled{.name = name, .kernels = pipeline.steps(), .weightBytes = interface->weightBytes};
  if (llvm::Error error = pipeline.lower())
    return error;

  const std::string library = "lib" + name + ".a";
  auto members = makeMembers(pipeline, blob, hostOf(options).triple, *work);
  if (!members)
    return members.takeError();
  auto path = (*folder)->addPath(library);
  if (!path)
    return path.takeError();
  for (const ArchiveMember &member : *members)
    compiled.libraryBytes += int64_t(member.object.size());
  if (llvm::Error error = writeStaticLibrary(*path, *members))
    return error;
  bool built = false;
  if (llvm::Error error = addRuntime(**folder, options, pipeline.isOnDevice(), built))
    return error;
  const std::pair<std::string, std::string> texts[] = {{name + ".h", headerText(*interface)},
                                                       {name + "-config.cmake", cmakeConfigText(*interface)},
                                                       {name + ".pc", pkgConfigText(*interface)},
                                                       {name + ".json", manifestText(*interface)}};
  for (const auto &[file, text] : texts)
    if (llvm::Error error = (*folder)->add(file, text))
      return error;
  if (llvm::Error error = (*folder)->commit())
    return error;

  auto inOutput = [&](llvm::StringRef file) {
    llvm::SmallString<128> joined(options.output.empty() ? name : options.output);
    llvm::sys::path::append(joined, file);
    return std::string(joined);
  };
  compiled.library = inOutput(library);
  if (built)
    compiled.runtimeLibrary = inOutput(runtimeArchive(pipeline.isOnDevice()));
  return compiled;
}
