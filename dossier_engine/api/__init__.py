"""The HTTP face: requests in, one command or query, an answer or a problem out."""
