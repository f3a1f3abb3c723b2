"""Running it: one worker, its telemetry and its admin HTTP."""
