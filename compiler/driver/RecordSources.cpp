#include "driver/RecordSources.h"

using namespace fasternet;

llvm::Expected<Records> fasternet::loadRecords(const RecordSources &sources) {
  Records records = sources.shipped ? Records::shipped() : Records();
  Diagnostics diagnostics;
  for (const std::string &file : sources.files)
    if (llvm::Error error = records.addFile(file, diagnostics))
      return error;
  diagnostics.print(llvm::errs());
  return records;
}
