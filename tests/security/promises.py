"""What each table promises, written by hand: it does not read the migrations, so that a migration cannot loosen it.

A table that stands in none of these lists must be protected in full: the plain policies, insert and update."""

DOOR_TOO = {
    "access_person": "the login finds the person of a number",
    "access_grant": "the login reads which hats a person wears",
    "access_taskforce": "hats of a task force end with it",
    "access_outside": "a login at another service finds the person whom it lets in",
    "documents_issued": "anybody checks a number without signing in",
    "documents_print": "as documents_issued",
    "documents_withdrawal": "as documents_issued",
    "journal_attempt": "an attempt is written down even for somebody without any reach",
    "passes_pass": "the page of a link and the check for everybody",
    "passes_link": "whoever holds the link opens the pass",
    "mobilisation_feed": "a calendar program brings the secret link and nothing else",
    "resumption_claim": "somebody whom nobody knows says to be a contact",
    "resumption_licence": "and sends the photo of a licence along",
}
"""Scoped tables that the door may touch as well."""

LAW = {
    "access_taskforce": "everybody may see which task forces are at work",
    "insight_bulletin": "a bulletin of a place is read by those below it; who may see a draft is asked by right",
    "insight_sealed": "as insight_bulletin",
    "registry_keylist": "a list of a place is read by all places below it",
    "registry_workersurvey": "towns count by the survey of their district",
    "response_incident": "the law binds those who do not reach the office that set it",
    "response_levelchange": "as response_incident",
    "response_measure": "as response_incident",
    "response_proposal": "as response_incident",
    "response_controlarea": "as response_incident",
    "response_notice": "what was told was told to all",
    "resumption_counter": "posters and receipts say whom to call",
    "services_article": "an answer is for everybody; who may see a draft is asked by right",
    "services_version": "as services_article",
    "services_attachment": "as services_article: public once its version is",
    "jointoffice_item": "a menu is for every enterprise below its place",
    "supply_card": "a maker's card is what it chose to show to everybody",
    "mobilisation_notice": "a notice is read by whoever it was published to, wherever they belong; drafts are asked by right",
    "mobilisation_roster": "who is on duty in the district is told to its towns; drafts are asked by right",
    "mobilisation_turn": "as mobilisation_roster",
    "mobilisation_call": "a poster calls everybody",
    "mobilisation_post": "as mobilisation_call",
    "mobilisation_course": "a course is learned by people of other places; drafts and answers are asked by right",
    "mobilisation_meeting": "as mobilisation_course",
}
"""Scoped tables that everybody may read and only the scope may write."""

OWN_LOOKS = {"journal_entry"}
"""Scoped tables of which a person reads the looks at themselves."""

DOOR_ONLY = {
    "access_account", "access_session", "access_logincode", "access_throttle", "access_passkey", "access_challenge",
    "notify_preference", "notify_digested",
}  # fmt: skip
"""Tables that exist for the door alone."""

WRITES = {
    "documents_issued": "a",
    "documents_print": "a",
    "documents_withdrawal": "a",
    "documents_exportfile": "awd",
    "journal_entry": "a",
    "journal_attempt": "a",
    "response_levelchange": "a",
    "response_notice": "a",
    "insight_sealed": "a",
    "returns_kept": "a",
    "services_version": "a",
    "files_body": "a",
    "files_file": "a",
    "resumption_dailyreport": "a",
    "intake_block": "ad",
    "loops_used": "ad",
    "intake_original": "ad",
    "intake_stagedrow": "awd",
    "indicators_basesum": "awd",
    "resumption_visit": "a",
    "resumption_licence": "a",
    "casework_remark": "a",
    "consultation_task": "a",
    "casework_lesson": "a",
    "ladder_told": "a",
    "correspondence_call": "a",
    "correspondence_delivery": "a",
    "jointoffice_line": "a",
    "jointoffice_task": "a",
    "resumption_savedview": "awd",
    "resumption_watch": "awd",
    "workflow_clock": "awd",
    "mobilisation_member": "awd",
    **dict.fromkeys(DOOR_ONLY, "awd"),
}
"""What app and worker may write in protected tables where it is not "aw": a insert, w update, d delete."""

OFFERED = {
    "access_role": "",
    "access_department": "aw",
    "booking_slot": "aw",
    "calendar_calendarday": "",
    "calendar_knownyear": "aw",
    "casework_series": "aw",
    "calendar_localdecree": "aw",
    "credentials_block": "aw",
    "credentials_issuerkey": "aw",
    "documents_count": "aw",
    "events_cursor": "aw",
    "indicators_watermark": "aw",
    "journal_era": "",
    "journal_finding": "",
    "journal_key": "a",
    "journal_seal": "",
    "jurisdiction_edition": "",
    "jurisdiction_place": "",
    "jurisdiction_placetie": "",
    "jurisdiction_placeversion": "",
    "notify_template": "aw",
    "privacy_key": "a",
    "project_heartbeat": "aw",
    "resumption_daycount": "aw",
    "resumption_batch": "aw",
    "resumption_listing": "aw",
}
"""Tables without rows of anybody: readable by all three roles, written as said."""

WORKER_ADDS = {"journal_era", "journal_seal", "journal_finding"}
"""Offered tables to which the worker alone adds rows."""

WORKER_CHANGES = {"privacy_key"}
"""Offered tables whose rows the worker alone changes: keys are destroyed or wrapped anew by no page."""

QUEUE = {"procrastinate_events", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers"}
"""The queue of jobs: ids and names of work, no words of anybody."""

NOBODYS = {"auth_group", "auth_group_permissions", "auth_permission", "django_content_type"}
"""Tables of Django that no role of the application may touch."""

REPORT_READS = {"django_migrations"}
"""What the health page reads as the role of reports."""

DEFINERS = {
    "qifu_journal_month": "makes a month's partition; answers only whether it did",
    "qifu_journal_compartments": "names compartments in use; the worker's alone",
    "registry_person_of_phone": "finds the person of a blind index; gives an id and nothing else",
    "services_places_in_line": "counts who waits before an appointment; gives its id and a number",
    "resumption_rate_of_place": "counts a place's firms and those at work; none where they are fewer than five",
    "registry_site_enterprise_id_there": "a foreign key's work: whether a site's enterprise is there; answers nothing",
    "registry_site_enterprise_id_stays": "a foreign key's work: whether a site still refers to what goes; answers nothing",
    "registry_enterprise_merged_into_id_there": "a foreign key's work: whether what it went into is there; answers nothing",
    "registry_enterprise_merged_into_id_stays": "a foreign key's work: whether one that went in still refers; answers nothing",
}
"""Functions that run with the owner's rights."""
