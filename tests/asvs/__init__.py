"""The items of OWASP ASVS 5.0.0 that matter here, the tests that prove them, and mutants that the tests notice."""
