// Streaming to a temporary file, renamed at the end.
#include "transforms/PackedFile.h"

#include "support/Diagnostics.h"
#include "support/PackedLayout.h"

#include <bit>

using namespace fasternet;

static_assert(std::endian::native == std::endian::little, "packed weights are written as they lie in memory");

PackedFile::PackedFile(llvm::StringRef path) : path(path) {
  if (path.empty())
    return;
  llvm::Expected<llvm::sys::fs::TempFile> created = llvm::sys::fs::TempFile::create(path + ".%%%%%%%%.part");
  if (!created) {
    createError = llvm::toString(created.takeError());
    return;
  }
  file = std::move(*created);
  stream = std::make_unique<llvm::raw_fd_ostream>(file->FD, /*shouldClose=*/false);
}

PackedFile::~PackedFile() {
  if (stream)
    stream->clear_error(); // Else its destructor aborts the process on a full disk.
  stream.reset();
  if (file)
    llvm::consumeError(file->discard());
}

int64_t PackedFile::appendBytes(llvm::StringRef tensor) {
  int64_t offset = end, bytes = int64_t(tensor.size());
  int64_t padded = (bytes + packedAlignment - 1) / packedAlignment * packedAlignment;
  end += padded;
  if (stream) {
    stream->write(tensor.data(), tensor.size());
    stream->write_zeros(unsigned(padded - bytes));
  }
  return offset;
}

llvm::Error PackedFile::close() {
  if (!createError.empty())
    return inputError(path + ": " + createError);
  if (!stream)
    return llvm::Error::success();
  stream->flush();
  if (std::error_code code = stream->error())
    return inputError(path + ": " + code.message());
  stream.reset();
  if (llvm::Error error = file->keep(path)) {
    file.reset();
    return inputError(path + ": " + llvm::toString(std::move(error)));
  }
  file.reset();
  return llvm::Error::success();
}
