"""What is measured against what, one file each; `make bench` runs them all and writes docs/benchmarks.md."""
