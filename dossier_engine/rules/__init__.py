"""The law as frozen values and pure functions: no database, clock, network or framework."""
