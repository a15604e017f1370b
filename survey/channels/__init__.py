"""Ways an answer comes in; each ends in `survey.responses.ingest`. A new channel is a folder here."""
