// Builds functions and constant data of the LLVM dialect: what lower-entry and its tables have in common.
#pragma once

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace fasternet {

/// Appends to a module. Types are those of LP64: x86-64 and aarch64 agree on every structure used here.
class EntryBuilder {
public:
  explicit EntryBuilder(mlir::ModuleOp module);

  using Visibility = mlir::LLVM::Visibility;
  using ValueBuilder = llvm::function_ref<mlir::Value()>;

  mlir::Type i8, i16, i32, i64;
  mlir::Type pointer;
  mlir::LLVM::LLVMStructType structOf(llvm::ArrayRef<mlir::Type> fields);
  mlir::LLVM::LLVMArrayType arrayOf(mlir::Type element, size_t count);

  /// Constants at the insertion point.
  mlir::Value constant(mlir::Type type, int64_t value);
  mlir::Value null();
  /// A struct or array value of these elements.
  mlir::Value aggregate(mlir::Type type, llvm::ArrayRef<mlir::Value> elements);
  mlir::Value addressOf(llvm::StringRef symbol);
  /// `base` plus a constant number of bytes.
  mlir::Value offset(mlir::Value base, int64_t bytes);
  mlir::Value load(mlir::Value address, mlir::Type type);
  void store(mlir::Value value, mlir::Value address);
  /// Room for `count` elements in the function's frame.
  mlir::Value frame(mlir::Type element, int64_t count = 1);
  /// A direct call of a function of the module; null for one without result.
  mlir::Value call(llvm::StringRef function, mlir::ValueRange arguments);
  /// A call through `callee`, which has this type.
  mlir::Value callThrough(mlir::LLVM::LLVMFunctionType type, mlir::Value callee, mlir::ValueRange arguments);
  void finish(mlir::Value result);

  /// Read-only data whose value `build` makes; internal unless `isPublic`.
  void data(llvm::StringRef symbol, mlir::Type type, ValueBuilder build, bool isPublic = false);
  /// An internal array whose elements `element` makes, one after the other.
  void array(llvm::StringRef symbol, mlir::Type type, size_t count,
             llvm::function_ref<mlir::Value(size_t)> element);
  /// The address of a zero-terminated string, made once for each text.
  mlir::Value text(llvm::StringRef text);
  /// A name of another object, hidden: data, or a function of this type.
  void externalData(llvm::StringRef symbol);
  void externalFunction(llvm::StringRef symbol, mlir::Type result, llvm::ArrayRef<mlir::Type> arguments);
  /// A function with a body, which follows at the insertion point; returns its arguments.
  mlir::ValueRange function(llvm::StringRef symbol, mlir::Type result, llvm::ArrayRef<mlir::Type> arguments,
                            bool isPublic);

  mlir::OpBuilder builder;
  mlir::Location location;

private:
  mlir::ModuleOp module;
  llvm::StringMap<std::string> texts;
};

} // namespace fasternet
