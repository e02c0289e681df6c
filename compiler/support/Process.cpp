#include "support/Process.h"
#include "support/Diagnostics.h"
#include "support/Files.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/StringSaver.h"

using namespace fasternet;

llvm::Expected<TemporaryFolder> TemporaryFolder::create() {
  llvm::SmallString<128> folder;
  if (std::error_code ec = llvm::sys::fs::createUniqueDirectory("fasternetc", folder))
    return inputError("cannot make a temporary folder: " + ec.message());
  return TemporaryFolder(std::string(folder));
}

TemporaryFolder::~TemporaryFolder() {
  if (!folder.empty())
    llvm::sys::fs::remove_directories(folder);
}

std::string TemporaryFolder::path(llvm::StringRef name) const {
  llvm::SmallString<128> joined(folder);
  llvm::sys::path::append(joined, name);
  return std::string(joined);
}

llvm::Expected<ProcessResult> fasternet::runProcess(llvm::ArrayRef<std::string> argv, unsigned limitSeconds) {
  auto program = llvm::sys::findProgramByName(argv[0]);
  if (!program)
    return inputError("cannot find the program '" + argv[0] + "'");
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  const std::string out = folder->path("out"), err = folder->path("err");
  std::vector<llvm::StringRef> arguments(argv.begin(), argv.end());
  std::string message;
  ProcessResult result;
  result.status = llvm::sys::ExecuteAndWait(*program, arguments, std::nullopt, {llvm::StringRef(), out, err},
                                            limitSeconds, /*MemoryLimit=*/0, &message);
  if (result.status == -1)
    return inputError("cannot run '" + argv[0] + "': " + message);
  if (result.status == -2) // LLVM's code for "ended by a signal"; the message names it
    result.err = message;
  for (auto [path, text] : {std::pair(&out, &result.out), std::pair(&err, &result.err)}) {
    auto buffer = llvm::MemoryBuffer::getFile(*path);
    if (buffer)
      text->append((*buffer)->getBuffer());
  }
  return result;
}

/// Where a program is copied to on the other machine; its own name is unique already.
static std::string remotePath(llvm::StringRef program) {
  return ("/tmp/" + llvm::sys::path::filename(llvm::sys::path::parent_path(program)) + "-" +
          llvm::sys::path::filename(program))
      .str();
}

/// As a shell splits words.
static std::vector<std::string> wordsOf(llvm::StringRef command) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char *> words;
  llvm::cl::TokenizeGNUCommandLine(command, saver, words);
  return std::vector<std::string>(words.begin(), words.end());
}

llvm::Error fasternet::checkRunner(llvm::StringRef runner) {
  const std::vector<std::string> words = wordsOf(runner);
  if (words.empty() || llvm::sys::findProgramByName(words[0]))
    return llvm::Error::success();
  return inputError("--runner: cannot find the program '" + words[0] + "'");
}

llvm::Expected<ProcessResult> fasternet::runProgram(llvm::StringRef runner, llvm::StringRef program,
                                                    unsigned limitSeconds) {
  std::vector<std::string> argv = wordsOf(runner);
  if (argv.empty() || llvm::sys::path::filename(argv[0]) != "ssh") {
    argv.push_back(program.str());
    return runProcess(argv, limitSeconds);
  }
  if (argv.size() < 2)
    return inputError("runner '" + runner + "': expected 'ssh [options] HOST'");

  // scp takes ssh's options but for the port, so the options between are handed on as they are.
  const std::string remote = remotePath(program), host = argv.back();
  std::vector<std::string> copy(argv.begin(), argv.end() - 1);
  copy[0] = "scp";
  copy.insert(copy.end(), {"-q", program.str(), host + ":" + remote});
  auto copied = runProcess(copy);
  if (!copied)
    return copied.takeError();
  if (copied->status != 0)
    return inputError("cannot copy the program to '" + host + "': " + copied->err);
  argv.push_back("chmod +x " + remote + " && " + remote + "; status=$?; rm -f " + remote + "; exit $status");
  return runProcess(argv, limitSeconds);
}
