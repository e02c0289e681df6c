// A records file that grows line by line and survives being killed at any moment.
#pragma once

#include "tune/Record.h"

#include <memory>
#include <mutex>

namespace fasternet {

class RecordsFile {
public:
  /// Opens for appending; makes the file where it is not. A last line that a killed process left unfinished
  /// is closed, so that the next record begins on a line of its own.
  static llvm::Expected<std::unique_ptr<RecordsFile>> open(llvm::StringRef path);
  ~RecordsFile();
  RecordsFile(const RecordsFile &) = delete;

  /// Writes the record as one line in one call, and to the disk. Safe from several threads and processes.
  llvm::Error append(const TuningRecord &record);

private:
  RecordsFile(std::string path, int descriptor) : path(std::move(path)), descriptor(descriptor) {}
  std::string path;
  int descriptor;
  std::mutex mutex;
};

} // namespace fasternet
