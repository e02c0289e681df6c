// What a compiled model becomes on disk.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace fasternet {

/// One input or output of the public interface, float32, dense, NCHW or [batch, values].
struct InterfaceTensor {
  std::string name;
  std::vector<int64_t> shape;
};

/// Everything that headers, manifest and package files say about a model.
struct ModelInterface {
  std::string name;                         ///< C identifier, prefix of all public names
  std::string compilerVersion;              ///< such as 0.1.0
  std::string precision = "f32";
  std::vector<InterfaceTensor> inputs, outputs;
  int64_t instanceBytes = 0, instanceWorkerBytes = 0; ///< fnet_model fields of the same names
  int64_t arenaBytes = 0, callerScratchBytes = 0, weightBytes = 0, macs = 0;
  struct KernelUse {
    std::string spec;    ///< text form
    int64_t count = 0;   ///< calls per run
    int64_t macs = 0, bytes = 0; ///< one call
    struct Variant {
      std::string target, schedule;
      int64_t codeBytes = 0;
    };
    std::vector<Variant> variants;
  };
  std::vector<KernelUse> kernels;           ///< distinct, in order of first use
  std::vector<std::string> targets;         ///< best first
};

/// The public C header, documented: shapes, layouts, bytes, ownership, errors.
std::string headerText(const ModelInterface &interface);
/// The manifest, JSON, two-space indent, keys in a fixed order, newline at the end.
std::string manifestText(const ModelInterface &interface);
/// <name>-config.cmake: imported target fasternet::<name>, relative to its own folder.
std::string cmakeConfigText(const ModelInterface &interface);
/// <name>.pc, relocatable through ${pcfiledir}.
std::string pkgConfigText(const ModelInterface &interface);

/// An object for `triple` with the file's bytes as a read-only, hidden, 64-byte aligned symbol in a section of its own,
/// through the assembler's .incbin: the bytes never pass through compiler memory as IR.
llvm::Expected<std::string> embedFile(llvm::StringRef path, llvm::StringRef symbol, llvm::StringRef triple);

/// Rewrites an object: symbols renamed by the map (definitions and references), then every global symbol but those in
/// `publicSymbols` gets hidden visibility. Symbols named in neither that start with a kernel's prefix stay private.
struct SymbolRename {
  std::string from, to;
};
llvm::Expected<std::string> rewriteSymbols(llvm::StringRef object, llvm::ArrayRef<SymbolRename> renames,
                                           llvm::ArrayRef<std::string> publicSymbols);

/// A static archive with a symbol table and fixed dates and owners, written atomically.
struct ArchiveMember {
  std::string name;
  std::string object;
};
llvm::Error writeStaticLibrary(llvm::StringRef path, std::vector<ArchiveMember> members);

/// The public headers, C sources and harness programs of the runtime that the compiler carries: path below runtime/
/// and text.
struct RuntimeFile {
  llvm::StringRef path; ///< such as include/fasternet/status.h, src/instance.c, harness/verify.c
  llvm::StringRef text;
};
llvm::ArrayRef<RuntimeFile> runtimeFiles();

} // namespace fasternet
