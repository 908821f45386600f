"""Files that people hand in: looked into before anything is stored, kept outside the web root (reliability.md R7)."""
