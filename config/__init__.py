"""Settings, wiring, and the data a province brings: calendars, localities, offices, plans."""
