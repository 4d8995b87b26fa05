"""学校复课: self-check, report, consent, opening; who cannot come back yet; the days of testing (DOMAIN W20)."""
