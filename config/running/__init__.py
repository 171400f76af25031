"""What `dossier up` consists of: the broker, the programs and how they are kept alive, each ended with it."""
