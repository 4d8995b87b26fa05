"""Let the worker work its queue, the application put jobs into it, and the health page see which migrations ran."""

from django.db import migrations

GRANTS = """
DO $$
DECLARE thing record;
BEGIN
  FOR thing IN SELECT relname AS name, relkind AS kind FROM pg_class
               WHERE relnamespace = 'public'::regnamespace AND relname LIKE 'procrastinate\\_%' AND relkind IN ('r', 'S')
  LOOP
    IF thing.kind = 'r' THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO qifu_worker', thing.name);
      EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO qifu_app', thing.name);
    ELSE
      EXECUTE format('GRANT USAGE ON SEQUENCE %I TO qifu_app, qifu_worker', thing.name);
    END IF;
  END LOOP;
END $$;
GRANT SELECT ON django_migrations TO qifu_report;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("project", "0001_heartbeat"),
        # Procrastinate's newest: an upgrade of it that brings a table needs a migration like this one.
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL(GRANTS, migrations.RunSQL.noop)]
