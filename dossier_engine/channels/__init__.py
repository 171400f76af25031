"""How a message leaves the house: each channel sends what `commands/deliver.py` claimed, and knows nothing else."""
