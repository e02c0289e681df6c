// The zip archive of a torch checkpoint: entries by name, whole and verified, within the size of the file.
#pragma once

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>
#include <vector>

struct zip;

namespace fasternet {

class TorchArchive {
public:
  /// Opens the archive and finds the folder that its entries share. `buffer` must outlive the archive.
  static llvm::Expected<TorchArchive> open(const llvm::MemoryBuffer &buffer, llvm::StringRef path);

  bool contains(llvm::StringRef name) const;
  /// The bytes of an entry, such as "data.pkl"; the archive's checksum has been compared. Entries may
  /// together have no more bytes than the file, which torch stores uncompressed: an archive cannot unfold
  /// into more than it is.
  llvm::Expected<std::vector<char>> read(llvm::StringRef name);

private:
  struct Discard {
    void operator()(zip *archive) const;
  };
  TorchArchive(std::unique_ptr<zip, Discard> archive, llvm::StringRef path, uint64_t budget)
      : archive(std::move(archive)), path(path), budget(budget) {}

  std::unique_ptr<zip, Discard> archive;
  std::string path, folder;
  uint64_t budget;
};

} // namespace fasternet
