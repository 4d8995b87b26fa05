"""Tell a firm its place in a line of which it sees no other row."""

from django.db import migrations

# The order is that of `first_in_line`: who waits longest, and among those the earlier row. Only numbers come out.
PLACES = """
CREATE FUNCTION services_places_in_line(appointments uuid[])
RETURNS TABLE (id uuid, place bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT one.id, (SELECT count(*) FROM services_appointment ahead
                  WHERE ahead.waits_for_id = one.waits_for_id AND ahead.state = 'waiting'
                    AND (ahead.waits_since, ahead.id) <= (one.waits_since, one.id))
  FROM services_appointment one WHERE one.id = ANY (appointments) AND one.state = 'waiting'
$$;
REVOKE ALL ON FUNCTION services_places_in_line(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION services_places_in_line(uuid[]) TO qifu_app, qifu_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("services", "0004_when_the_owner_left")]

    operations = [migrations.RunSQL(PLACES, "DROP FUNCTION services_places_in_line(uuid[])")]
