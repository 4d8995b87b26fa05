"""Qifu (企服): bring enterprises safely back to work after a shock, and serve them on ordinary days."""
