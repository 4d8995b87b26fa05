import time, statistics
from datetime import timedelta
import pytest
from django.db import connection
from qifu.areas.resumption.tests.factories import february, world
from qifu.areas.resumption.tests.browsing import browser
from qifu.areas.resumption import worklist
from qifu.areas.resumption.worklist import Worklist, Want
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock

def test_scale(database):
    with clock.use(clock.Fixed(february("10"))) as hands:
        town = world(hands)
        firm = town.firm()
        app = town.ok(town.submit(firm))
        towns = [p.id for p in jurisdiction.places(("town","subdistrict","zone"))]
        print("towns", len(towns))
        with database.admin() as s:
            t=time.time()
            s.execute("""
            INSERT INTO registry_enterprise (id,name,name_key,pinyin,bigrams,uscc,uscc_written,provisional,why,size,size_source,size_reason,over_100m,industry,category,individual,staff,address,legal_person,registered_at,region,party,compartment,district)
            SELECT ('00000000-0000-7000-8000-'||lpad(to_hex(n),12,'0'))::uuid, '奉化大量机械'||n||'号', '大量机械'||n, 'x'||n, ARRAY['大量','量机'], NULL, '', true, '', CASE WHEN n%%7=0 THEN 'above' ELSE 'small' END,'statistics','', n%%50=0,'C3311','',false,n%%300,'','',now(), (%s::int[])[1+n%%%s], ('00000000-0000-7000-8000-'||lpad(to_hex(n),12,'0'))::uuid,'',330213
            FROM generate_series(1,1000000) n""", [towns, len(towns)])
            print("firms", time.time()-t)
            s.execute("""
            INSERT INTO resumption_application (id,number,enterprise_id,incident_id,regime,route,office,priority,early,planned_at,head_count,answers,triage,submitter,acceptor,assessor,decider,remarks,conditions,reason,state,state_at,due_at,been,facets,region,party,compartment,district)
            SELECT ('00000000-0000-7000-9000-'||lpad(to_hex(n),12,'0'))::uuid, 'X'||n, ('00000000-0000-7000-8000-'||lpad(to_hex(n),12,'0'))::uuid, %s, 'approval', CASE WHEN n%%7=0 THEN 'district' ELSE 'town' END, 'x', 3, false, now(), n%%300, '{}','[]','','','','','','','',
             (ARRAY['submitted','forwarded','accepted','assigned','passed','returned','rectifying','approved','resumed','resumed','resumed','resumed'])[1+((n::bigint*7919)%%12)::int], %s, 
             CASE WHEN (n::bigint*7919)%%12 < 5 THEN %s::timestamptz + ((n*31)%%4000) * interval '1 minute' END, '{}', CASE WHEN n%%50=0 THEN ARRAY['over_100m','size:above'] WHEN n%%7=0 THEN ARRAY['size:above'] ELSE ARRAY['size:small'] END, (%s::int[])[1+n%%%s], ('00000000-0000-7000-8000-'||lpad(to_hex(n),12,'0'))::uuid,'',330213
            FROM generate_series(1,1000000) n""", [app.incident_id, clock.now(), clock.now()-timedelta(hours=20), towns, len(towns)])
            print("apps", time.time()-t)
            s.execute("ANALYZE resumption_application"); s.execute("ANALYZE registry_enterprise")
        city = next(p for p in jurisdiction.lineage(town.town) if jurisdiction.place(p).kind == "city")
        who = {"district": officer("bureau_clerk", town.district), "city": officer("city_clerk", city), "province": officer("city_clerk", jurisdiction.lineage(town.town)[-1]), "town": town.town_clerk}
        import os, traceback, io, contextlib, importlib
        open('/tmp/ready','w').write('1')
        while not os.path.exists('/tmp/quit'):
            if os.path.exists('/tmp/cmd.py'):
                code = open('/tmp/cmd.py').read(); os.remove('/tmp/cmd.py')
                out = io.StringIO()
                with contextlib.redirect_stdout(out):
                    try: exec(code, dict(globals(), **locals()))
                    except Exception: traceback.print_exc(file=out)
                open('/tmp/out.tmp','w').write(out.getvalue()); os.rename('/tmp/out.tmp','/tmp/out')
            time.sleep(0.3)
