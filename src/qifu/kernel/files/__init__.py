"""Photos and papers that people send along: looked into, drawn anew, kept in the database beside what they are about.

An area says which subjects take files (`accept(Kind(...))`), and calls `keeping.keep` inside its own action or lets the
device post to /files/ (the action `files.keep`)."""
