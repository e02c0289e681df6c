# As the tests of the passes, in this folder.
import os

here = os.path.dirname(__file__)
lit_config.load_config(config, os.path.join(here, "..", "transforms", "lit.cfg.py"))
config.name = "dialect"
config.test_source_root = here
