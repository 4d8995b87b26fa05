"""The writes of insight: the bulletin's way from draft to publication, and a call that goes on the record."""
