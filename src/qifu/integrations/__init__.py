"""One package per outside system; each implements a port that the kernel declares."""
