"""The places where Wikimedia's software is made: each asks in one half and understands in the other."""
