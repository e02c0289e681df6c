#include "emit/OutputFolder.h"
#include "support/Diagnostics.h"
#include "support/Files.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace fasternet;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static std::string joined(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<128> result(folder);
  path::append(result, name);
  return std::string(result);
}

static llvm::Error pathError(llvm::StringRef where, std::error_code ec) {
  return inputError(where + ": " + ec.message());
}

/// Makes `folder` and its parents; the ones made are appended, outermost first.
static llvm::Error createFolders(llvm::StringRef folder, std::vector<std::string> &created) {
  if (folder.empty() || fs::is_directory(folder))
    return llvm::Error::success();
  if (llvm::Error error = createFolders(path::parent_path(folder), created))
    return error;
  if (std::error_code ec = fs::create_directory(folder, /*IgnoreExisting=*/false))
    return pathError(folder, ec);
  created.push_back(folder.str());
  return llvm::Error::success();
}

static void removeCreated(std::vector<std::string> &created) {
  // Innermost first; a folder in which something else has appeared stays.
  for (; !created.empty(); created.pop_back())
    fs::remove(created.back());
}

OutputFolder::OutputFolder(std::string folder, std::string staging, std::vector<std::string> created)
    : folder(std::move(folder)), staging(std::move(staging)), created(std::move(created)) {}

llvm::Expected<std::unique_ptr<OutputFolder>> OutputFolder::create(llvm::StringRef folder) {
  llvm::SmallString<128> absolute(folder);
  if (std::error_code ec = fs::make_absolute(absolute))
    return pathError(folder, ec);
  path::remove_dots(absolute, /*remove_dot_dot=*/true);
  std::vector<std::string> created;
  llvm::SmallString<128> staging;
  llvm::Error error = createFolders(absolute, created);
  if (!error)
    if (std::error_code ec = fs::createUniqueDirectory(joined(absolute, ".fasternetc"), staging))
      error = pathError(folder, ec);
  if (error) {
    removeCreated(created);
    return error;
  }
  return std::unique_ptr<OutputFolder>(
      new OutputFolder(std::string(absolute), std::string(staging), std::move(created)));
}

OutputFolder::~OutputFolder() {
  fs::remove_directories(staging);
  if (!committed)
    removeCreated(created);
}

std::string OutputFolder::finalPath(llvm::StringRef name) const {
  return joined(folder, name);
}
std::string OutputFolder::stagedPath(llvm::StringRef name) const {
  return joined(joined(staging, "new"), name);
}
std::string OutputFolder::replacedPath(llvm::StringRef name) const {
  return joined(joined(staging, "old"), name);
}

llvm::Expected<std::string> OutputFolder::addPath(llvm::StringRef name) {
  const std::string staged = stagedPath(name);
  if (std::error_code ec = fs::create_directories(path::parent_path(staged)))
    return pathError(staged, ec);
  names.push_back(name.str());
  return staged;
}

llvm::Error OutputFolder::add(llvm::StringRef name, llvm::StringRef bytes) {
  auto staged = addPath(name);
  if (!staged)
    return staged.takeError();
  return writeFile(*staged, bytes);
}

llvm::Error OutputFolder::createFoldersFor(llvm::StringRef name) {
  if (llvm::Error error = createFolders(path::parent_path(finalPath(name)), created))
    return error;
  if (std::error_code ec = fs::create_directories(path::parent_path(replacedPath(name))))
    return pathError(replacedPath(name), ec);
  return llvm::Error::success();
}

llvm::Error OutputFolder::checkBeforeCommit() {
  for (const std::string &name : names) {
    if (!fs::is_regular_file(stagedPath(name)))
      return inputError(finalPath(name) + ": was not written");
    if (fs::is_directory(finalPath(name)))
      return inputError(finalPath(name) + ": is a directory, expected a file or nothing");
    if (llvm::Error error = createFoldersFor(name))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error OutputFolder::moveAll(std::vector<std::string> &withdrawn, std::vector<std::string> &placed) {
  // The old files leave, manifest (the last) first; then the new ones come, manifest last.
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (!fs::exists(finalPath(*name)))
      continue;
    if (std::error_code ec = fs::rename(finalPath(*name), replacedPath(*name)))
      return pathError(finalPath(*name), ec);
    withdrawn.push_back(*name);
  }
  for (const std::string &name : names) {
    if (std::error_code ec = fs::rename(stagedPath(name), finalPath(name)))
      return pathError(finalPath(name), ec);
    placed.push_back(name);
  }
  return llvm::Error::success();
}

llvm::Error OutputFolder::commit() {
  if (llvm::Error error = checkBeforeCommit())
    return error;
  std::vector<std::string> withdrawn, placed;
  if (llvm::Error error = moveAll(withdrawn, placed)) {
    for (const std::string &name : placed)
      fs::remove(finalPath(name));
    for (auto name = withdrawn.rbegin(); name != withdrawn.rend(); ++name)
      fs::rename(replacedPath(*name), finalPath(*name));
    return error;
  }
  committed = true;
  return llvm::Error::success();
}
