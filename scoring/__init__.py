"""What the work of a person is worth, and why: pure functions over frozen values.

Standard library only; no input or output, no clock, no names of people.
"""
