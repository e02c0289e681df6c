// What a compiled model becomes on disk.
//
// The output folder DIR, complete as it stands and free to be moved:
//   lib<name>.a                kernels of every target, packed weights, entry and description
//   <name>.h                   the public header; includes fasternet/model.h
//   fasternet/*.h              headers of the runtime
//   libfasternet_runtime.a     the runtime, where a C compiler for the target was there
//   runtime/*.c, runtime/*.h   its sources, for every other place
//   <name>-config.cmake, <name>.pc
//   <name>.json                the manifest, written last: where it stands, the set is whole
// so that `cc -I DIR app.c DIR/lib<name>.a DIR/libfasternet_runtime.a -lm -lpthread` builds a host. A model
// for GPUs has the loader in place of the runtime: libfasternet_cuda.a, its sources in runtime/, and -ldl.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fasternet {

/// One input or output of the public interface, float32, dense, NCHW or [batch, values].
struct InterfaceTensor {
  std::string name;
  std::vector<int64_t> shape;

  int64_t elements() const;
};

/// Everything that headers, manifest and package files say about a model.
struct ModelInterface {
  std::string name;            ///< C identifier, prefix of all public names
  std::string compilerVersion; ///< such as 0.1.0
  std::string precision = "f32";
  bool onDevice = false; ///< for GPUs: the loader in place of the CPU's runtime, run_device besides run
  std::vector<InterfaceTensor> inputs, outputs;       ///< one input "input"; "output", or "output0" and so on
  int64_t instanceBytes = 0, instanceWorkerBytes = 0; ///< fnet_model fields of the same names
  int64_t arenaBytes = 0, callerScratchBytes = 0, weightBytes = 0, macs = 0;
  struct KernelUse {
    std::string spec;            ///< text form
    int64_t count = 0;           ///< calls per run
    int64_t macs = 0, bytes = 0; ///< one call
    struct Variant {
      std::string target, schedule;
      int64_t codeBytes = 0;
    };
    std::vector<Variant> variants;
  };
  std::vector<KernelUse> kernels;   ///< distinct, in order of first use
  std::vector<std::string> targets; ///< best first
};

/// The runtime that a model is linked with: its archive's name without lib and .a, and the libraries of the
/// system that it needs, as -l names.
struct RuntimeLibrary {
  llvm::StringRef name;
  llvm::ArrayRef<llvm::StringRef> systemLibraries;
};
const RuntimeLibrary &runtimeLibrary(bool onDevice);

/// The public C header, documented: shapes, layouts, bytes, ownership, errors. C11 and C++.
std::string headerText(const ModelInterface &interface);
/// The manifest, JSON, two-space indent, keys in a fixed order, newline at the end. Neither dates nor paths.
std::string manifestText(const ModelInterface &interface);
/// <name>-config.cmake: imported target fasternet::<name>, relative to its own folder. The runtime is the
/// target fasternet::runtime or fasternet::cuda_runtime, shared by all models of a project, built from
/// runtime/ where the archive is absent.
std::string cmakeConfigText(const ModelInterface &interface);
/// <name>.pc, relocatable through ${pcfiledir}.
std::string pkgConfigText(const ModelInterface &interface);

/// An object for `triple` with the file's bytes as a read-only, hidden, 64-byte aligned symbol in a section
/// of its own, through the machine-code layer: the bytes never pass through compiler memory as IR. A missing
/// file and an unknown or non-ELF triple are errors that name it.
llvm::Expected<std::string> embedFile(llvm::StringRef path, llvm::StringRef symbol, llvm::StringRef triple);

struct SymbolRename {
  std::string from, to;
};

/// The names under which kernels reach the runtime: halide_malloc becomes fnet_internal_malloc, and so on.
llvm::ArrayRef<SymbolRename> kernelRenames();

/// Rewrites an ELF object so that it shares no name with the rest of a program but the documented ones:
/// - symbols are renamed by the map, definitions and references;
/// - a global definition that is neither renamed, public, nor begins with `prefix` gets `prefix` before its
/// name;
/// - every definition but those in `publicSymbols` gets hidden visibility, and so do references to
///   fnet_internal_ names and names that begin with `prefix`;
/// - any other reference must be to a public symbol, or to libc or libm (memory functions and mathematics);
/// the error
///   names each that is not.
llvm::Expected<std::string> rewriteSymbols(llvm::StringRef object, llvm::ArrayRef<SymbolRename> renames,
                                           llvm::ArrayRef<std::string> publicSymbols, llvm::StringRef prefix);

/// Bytes of code and read-only data in an object: what it adds to a program.
llvm::Expected<int64_t> codeBytes(llvm::StringRef object);

struct ArchiveMember {
  std::string name;
  std::string object;
};
/// A static archive with a symbol table and fixed dates and owners, written atomically.
llvm::Error writeStaticLibrary(llvm::StringRef path, llvm::ArrayRef<ArchiveMember> members);

/// The public headers, C sources and harness programs of the runtime that the compiler carries: path below
/// runtime/ and text.
struct RuntimeFile {
  llvm::StringRef path; ///< such as include/fasternet/status.h, src/instance.c, cuda/run.c, harness/verify.c
  llvm::StringRef text; ///< ends in a zero byte that is not counted
};
/// Sorted by path.
llvm::ArrayRef<RuntimeFile> runtimeFiles();
/// Where a runtime file lies in the output folder: fasternet/status.h, runtime/instance.c. A model for GPUs
/// (`onDevice`) comes with the loader and the few common files that it needs, any other with the CPU's
/// runtime: empty for what the package has no use for, and for harness programs, which stay with the
/// compiler.
std::string packagePath(const RuntimeFile &file, bool onDevice);

} // namespace fasternet
