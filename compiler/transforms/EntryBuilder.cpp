#include "transforms/EntryBuilder.h"

using namespace mlir;
using namespace fasternet;

EntryBuilder::EntryBuilder(ModuleOp module)
    : builder(module.getContext()), location(module.getLoc()), module(module) {
  i8 = builder.getIntegerType(8);
  i16 = builder.getIntegerType(16);
  i32 = builder.getIntegerType(32);
  i64 = builder.getIntegerType(64);
  pointer = LLVM::LLVMPointerType::get(module.getContext());
}

LLVM::LLVMStructType EntryBuilder::structOf(ArrayRef<Type> fields) {
  return LLVM::LLVMStructType::getLiteral(module.getContext(), fields);
}

LLVM::LLVMArrayType EntryBuilder::arrayOf(Type element, size_t count) {
  return LLVM::LLVMArrayType::get(element, unsigned(count));
}

Value EntryBuilder::constant(Type type, int64_t value) {
  return LLVM::ConstantOp::create(builder, location, type, builder.getIntegerAttr(type, value));
}

Value EntryBuilder::null() {
  return LLVM::ZeroOp::create(builder, location, pointer);
}

Value EntryBuilder::aggregate(Type type, ArrayRef<Value> elements) {
  Value value = LLVM::UndefOp::create(builder, location, type);
  for (auto [i, element] : llvm::enumerate(elements))
    value = LLVM::InsertValueOp::create(builder, location, value, element, int64_t(i));
  return value;
}

Value EntryBuilder::addressOf(StringRef symbol) {
  return LLVM::AddressOfOp::create(builder, location, pointer, symbol);
}

Value EntryBuilder::offset(Value base, int64_t bytes) {
  if (bytes == 0)
    return base;
  return LLVM::GEPOp::create(builder, location, pointer, i8, base, ValueRange{constant(i64, bytes)});
}

Value EntryBuilder::load(Value address, Type type) {
  return LLVM::LoadOp::create(builder, location, type, address);
}

void EntryBuilder::store(Value value, Value address) {
  LLVM::StoreOp::create(builder, location, value, address);
}

Value EntryBuilder::frame(Type element, int64_t count) {
  return LLVM::AllocaOp::create(builder, location, pointer, element, constant(i64, count));
}

Value EntryBuilder::call(StringRef function, ValueRange arguments) {
  auto callee = module.lookupSymbol<LLVM::LLVMFuncOp>(function);
  auto call = LLVM::CallOp::create(builder, location, callee, arguments);
  return call.getNumResults() ? call.getResult() : Value();
}

Value EntryBuilder::callThrough(LLVM::LLVMFunctionType type, Value callee, ValueRange arguments) {
  SmallVector<Value> operands{callee};
  operands.append(arguments.begin(), arguments.end());
  return LLVM::CallOp::create(builder, location, type, operands).getResult();
}

void EntryBuilder::finish(Value result) {
  LLVM::ReturnOp::create(builder, location, result ? ValueRange{result} : ValueRange{});
}

void EntryBuilder::data(StringRef symbol, Type type, ValueBuilder build, bool isPublic) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  auto global = LLVM::GlobalOp::create(builder, location, type, /*isConstant=*/true,
                                       isPublic ? LLVM::Linkage::External : LLVM::Linkage::Internal, symbol,
                                       Attribute());
  Block *block = builder.createBlock(&global.getInitializerRegion());
  builder.setInsertionPointToStart(block);
  finish(build());
}

void EntryBuilder::array(StringRef symbol, Type type, size_t count,
                         llvm::function_ref<Value(size_t)> element) {
  const auto array = arrayOf(type, count);
  data(symbol, array, [&] {
    SmallVector<Value> values;
    for (size_t i = 0; i < count; ++i)
      values.push_back(element(i));
    return aggregate(array, values);
  });
}

Value EntryBuilder::text(StringRef text) {
  auto [entry, isNew] = texts.try_emplace(text, "text_" + std::to_string(texts.size()));
  if (isNew) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(module.getBody());
    const std::string terminated = text.str() + '\0';
    LLVM::GlobalOp::create(builder, location, arrayOf(i8, terminated.size()), /*isConstant=*/true,
                           LLVM::Linkage::Internal, entry->second, builder.getStringAttr(terminated));
  }
  return addressOf(entry->second);
}

void EntryBuilder::externalData(StringRef symbol) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  auto global = LLVM::GlobalOp::create(builder, location, i8, /*isConstant=*/true, LLVM::Linkage::External,
                                       symbol, Attribute());
  global.setVisibility_(Visibility::Hidden);
}

void EntryBuilder::externalFunction(StringRef symbol, Type result, ArrayRef<Type> arguments) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  auto function =
      LLVM::LLVMFuncOp::create(builder, location, symbol, LLVM::LLVMFunctionType::get(result, arguments));
  function.setVisibility_(Visibility::Hidden);
}

ValueRange EntryBuilder::function(StringRef symbol, Type result, ArrayRef<Type> arguments, bool isPublic) {
  builder.setInsertionPointToEnd(module.getBody());
  auto function =
      LLVM::LLVMFuncOp::create(builder, location, symbol, LLVM::LLVMFunctionType::get(result, arguments));
  if (!isPublic)
    function.setLinkage(LLVM::Linkage::Internal);
  Block *block = function.addEntryBlock(builder);
  builder.setInsertionPointToStart(block);
  return block->getArguments();
}
