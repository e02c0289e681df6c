// The pickle machine: a stack, marks and a memo, as Python's pickletools describes each opcode. Nothing is
// ever called; calls of listed constructors become values of their own kind.
#include "frontend/PickleReader.h"
#include "frontend/PickleGlobals.h"
#include "frontend/StrictJson.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Endian.h"

#include <bit>
#include <unordered_map>

using namespace fasternet;
using Kind = PickleValue::Kind;

/// The largest published model's checkpoint with optimizer state has about 100 000 objects.
static constexpr size_t maximumValues = 4'000'000;

namespace {

class PickleMachine {
public:
  PickleMachine(llvm::StringRef bytes, llvm::StringRef place) : bytes(bytes), place(place) {}

  llvm::Expected<Pickle> run() {
    while (failure.empty()) {
      start = position;
      uint8_t opcode = number<uint8_t>();
      if (!failure.empty())
        break;
      if (opcode == '.') {
        pickle.root = pop();
        break;
      }
      step(opcode);
      if (pickle.values.size() > maximumValues)
        fail("has more than " + llvm::Twine(maximumValues) + " objects");
    }
    if (!failure.empty())
      return inputError(failure);
    return std::move(pickle);
  }

private:
  // --- Input ---

  void fail(const llvm::Twine &message) {
    if (failure.empty())
      failure = (place + ": byte " + llvm::Twine(start) + ": " + message).str();
  }

  llvm::StringRef take(uint64_t count) {
    if (count > bytes.size() - position) {
      fail("the pickle ends inside an object");
      return "";
    }
    llvm::StringRef result = bytes.substr(position, count);
    position += count;
    return result;
  }

  template <typename T> T number() {
    llvm::StringRef raw = take(sizeof(T));
    return raw.empty() ? T(0) : llvm::support::endian::read<T, llvm::endianness::little>(raw.data());
  }

  llvm::StringRef line() {
    size_t end = bytes.find('\n', position);
    if (end == llvm::StringRef::npos) {
      fail("the pickle ends inside a name");
      return "";
    }
    llvm::StringRef result = bytes.slice(position, end);
    position = end + 1;
    return result;
  }

  // --- Stack ---

  uint32_t add(PickleValue value) {
    pickle.values.push_back(std::move(value));
    return uint32_t(pickle.values.size() - 1);
  }
  void push(PickleValue value) { stack.push_back(add(std::move(value))); }

  /// The bottom that pops may not pass: the last mark.
  size_t floor() const { return marks.empty() ? 0 : marks.back(); }

  uint32_t pop() {
    if (stack.size() <= floor()) {
      fail("takes an object from an empty stack");
      return nothing();
    }
    uint32_t top = stack.back();
    stack.pop_back();
    return top;
  }

  uint32_t top() {
    if (stack.size() > floor())
      return stack.back();
    fail("reads an object from an empty stack");
    return nothing();
  }

  uint32_t nothing() { return add({}); }

  std::vector<uint32_t> popMark() {
    if (marks.empty()) {
      fail("has no mark to go back to");
      return {};
    }
    std::vector<uint32_t> items(stack.begin() + marks.back(), stack.end());
    stack.resize(marks.back());
    marks.pop_back();
    return items;
  }

  void pushItems(Kind kind, std::vector<uint32_t> items) { push({kind, 0, 0, {}, std::move(items)}); }

  void pushPopped(Kind kind, size_t count) {
    std::vector<uint32_t> items(count);
    for (size_t i = count; i-- > 0;)
      items[i] = pop();
    pushItems(kind, std::move(items));
  }

  void memoize(uint64_t index) { memo[index] = top(); }

  void recall(uint64_t index) {
    auto it = memo.find(index);
    if (it == memo.end())
      fail("recalls object " + llvm::Twine(index) + ", which was not stored");
    else
      stack.push_back(it->second);
  }

  // --- Objects ---

  void global(llvm::StringRef module, llvm::StringRef name) {
    std::string full = (module + "." + name).str();
    if (classifyPickleGlobal(full) == PickleGlobal::Refused) {
      llvm::StringRef advice = module.starts_with("torch.nn") || module.starts_with("timm.models")
                                   ? " (save model.state_dict() instead of the model)"
                                   : "";
      fail("refers to " + printable(full) +
           ", which is not read: expected tensors and plain containers only" + advice);
      return;
    }
    pickle.names.push_back(std::move(full));
    push({Kind::Global, 0, 0, pickle.names.back(), {}});
  }

  void stackGlobal() {
    uint32_t name = pop(), module = pop();
    if (pickle[name].kind != Kind::String || pickle[module].kind != Kind::String)
      return fail("refers to something without a name");
    global(pickle[module].text, pickle[name].text);
  }

  /// A call of `callable`, which may be a global only.
  void call(uint32_t callable, uint32_t arguments) {
    if (pickle[callable].kind == Kind::Opaque)
      return push({Kind::Opaque});
    if (pickle[callable].kind != Kind::Global || pickle[arguments].kind != Kind::Tuple)
      return fail("calls something other than a known constructor");
    llvm::StringRef name = pickle[callable].text;
    switch (classifyPickleGlobal(name)) {
    case PickleGlobal::Constructor: {
      std::vector<uint32_t> items;
      copy(pickle[arguments].items, items);
      return push({Kind::Call, 0, 0, name, std::move(items)});
    }
    case PickleGlobal::Dictionary:
      return pushItems(Kind::Dict, initialItems(pickle[arguments].items));
    default:
      return push({Kind::Opaque});
    }
  }

  /// Copies are counted: those of shared objects, and of copies, could otherwise grow far beyond the pickle.
  void copy(llvm::ArrayRef<uint32_t> from, std::vector<uint32_t> &to) {
    copied += from.size();
    if (copied > maximumValues)
      return fail("copies more than " + llvm::Twine(maximumValues) + " objects");
    to.insert(to.end(), from.begin(), from.end());
  }

  /// Constructor arguments of a dictionary: another one, or a list of pairs; a factory has no effect on
  /// contents.
  std::vector<uint32_t> initialItems(llvm::ArrayRef<uint32_t> arguments) {
    std::vector<uint32_t> items;
    for (uint32_t argument : arguments) {
      const PickleValue &value = pickle[argument];
      if (value.kind == Kind::Dict)
        copy(value.items, items);
      if (value.kind != Kind::List)
        continue;
      for (uint32_t pair : value.items)
        if (pickle[pair].items.size() == 2)
          copy(pickle[pair].items, items);
    }
    return items;
  }

  void extend(Kind kind, llvm::ArrayRef<uint32_t> items) {
    uint32_t target = top();
    PickleValue &value = pickle.values[target];
    if (value.kind == Kind::Opaque)
      return;
    if (value.kind != kind)
      return fail(kind == Kind::Dict ? "sets an item of something that is not a dict"
                                     : "appends to something that is not a list");
    if (kind == Kind::Dict && items.size() % 2 != 0)
      return fail("sets a key without a value");
    value.items.insert(value.items.end(), items.begin(), items.end());
  }

  void longInteger(llvm::StringRef raw) {
    if (raw.size() > 8)
      return push({Kind::Opaque});
    uint64_t value = 0;
    for (size_t i = raw.size(); i-- > 0;)
      value = value << 8 | uint8_t(raw[i]);
    unsigned unused = unsigned(64 - 8 * raw.size());
    push({Kind::Integer, raw.empty() ? 0 : int64_t(value << unused) >> unused});
  }

  void step(uint8_t opcode);

  llvm::StringRef bytes, place;
  size_t position = 0, start = 0;
  std::string failure;
  Pickle pickle;
  std::vector<uint32_t> stack;
  std::vector<size_t> marks;
  std::unordered_map<uint64_t, uint32_t> memo;
  size_t copied = 0;
};

void PickleMachine::step(uint8_t opcode) {
  auto text = [&](Kind kind, uint64_t size) { push({kind, 0, 0, take(size)}); };
  switch (opcode) {
  case 0x80: { // PROTO
    unsigned protocol = number<uint8_t>();
    if (protocol < 2 || protocol > 5)
      fail("has protocol " + llvm::Twine(protocol) + ", expected 2 to 5");
    return;
  }
  case 0x95: // FRAME
    number<uint64_t>();
    return;
  case '(': // MARK
    return marks.push_back(stack.size());
  case '0': // POP
    if (!marks.empty() && marks.back() == stack.size())
      marks.pop_back();
    else
      pop();
    return;
  case '1': // POP_MARK
    popMark();
    return;
  case '2': // DUP
    return stack.push_back(top());

  case 'N': // NONE
    return push({Kind::None});
  case 0x88: // NEWTRUE
    return push({Kind::Bool, 1});
  case 0x89: // NEWFALSE
    return push({Kind::Bool, 0});
  case 'J': // BININT
    return push({Kind::Integer, number<int32_t>()});
  case 'K': // BININT1
    return push({Kind::Integer, number<uint8_t>()});
  case 'M': // BININT2
    return push({Kind::Integer, number<uint16_t>()});
  case 0x8a: // LONG1
    return longInteger(take(number<uint8_t>()));
  case 0x8b: // LONG4
    return longInteger(take(number<uint32_t>()));
  case 'G': { // BINFLOAT, the one big-endian number
    uint64_t bits = llvm::byteswap(number<uint64_t>());
    return push({Kind::Float, 0, std::bit_cast<double>(bits)});
  }

  case 'X': // BINUNICODE
    return text(Kind::String, number<uint32_t>());
  case 0x8c: // SHORT_BINUNICODE
    return text(Kind::String, number<uint8_t>());
  case 0x8d: // BINUNICODE8
    return text(Kind::String, number<uint64_t>());
  case 'T': // BINSTRING
    return text(Kind::String, number<uint32_t>());
  case 'U': // SHORT_BINSTRING
    return text(Kind::String, number<uint8_t>());
  case 'B': // BINBYTES
    return text(Kind::Bytes, number<uint32_t>());
  case 'C': // SHORT_BINBYTES
    return text(Kind::Bytes, number<uint8_t>());
  case 0x8e: // BINBYTES8
  case 0x96: // BYTEARRAY8
    return text(Kind::Bytes, number<uint64_t>());

  case ')': // EMPTY_TUPLE
    return pushItems(Kind::Tuple, {});
  case 0x85: // TUPLE1
  case 0x86: // TUPLE2
  case 0x87: // TUPLE3
    return pushPopped(Kind::Tuple, opcode - 0x84);
  case 't': // TUPLE
    return pushItems(Kind::Tuple, popMark());
  case ']':  // EMPTY_LIST
  case 0x8f: // EMPTY_SET
    return pushItems(Kind::List, {});
  case 'l':  // LIST
  case 0x91: // FROZENSET
    return pushItems(Kind::List, popMark());
  case 'a': { // APPEND
    uint32_t item = pop();
    return extend(Kind::List, item);
  }
  case 'e':  // APPENDS
  case 0x90: // ADDITEMS
    return extend(Kind::List, popMark());
  case '}': // EMPTY_DICT
    return pushItems(Kind::Dict, {});
  case 'd': { // DICT
    std::vector<uint32_t> items = popMark();
    pushItems(Kind::Dict, {});
    return extend(Kind::Dict, items);
  }
  case 's': { // SETITEM
    uint32_t value = pop(), key = pop();
    return extend(Kind::Dict, {key, value});
  }
  case 'u': // SETITEMS
    return extend(Kind::Dict, popMark());

  case 'q': // BINPUT
    return memoize(number<uint8_t>());
  case 'r': // LONG_BINPUT
    return memoize(number<uint32_t>());
  case 0x94: // MEMOIZE
    return memoize(memo.size());
  case 'h': // BINGET
    return recall(number<uint8_t>());
  case 'j': // LONG_BINGET
    return recall(number<uint32_t>());

  case 'c': { // GLOBAL
    llvm::StringRef module = line(), name = line();
    return global(module, name);
  }
  case 0x93: // STACK_GLOBAL
    return stackGlobal();
  case 'i': { // INST
    llvm::StringRef module = line(), name = line();
    popMark();
    return global(module, name);
  }
  case 'R':    // REDUCE
  case 0x81: { // NEWOBJ
    uint32_t arguments = pop(), callable = pop();
    return call(callable, arguments);
  }
  case 0x92: { // NEWOBJ_EX
    pop();
    uint32_t arguments = pop(), callable = pop();
    return call(callable, arguments);
  }
  case 'b': { // BUILD: attributes of an object, such as the _metadata of a state_dict
    pop();
    Kind kind = pickle[top()].kind;
    if (kind != Kind::Dict && kind != Kind::Opaque && kind != Kind::Call)
      fail("sets attributes of something that has none");
    return;
  }
  case 'Q': { // BINPERSID
    uint32_t id = pop();
    return pushItems(Kind::Persistent, {id});
  }
  default:
    fail("has opcode 0x" + llvm::Twine::utohexstr(opcode) + ", which is not read");
  }
}

} // namespace

llvm::Expected<Pickle> fasternet::readPickle(llvm::StringRef bytes, llvm::StringRef place) {
  return PickleMachine(bytes, place).run();
}
