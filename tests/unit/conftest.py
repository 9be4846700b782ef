"""Hypothesis for all unit tests: no deadline, for a busy machine is no defect, and no files left behind."""

from hypothesis import HealthCheck, settings

settings.register_profile("unit", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unit")
