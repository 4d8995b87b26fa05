"""The append-only ledger of states: every move, every dated fact, every sensitive look, sealed and signed.

Figures, timelines, audit and news are read from here; nothing else keeps a history."""
