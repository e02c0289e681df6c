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

# Halide is the PyPI wheel: its CMake package lies in lib64/cmake, which find_package does not search by itself.
set(FASTERNET_VENV ${CMAKE_SOURCE_DIR}/.venv CACHE PATH "virtual environment with the halide wheel")
file(GLOB halide_packages ${FASTERNET_VENV}/lib/python3*/site-packages/halide/lib64/cmake)
set(HalideHelpers_DIR ${halide_packages}/HalideHelpers)
find_package(Halide 21 REQUIRED CONFIG PATHS ${halide_packages}/Halide NO_DEFAULT_PATH)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
# Debian's CMake package of libzip names tools that are packaged apart; its pkg-config file is whole.
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
find_package(GTest REQUIRED)
find_package(Threads REQUIRED)
