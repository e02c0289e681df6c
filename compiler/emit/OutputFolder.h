// An output folder whose set of files appears whole or not at all.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace fasternet {

/// Files are first written to a staging folder inside `folder` (same file system, so that renaming is atomic
/// per file and cheap), then `commit` puts them in place. Files of other names in `folder` are left alone.
/// Without a successful commit the folder is as it was, and is not there if it was not.
///
/// While files are being replaced, the last one added, the manifest, is absent: it leaves first and comes
/// last, so even a killed process leaves no manifest beside a mixed set.
class OutputFolder {
public:
  static llvm::Expected<std::unique_ptr<OutputFolder>> create(llvm::StringRef folder);
  OutputFolder(const OutputFolder &) = delete;
  OutputFolder &operator=(const OutputFolder &) = delete;
  ~OutputFolder();

  /// Adds a file with this text. `name` is relative, with '/' between folders.
  llvm::Error add(llvm::StringRef name, llvm::StringRef bytes);
  /// Adds a file that the caller writes, before commit, under the path returned.
  llvm::Expected<std::string> addPath(llvm::StringRef name);
  /// Puts all files in place, in the order added. On failure everything is put back and the error names the
  /// file.
  llvm::Error commit();

private:
  OutputFolder(std::string folder, std::string staging, std::vector<std::string> created);
  std::string finalPath(llvm::StringRef name) const;
  std::string stagedPath(llvm::StringRef name) const;
  std::string replacedPath(llvm::StringRef name) const;
  llvm::Error createFoldersFor(llvm::StringRef name);
  llvm::Error checkBeforeCommit();
  llvm::Error moveAll(std::vector<std::string> &withdrawn, std::vector<std::string> &placed);

  std::string folder, staging;
  std::vector<std::string> created; ///< folders that this object made, outermost first
  std::vector<std::string> names;   ///< in the order added
  bool committed = false;
};

} // namespace fasternet
