#include "tune/RecordsFile.h"

#include "support/Diagnostics.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace fasternet;

static llvm::Error failed(const llvm::Twine &path) {
  return inputError(path + ": " + std::strerror(errno));
}

llvm::Expected<std::unique_ptr<RecordsFile>> RecordsFile::open(llvm::StringRef path) {
  const int descriptor = ::open(path.str().c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return failed(path);
  std::unique_ptr<RecordsFile> file(new RecordsFile(path.str(), descriptor));
  struct stat status;
  char last = '\n';
  if (fstat(descriptor, &status) != 0 ||
      (status.st_size > 0 && pread(descriptor, &last, 1, status.st_size - 1) != 1) ||
      (last != '\n' && write(descriptor, "\n", 1) != 1))
    return failed(path);
  return file;
}

RecordsFile::~RecordsFile() {
  close(descriptor);
}

llvm::Error RecordsFile::append(const TuningRecord &record) {
  const std::string line = record.line() + "\n";
  std::lock_guard<std::mutex> lock(mutex);
  ssize_t written;
  do {
    written = write(descriptor, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written != ssize_t(line.size()) || fsync(descriptor) != 0)
    return failed(path);
  return llvm::Error::success();
}
