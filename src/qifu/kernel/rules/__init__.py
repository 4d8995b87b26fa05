"""Rules as data: a small typed language, its fact dictionary, and the dated documents that hold rules.

What an office decides by is written in documents with dates and an origin; every answer can be said in Chinese and in
English with what is missing; what may not decide (origin, illness) cannot be written. Pure Python: no clock, no tables.
"""
