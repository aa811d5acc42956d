"""Metric points live in a database of their own, so they never wait for a state move."""

from django.conf import settings

METRIC_MODELS = {"series", "chunk", "writer"}


class MetricsRouter:
    """Send the metric tables, and only them, to the ``metrics`` alias."""

    def _is_metric(self, model) -> bool:
        return model._meta.app_label == "experiments" and model._meta.model_name in METRIC_MODELS

    def db_for_read(self, model, **hints):
        return "metrics" if self._is_metric(model) else None

    def db_for_write(self, model, **hints):
        return "metrics" if self._is_metric(model) else None

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        if settings.METRICS_SHARED:
            return db == "default"  # one database behind both names: its tables are made once
        ours = app_label == "experiments" and (model_name or "") in METRIC_MODELS
        return ours if db == "metrics" else not ours
