"""Serializer fields that several apps use."""

from rest_framework import serializers


class TagsField(serializers.DictField):
    """Up to 100 tags, names to 100 and values to 1,000 characters."""

    child = serializers.CharField(max_length=1000, allow_blank=True)

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        if len(value) > 100:
            raise serializers.ValidationError("Use at most 100 tags.")
        if any(not 1 <= len(name) <= 100 for name in value):
            raise serializers.ValidationError("A tag's name has 1 to 100 characters.")
        return value
