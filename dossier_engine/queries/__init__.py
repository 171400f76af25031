"""Everything that only looks, always through the territory scope."""
