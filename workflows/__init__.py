"""The workflow definitions that ship with the engine, and the only way to read one.

`loader.load` turns the bytes of a YAML file into `rules.workflow.Workflow` or lists every fault it has; `README.md`
beside this file says how a definition is written.
"""
