"""The journal: partitioned by month, append-only, with the function that makes a month's partition."""

import django.contrib.postgres.fields
from django.db import migrations, models

import qifu.kernel.values
from qifu.kernel.schema import DOOR, AppendOnly, Offer

JOURNAL = """
CREATE TABLE journal_entry (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  era integer NOT NULL,
  tx bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  process varchar(48) NOT NULL, subject uuid NOT NULL, about uuid NOT NULL, verb varchar(48) NOT NULL,
  "left" varchar(32) NOT NULL, entered varchar(32) NOT NULL, first boolean NOT NULL,
  sign smallint NOT NULL DEFAULT 1 CHECK (sign = CASE WHEN reverses IS NULL THEN 1 ELSE -1 END),
  at timestamptz NOT NULL, recorded_at timestamptz NOT NULL,
  district integer NOT NULL, region integer NOT NULL, party uuid, compartment varchar(24) NOT NULL DEFAULT '',
  facets varchar(40)[] NOT NULL DEFAULT '{}',
  actor varchar(64) NOT NULL, actor_name varchar(80) NOT NULL, role varchar(48) NOT NULL, on_behalf_of varchar(80) NOT NULL,
  batch uuid, reverses bigint, data jsonb NOT NULL DEFAULT '{}',
  body bytea NOT NULL, hash bytea NOT NULL,
  PRIMARY KEY (seq, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE TABLE journal_entry_other PARTITION OF journal_entry DEFAULT;
REVOKE ALL ON journal_entry_other FROM PUBLIC;
CREATE INDEX journal_entry_subject ON journal_entry (subject, seq);
CREATE INDEX journal_entry_about ON journal_entry (about, at);
CREATE INDEX journal_entry_tx ON journal_entry (era, tx, seq);
CREATE INDEX journal_entry_figure ON journal_entry (process, region, at) INCLUDE ("left", entered, first, sign, verb, subject, tx, era);
CREATE INDEX journal_entry_compartment ON journal_entry (compartment) WHERE compartment <> '';
GRANT USAGE ON SEQUENCE journal_entry_seq_seq TO qifu_app, qifu_worker;

CREATE FUNCTION qifu_journal_month(month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  start date := date_trunc('month', month)::date;
  name text := 'journal_entry_' || to_char(start, 'YYYYMM');
BEGIN
  -- Whoever may call this may not fill the catalogue with partitions.
  IF month IS NULL OR month < '2000-01-01' OR month >= '2100-01-01' THEN RAISE EXCEPTION 'no month of this journal: %', month; END IF;
  IF to_regclass(name) IS NOT NULL THEN RETURN false; END IF;
  PERFORM pg_advisory_xact_lock(hashtext(name));
  IF to_regclass(name) IS NOT NULL THEN RETURN false; END IF;
  -- Rows that arrived before their month was made stay where they are.
  IF EXISTS (SELECT 1 FROM journal_entry_other WHERE recorded_at >= start AND recorded_at < start + interval '1 month') THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF journal_entry FOR VALUES FROM (%L) TO (%L)', name,
    start::timestamp AT TIME ZONE 'Asia/Shanghai', (start + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai');
  EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', name);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION qifu_journal_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qifu_journal_month(date) TO qifu_app, qifu_worker;

-- Names the compartments in use, for whoever must see all of the journal: a seal that misses one would be no seal.
CREATE FUNCTION qifu_journal_compartments() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE found AS (
    (SELECT min(compartment) AS name FROM journal_entry WHERE compartment <> '')
    UNION ALL
    SELECT (SELECT min(e.compartment) FROM journal_entry e WHERE e.compartment <> '' AND e.compartment > found.name)
    FROM found WHERE found.name IS NOT NULL)
  SELECT coalesce(string_agg(name, ','), '') FROM found WHERE name IS NOT NULL
$$;
REVOKE ALL ON FUNCTION qifu_journal_compartments() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qifu_journal_compartments() TO qifu_worker;
"""

# A seal, an era and the finding of a verification are facts too: the worker adds them, nobody changes them.
ADD = "GRANT INSERT ON journal_seal, journal_era, journal_finding TO qifu_worker"
TAKE = "REVOKE INSERT ON journal_seal, journal_era, journal_finding FROM qifu_worker"


def first_era(apps, schema_editor):
    """Begin era 1 with the installation; its date is only for people."""
    schema_editor.execute("INSERT INTO journal_era (number, since, reason) VALUES (1, '2020-01-01T00:00:00+08:00', 'installed')")


SCOPE = [
    ("region", models.IntegerField()),
    ("party", models.UUIDField(blank=True, null=True)),
    ("compartment", models.CharField(blank=True, default="", max_length=24)),
    ("district", models.IntegerField()),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0001_initial")]
    operations = [
        migrations.RunSQL(
            JOURNAL, "DROP TABLE journal_entry; DROP FUNCTION qifu_journal_month(date); DROP FUNCTION qifu_journal_compartments()"
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                *SCOPE,
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("era", models.IntegerField()),
                ("tx", models.BigIntegerField()),
                ("process", models.CharField(max_length=48)),
                ("subject", models.UUIDField()),
                ("about", models.UUIDField()),
                ("verb", models.CharField(max_length=48)),
                ("left", models.CharField(max_length=32)),
                ("entered", models.CharField(max_length=32)),
                ("first", models.BooleanField()),
                ("sign", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "facets",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("actor", models.CharField(max_length=64)),
                ("actor_name", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=48)),
                ("on_behalf_of", models.CharField(max_length=80)),
                ("batch", models.UUIDField(null=True)),
                ("reverses", models.BigIntegerField(null=True)),
                ("data", models.JSONField()),
                ("body", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "journal_entry", "managed": False},
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("process", models.CharField(max_length=48)),
                ("subject", models.UUIDField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("era", models.IntegerField()),
                ("horizon", models.BigIntegerField()),
                ("rows", models.IntegerField()),
                ("total", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("key", models.BinaryField()),
                ("signature", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Era",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("reason", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                *SCOPE,
                ("id", models.UUIDField(default=qifu.kernel.values.uuid7, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("action", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=60)),
                ("says", models.CharField(max_length=300)),
                ("forbidden", models.BooleanField()),
                ("subject", models.UUIDField(null=True)),
                ("actor", models.CharField(max_length=64)),
                ("actor_name", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=200)),
            ],
            options={"indexes": [models.Index(fields=["region", "-at"], name="journal_attempt_region_at")]},
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.uuid7, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("good", models.BooleanField()),
                ("seal", models.IntegerField(null=True)),
                ("rows", models.BigIntegerField()),
                ("unsealed", models.BigIntegerField()),
                ("problems", models.IntegerField()),
                ("says", models.JSONField()),
                ("seconds", models.FloatField()),
            ],
        ),
        AppendOnly("Entry"),
        AppendOnly("Attempt", also=DOOR),
        Offer("Key", write=True),
        Offer("Seal"),
        Offer("Era"),
        Offer("Finding"),
        migrations.RunSQL(ADD, TAKE),
        migrations.RunPython(first_era, migrations.RunPython.noop),
    ]
