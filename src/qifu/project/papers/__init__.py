"""The pages of papers: anybody's check at /v/, a paper with its pictures and stamped copies, the register of papers."""
