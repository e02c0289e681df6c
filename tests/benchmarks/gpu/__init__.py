"""The parts of gpu.py: what is asked, programs that run elsewhere, the summary."""
