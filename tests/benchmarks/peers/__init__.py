"""Parts of the side-by-side benchmark, ../peers.py."""
