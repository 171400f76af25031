"""Everything that changes something: one verb a file, one public function; faces commit."""
