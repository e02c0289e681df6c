"""Parts of the benchmark of the partial convolution, ../pconv.py."""
