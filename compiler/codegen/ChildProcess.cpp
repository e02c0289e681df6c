#include "codegen/ChildProcess.h"
#include "support/Diagnostics.h"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace fasternet;

namespace {

/// An anonymous file shared with the child. Unlike a pipe it needs no reader, and a child that another thread
/// forks meanwhile may inherit it without keeping anyone waiting.
class SharedFile {
public:
  SharedFile() : descriptor(memfd_create("fasternet", MFD_CLOEXEC)) {}
  ~SharedFile() {
    if (descriptor >= 0)
      close(descriptor);
  }
  SharedFile(const SharedFile &) = delete;
  bool valid() const { return descriptor >= 0; }

  bool write(llvm::StringRef bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR)
        return false;
      bytes = bytes.drop_front(written < 0 ? 0 : size_t(written));
    }
    return true;
  }

  bool read(std::string &bytes) const {
    struct stat status;
    if (fstat(descriptor, &status) != 0)
      return false;
    bytes.resize(size_t(status.st_size));
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t count = pread(descriptor, bytes.data() + done, bytes.size() - done, off_t(done));
      if (count == 0 || (count < 0 && errno != EINTR))
        return false;
      done += count < 0 ? 0 : size_t(count);
    }
    return true;
  }

private:
  int descriptor;
};

/// Ends every complete result: a child that dies while it writes is told apart.
constexpr llvm::StringLiteral seal = "\ncomplete\n";

} // namespace

llvm::Expected<std::string> fasternet::runInChild(llvm::function_ref<std::string()> work) {
  SharedFile file;
  if (!file.valid())
    return inputError(llvm::Twine("cannot create shared memory: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child < 0)
    return inputError(llvm::Twine("cannot start a process: ") + std::strerror(errno));
  if (child == 0) {
    const bool written = file.write(work()) && file.write(seal);
    _exit(written ? 0 : 1);
  }

  int status = 0;
  // Where the host ignores SIGCHLD, waitpid still waits, then fails: the seal decides alone.
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::string result;
  if (!file.read(result) || !llvm::StringRef(result).ends_with(seal))
    return inputError(
        WIFSIGNALED(status)
            ? llvm::Twine("the compiling process was ended by signal ") + strsignal(WTERMSIG(status))
            : llvm::Twine("the compiling process ended with status ") + llvm::Twine(WEXITSTATUS(status)));
  result.resize(result.size() - seal.size());
  return result;
}
