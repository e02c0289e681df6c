#include "tune/Record.h"

#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"

#include <nlohmann/json.hpp>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;
using Obtained = TuningRecord::Obtained;

static constexpr std::pair<Outcome, llvm::StringLiteral> outcomeNames[] = {
    {Outcome::Best, llvm::StringLiteral("best")},   {Outcome::Slower, llvm::StringLiteral("slower")},
    {Outcome::Wrong, llvm::StringLiteral("wrong")}, {Outcome::Crashed, llvm::StringLiteral("crashed")},
    {Outcome::Hung, llvm::StringLiteral("hung")},   {Outcome::Failed, llvm::StringLiteral("failed")}};

static constexpr std::pair<Obtained, llvm::StringLiteral> obtainedNames[] = {
    {Obtained::Measured, llvm::StringLiteral("measured")},
    {Obtained::Predicted, llvm::StringLiteral("predicted")},
    {Obtained::Emulated, llvm::StringLiteral("emulated")}};

llvm::StringRef fasternet::obtainedName(Obtained obtained) {
  return llvm::find_if(obtainedNames, [&](const auto &pair) { return pair.first == obtained; })->second;
}

llvm::StringRef fasternet::outcomeName(Outcome outcome) {
  return llvm::find_if(outcomeNames, [&](const auto &pair) { return pair.first == outcome; })->second;
}

std::string TuningRecord::line() const {
  nlohmann::ordered_json json = {{"kernel", kernel},
                                 {"cpu", cpu},
                                 {"isa", isa},
                                 {"parameters", parameters},
                                 {"outcome", outcomeName(outcome).str()}};
  if (outcome == Outcome::Best || outcome == Outcome::Slower) {
    if (obtained == Obtained::Predicted) {
      json["cycles"] = cycles;
    } else {
      json["ms"] = milliseconds;
      json["peak_gflops"] = peakGflops;
    }
    json["share_of_peak"] = shareOfPeak;
  }
  json["obtained"] = obtainedName(obtained).str();
  json["compiler"] = compiler;
  json["date"] = date;
  if (!beats.empty())
    json["beats"] = beats;
  if (!why.empty())
    json["why"] = why;
  // Text that a runner or a library made need not be UTF-8.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

llvm::Expected<TuningRecord> TuningRecord::parse(llvm::StringRef line) {
  const nlohmann::json json = nlohmann::json::parse(line.begin(), line.end(), nullptr, /*exceptions=*/false);
  if (!json.is_object())
    return inputError("not a JSON object");
  TuningRecord record;
  std::string outcome, obtained;
  const std::pair<const char *, std::string *> texts[] = {
      {"kernel", &record.kernel},         {"cpu", &record.cpu},  {"isa", &record.isa},
      {"parameters", &record.parameters}, {"outcome", &outcome}, {"obtained", &obtained},
      {"compiler", &record.compiler},     {"date", &record.date}};
  for (auto [name, text] : texts) {
    if (!json.contains(name) || !json[name].is_string())
      return inputError(llvm::Twine("'") + name + "' is missing or no text");
    *text = json[name].get<std::string>();
  }
  const auto *known = llvm::find_if(outcomeNames, [&](const auto &pair) { return pair.second == outcome; });
  if (known == std::end(outcomeNames))
    return inputError("'outcome': found '" + outcome +
                      "', expected best, slower, wrong, crashed, hung or failed");
  record.outcome = known->first;
  const auto *way = llvm::find_if(obtainedNames, [&](const auto &pair) { return pair.second == obtained; });
  if (way == std::end(obtainedNames))
    return inputError("'obtained': found '" + obtained + "', expected measured, predicted or emulated");
  record.obtained = way->first;
  std::vector<std::pair<const char *, double *>> numbers;
  if (record.outcome == Outcome::Best || record.outcome == Outcome::Slower)
    numbers = {{"share_of_peak", &record.shareOfPeak}};
  if (!numbers.empty() && record.obtained == Obtained::Predicted)
    numbers.push_back({"cycles", &record.cycles});
  else if (!numbers.empty())
    numbers.insert(numbers.end(), {{"ms", &record.milliseconds}, {"peak_gflops", &record.peakGflops}});
  for (auto [name, number] : numbers) {
    if (!json.contains(name) || !json[name].is_number())
      return inputError(llvm::Twine("'") + name + "' is missing or no number");
    *number = json[name].get<double>();
  }
  for (auto [name, text] : {std::pair("beats", &record.beats), std::pair("why", &record.why)})
    if (json.contains(name) && json[name].is_string())
      *text = json[name].get<std::string>();
  return record;
}
