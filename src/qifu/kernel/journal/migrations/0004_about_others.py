"""The index by what an entry is about keeps only entries of children: one about itself is found by its subject."""

from django.db import migrations

_OTHERS = """
DROP INDEX journal_entry_about;
CREATE INDEX journal_entry_about ON journal_entry (about, at) WHERE subject <> about;
"""
_ALL = """
DROP INDEX journal_entry_about;
CREATE INDEX journal_entry_about ON journal_entry (about, at);
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_looks_at_oneself")]
    operations = [migrations.RunSQL(_OTHERS, _ALL)]
