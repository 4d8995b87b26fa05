"""One-job packages without a cycle and without a word of any area.

A process is a table, the journal is a ledger of states, a figure is a balance (docs/adr/0002)."""
