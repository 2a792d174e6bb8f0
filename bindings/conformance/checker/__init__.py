"""Recomputes what the vectors expect, with Python's cryptography."""
