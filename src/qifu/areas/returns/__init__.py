"""报表: the upper level's own tables, uploaded once, filled each day at their hour from figures by name, checked and handed in."""
