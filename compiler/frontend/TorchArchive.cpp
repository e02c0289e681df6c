#include "frontend/TorchArchive.h"
#include "frontend/StrictJson.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/ScopeExit.h"

#include <zip.h>

using namespace fasternet;

void TorchArchive::Discard::operator()(zip *archive) const {
  zip_discard(archive);
}

llvm::Expected<TorchArchive> TorchArchive::open(const llvm::MemoryBuffer &buffer, llvm::StringRef path) {
  llvm::StringRef bytes = buffer.getBuffer();
  if (bytes.starts_with("\x80\x02") || bytes.starts_with("\x80\x03"))
    return inputError(path +
                      ": is a checkpoint of the old form, before torch 1.6, expected the zip form; load it "
                      "and save it again with torch.save(torch.load(FILE), FILE)");
  if (!bytes.starts_with("PK"))
    return inputError(path + ": found " +
                      (bytes.empty() ? "an empty file" : "a file that is not a zip archive") +
                      ", expected a checkpoint written by torch.save");

  zip_error_t error;
  zip_error_init(&error);
  llvm::scope_exit finish([&] { zip_error_fini(&error); });
  auto failed = [&] {
    return inputError(path + ": not a whole zip archive: " + printable(zip_error_strerror(&error)));
  };
  zip_source_t *source = zip_source_buffer_create(bytes.data(), bytes.size(), /*freep=*/0, &error);
  if (!source)
    return failed();
  zip *opened = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (!opened) {
    zip_source_free(source);
    return failed();
  }
  TorchArchive archive(std::unique_ptr<zip, Discard>(opened), path, bytes.size());

  // torch puts all entries into one folder, named after the file that was first written.
  constexpr llvm::StringLiteral pickleName = "data.pkl";
  bool found = false;
  int64_t entries = zip_get_num_entries(opened, 0);
  for (int64_t i = 0; i < entries; ++i) {
    const char *raw = zip_get_name(opened, uint64_t(i), ZIP_FL_ENC_RAW);
    llvm::StringRef name = raw ? raw : "";
    auto [folder, file] = name.split('/');
    if (file != pickleName && name != pickleName)
      continue;
    archive.folder = name == pickleName ? "" : (folder + "/").str();
    if (found)
      return inputError(path + ": found data.pkl more than once, expected one checkpoint in the archive");
    found = true;
  }
  if (!found)
    return inputError(path + ": has no data.pkl, expected a zip archive written by torch.save");
  return archive;
}

bool TorchArchive::contains(llvm::StringRef name) const {
  return zip_name_locate(archive.get(), (folder + name).str().c_str(), 0) >= 0;
}

llvm::Expected<std::vector<char>> TorchArchive::read(llvm::StringRef name) {
  auto error = [&](const llvm::Twine &message) {
    return inputError(path + ": entry " + printable(name) + ": " + message);
  };
  int64_t index = zip_name_locate(archive.get(), (folder + name).str().c_str(), 0);
  if (index < 0)
    return error("is missing");
  zip_stat_t stat;
  constexpr uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if (zip_stat_index(archive.get(), uint64_t(index), 0, &stat) != 0 || (stat.valid & needed) != needed)
    return error("has no size");
  if (stat.comp_method != ZIP_CM_STORE || stat.encryption_method != ZIP_EM_NONE)
    return error("is compressed or encrypted, expected it stored as torch.save does");
  if (stat.size > budget)
    return error("has " + llvm::Twine(stat.size) + " bytes, expected at most " + llvm::Twine(budget) +
                 ", what the file has left");
  budget -= stat.size;

  zip_file_t *file = zip_fopen_index(archive.get(), uint64_t(index), 0);
  if (!file)
    return error(printable(zip_strerror(archive.get())));
  llvm::scope_exit close([&] { zip_fclose(file); });
  std::vector<char> bytes(stat.size);
  uint64_t done = 0;
  int64_t count = 0;
  // The checksum is compared when a read meets the end, hence one read beyond the last byte.
  char beyond;
  do {
    bool whole = done == bytes.size();
    count = zip_fread(file, whole ? &beyond : bytes.data() + done, whole ? 1 : bytes.size() - done);
    if (count < 0)
      return error("is damaged: " + printable(zip_file_strerror(file)));
    if (whole && count > 0)
      return error("is longer than its stated " + llvm::Twine(stat.size) + " bytes");
    done += uint64_t(count);
  } while (count > 0);
  if (done != bytes.size())
    return error("ends after " + llvm::Twine(done) + " of " + llvm::Twine(stat.size) + " bytes");
  return bytes;
}
