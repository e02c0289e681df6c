#include "support/Files.h"
#include "support/Diagnostics.h"

#include "llvm/Support/FileOutputBuffer.h"
#include "llvm/Support/FileSystem.h"

using namespace fasternet;

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> fasternet::mapFile(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code ec = llvm::sys::fs::status(path, status))
    return inputError(path + ": " + ec.message());
  if (status.type() == llvm::sys::fs::file_type::directory_file)
    return inputError(path + ": is a directory, expected a file");
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return inputError(path + ": is not a regular file");
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return inputError(path + ": " + buffer.getError().message());
  return std::move(*buffer);
}

llvm::Error fasternet::writeFile(llvm::StringRef path, llvm::StringRef bytes) {
  // FileOutputBuffer writes to a temporary name in the same folder and renames on commit.
  auto buffer = llvm::FileOutputBuffer::create(path, bytes.size());
  if (!buffer)
    return inputError(path + ": " + llvm::toString(buffer.takeError()));
  std::copy(bytes.begin(), bytes.end(), (*buffer)->getBufferStart());
  if (llvm::Error error = (*buffer)->commit())
    return inputError(path + ": " + llvm::toString(std::move(error)));
  return llvm::Error::success();
}

llvm::Error fasternet::checkWritable(llvm::StringRef path) {
  // The temporary file of a buffer that is not committed is removed again.
  auto buffer = llvm::FileOutputBuffer::create(path, 1);
  if (!buffer)
    return inputError(path + ": " + llvm::toString(buffer.takeError()));
  return llvm::Error::success();
}
