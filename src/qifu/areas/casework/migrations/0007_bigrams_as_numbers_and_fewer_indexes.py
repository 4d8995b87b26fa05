"""Bigrams become numbers, a third as large and quicker to compare; two indexes go that no query reads.

The second one of `unique=True`, for the beginning of a number, which nobody asks for; and that of the telephone's blind index, by
which no case is looked up."""

import django.contrib.postgres.fields
from django.db import migrations, models

_AS_NUMBERS = """
CREATE FUNCTION casework_numbers(grams varchar[]) RETURNS int[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg((CASE WHEN number >= 2147483648 THEN number - 4294967296 ELSE number END)::int ORDER BY place), '{}')
  FROM (SELECT place, ascii(gram)::bigint | (ascii(substr(gram, 2, 1))::bigint << 16) AS number
        FROM unnest(grams) WITH ORDINALITY AS g(gram, place)) AS n
$$;
ALTER TABLE casework_case ALTER COLUMN grams TYPE int[] USING casework_numbers(grams);
DROP FUNCTION casework_numbers(varchar[]);
"""
_AS_SIGNS = """
CREATE FUNCTION casework_signs(grams int[]) RETURNS varchar[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(chr(number & 65535) || CASE WHEN (number >> 16) & 65535 > 0 THEN chr((number >> 16) & 65535) ELSE '' END
    ORDER BY place), '{}')
  FROM unnest(grams) WITH ORDINALITY AS g(number, place)
$$;
ALTER TABLE casework_case ALTER COLUMN grams TYPE varchar(2)[] USING casework_signs(grams);
DROP FUNCTION casework_signs(int[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0006_supervision"),
    ]

    operations = [
        migrations.RunSQL(
            _AS_NUMBERS,
            _AS_SIGNS,
            state_operations=[
                migrations.AlterField(
                    model_name="case",
                    name="grams",
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None),
                ),
            ],
        ),
        migrations.AlterField(model_name="case", name="number", field=models.CharField(max_length=24)),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("number",), name="one_case_of_a_number"),
        ),
        migrations.RemoveIndex(model_name="case", name="case_phone"),
    ]
