"""What is stored: tables with their constraints, sessions, and the only writer of history."""
