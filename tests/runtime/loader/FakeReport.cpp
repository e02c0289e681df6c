// The fake driver under programs that know nothing of it: a machine, and a report of what they did, through
// the environment.
#include "FakeDriverState.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace fake_driver {

static void write(std::ofstream &file, const char *kind, const std::vector<std::string> &lines) {
  for (const std::string &line : lines)
    file << kind << ' ' << line << '\n';
}

static void writeReport() {
  std::ofstream file(std::getenv("FASTERNET_FAKE_DRIVER_REPORT"));
  write(file, "image", images());
  write(file, "call", calls());
  write(file, "misuse", misuses());
  write(file, "living", living());
}

void readEnvironment(State &state) {
  if (const char *capability = std::getenv("FASTERNET_FAKE_DRIVER_CAPABILITY"))
    state.devices.push_back({std::atoi(capability)});
  if (const char *file = std::getenv("FASTERNET_FAKE_DRIVER_MISUSES"))
    state.misusesFile = file;
  if (const char *answers = std::getenv("FASTERNET_FAKE_DRIVER_ANSWERS"))
    state.answers = answers;
  if (const char *failure = std::getenv("FASTERNET_FAKE_DRIVER_FAIL"))
    std::istringstream(failure) >> state.failName >> state.failIn >> state.failure;
  if (std::getenv("FASTERNET_FAKE_DRIVER_REPORT"))
    std::atexit(writeReport);
}

} // namespace fake_driver
