"""Messages as people meet them: the own page, the operator's desk, the gateways of this installation, their callbacks."""
