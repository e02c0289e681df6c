# Tests of IR in text form; CMake names the programs in the environment.
import os
import lit.formats

config.name = "transforms"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.environ["FASTERNET_LIT_OUTPUT"]
config.environment["PATH"] = os.pathsep.join([os.environ["FASTERNET_LLVM_TOOLS"], os.environ["PATH"]])
config.substitutions.append(("%opt", os.environ["FASTERNET_OPT"]))
