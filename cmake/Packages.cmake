# Third-party packages, each behind one interface target so that folders say what they use in one word.
# LLVM and MLIR only as the shared libraries: mixing in static ones would duplicate type ids.
find_package(MLIR 22.1 REQUIRED CONFIG)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

add_library(fasternet_llvm INTERFACE)
target_include_directories(fasternet_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_link_libraries(fasternet_llvm INTERFACE LLVM)

add_library(fasternet_mlir INTERFACE)
target_include_directories(fasternet_mlir SYSTEM INTERFACE ${MLIR_INCLUDE_DIRS})
target_link_libraries(fasternet_mlir INTERFACE MLIR fasternet_llvm)

find_package(Halide 21 REQUIRED CONFIG)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(libzip QUIET)
find_package(GTest REQUIRED)
find_package(Threads REQUIRED)
