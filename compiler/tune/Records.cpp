#include "tune/Records.h"

#include "schedules/Schedules.h"
#include "support/Files.h"
#include "tune/ShippedRecords.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace fasternet;

Records Records::shipped() {
  Records records;
  Diagnostics diagnostics;
  for (const ShippedRecords &file : shippedRecords())
    records.add(file.name, file.text, diagnostics);
  return records;
}

void Records::add(llvm::StringRef source, llvm::StringRef text, Diagnostics &diagnostics) {
  size_t number = 0;
  while (!text.empty()) {
    llvm::StringRef line;
    std::tie(line, text) = text.split('\n');
    ++number;
    if (line.trim().empty())
      continue;
    if (auto record = TuningRecord::parse(line))
      entries.push_back({std::move(*record), llvm::sys::path::filename(source).str()});
    else
      diagnostics.warning(source + ":" + llvm::Twine(number),
                          "skipped, " + llvm::toString(record.takeError()));
  }
}

llvm::Error Records::addFile(llvm::StringRef path, Diagnostics &diagnostics) {
  auto file = mapFile(path);
  if (!file)
    return file.takeError();
  add(path, (*file)->getBuffer(), diagnostics);
  return llvm::Error::success();
}

static bool applies(const TuningRecord &record, llvm::StringRef kernel, const Target &target) {
  return record.cpu == target.tuneFor && record.isa == isaName(target.isa) && record.kernel == kernel;
}

Records::Choice Records::choose(const KernelSpec &spec, const Target &target,
                                Diagnostics &diagnostics) const {
  auto resolve = [&](llvm::StringRef overrides) { return scheduleParameters(spec, target, overrides); };
  return choose(spec.text(), target, resolve, diagnostics);
}

Records::Choice Records::choose(llvm::StringRef kernel, const Target &target, ResolveParameters resolve,
                                Diagnostics &diagnostics) const {
  std::vector<const Entry *> candidates;
  for (const Entry &entry : entries) {
    if (entry.record.outcome != TuningRecord::Outcome::Best || !applies(entry.record, kernel, target))
      continue;
    llvm::erase_if(candidates, [&](const Entry *earlier) {
      return earlier->record.obtained == entry.record.obtained &&
             (earlier->record.parameters == entry.record.beats ||
              earlier->record.parameters == entry.record.parameters);
    });
    candidates.push_back(&entry);
  }
  llvm::stable_sort(candidates, [](const Entry *a, const Entry *b) {
    return a->record.obtained != b->record.obtained ? a->record.obtained < b->record.obtained
                                                    : a->record.shareOfPeak > b->record.shareOfPeak;
  });
  for (const Entry *entry : candidates) {
    const TuningRecord &record = entry->record;
    auto parameters = resolve(record.parameters);
    std::string why;
    if (!parameters)
      why = llvm::toString(parameters.takeError());
    else if (*parameters != record.parameters) // a member that came later: what was measured had none
      why = "its schedule is not complete, found '" + record.parameters + "', expected members as in '" +
            *parameters + "'";
    else
      return {*parameters,
              llvm::formatv("{0}, {1} for {2} on {3}", entry->source, obtainedName(record.obtained),
                            record.cpu, record.date),
              record.obtained};
    diagnostics.warning(entry->source, "record for " + record.kernel + " skipped, " + why);
  }
  return {"",
          candidates.empty() ? ("default, no record for " + target.tuneFor).str()
                             : ("default, no usable record for " + target.tuneFor).str(),
          TuningRecord::Obtained::Measured};
}

std::vector<TuningRecord> Records::of(llvm::StringRef kernel, const Target &target) const {
  std::vector<TuningRecord> found;
  for (const Entry &entry : entries)
    if (applies(entry.record, kernel, target))
      found.push_back(entry.record);
  return found;
}
