"""Those who put their name under the log: the signer of this installation, and witnesses elsewhere.

Both remember what they signed last, in a file of their own, and sign nothing that does not continue it. Nothing here
touches a database or reads a clock.
"""
