"""Wire shapes of people and workspaces."""

from rest_framework import serializers

from studio.core.workspaces.access import ACTIONS
from studio.core.workspaces.models import SLUG, Role


class UserSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    email = serializers.CharField()

    class Meta:
        ref_name = "User"


class SessionSerializer(serializers.Serializer):
    user = UserSerializer(allow_null=True)
    version = serializers.CharField()
    profile = serializers.ChoiceField(choices=["embedded", "production"])


class SessionCreateSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class PasswordChangeSerializer(serializers.Serializer):
    current_password = serializers.CharField(max_length=1000, allow_blank=True, default="", trim_whitespace=False)
    new_password = serializers.CharField(max_length=1000, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class TokenCreatedSerializer(TokenSerializer):
    secret = serializers.CharField()


class TokenCreateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class WorkspaceSerializer(serializers.Serializer):
    """A workspace as one member sees it; takes the Member."""

    id = serializers.UUIDField(source="workspace.id")
    name = serializers.CharField(source="workspace.name")
    friendly_name = serializers.CharField(source="workspace.friendly_name")
    description = serializers.CharField(source="workspace.description")
    created_at = serializers.DateTimeField(source="workspace.created_at")
    archived_at = serializers.DateTimeField(source="workspace.archived_at", allow_null=True)
    role = serializers.ChoiceField(choices=Role.choices)
    actions = serializers.SerializerMethodField()

    def get_actions(self, member) -> list[str]:
        return sorted(ACTIONS[member.role])


class WorkspaceCreateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=63, validators=[SLUG])
    friendly_name = serializers.CharField(max_length=120, required=False, default="")
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class WorkspaceUpdateSerializer(serializers.Serializer):
    friendly_name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class MemberSerializer(serializers.Serializer):
    user = UserSerializer()
    role = serializers.ChoiceField(choices=Role.choices)
    added_at = serializers.DateTimeField(source="created_at")


class MemberCreateSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)


class MemberUpdateSerializer(serializers.Serializer):
    role = serializers.ChoiceField(choices=Role.choices)


class InvitationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Role.choices)
    note = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = UserSerializer(allow_null=True)
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_by = UserSerializer(allow_null=True)


class InvitationCreatedSerializer(InvitationSerializer):
    url = serializers.CharField()


class InvitationCreateSerializer(serializers.Serializer):
    role = serializers.ChoiceField(choices=Role.choices)
    days = serializers.IntegerField(default=7)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class OpenInvitationSerializer(serializers.Serializer):
    """What whoever opens a link is told; takes the Invitation."""

    workspace = serializers.CharField(source="workspace.name")
    friendly_name = serializers.CharField(source="workspace.friendly_name")
    role = serializers.ChoiceField(choices=Role.choices)
    invited_by = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField()

    def get_invited_by(self, invitation) -> str | None:
        return invitation.created_by.display_name if invitation.created_by else None


class AcceptanceCreateSerializer(serializers.Serializer):
    """Empty when somebody is signed in; else the account to make."""

    username = serializers.CharField(max_length=150, allow_blank=True, default="")
    password = serializers.CharField(max_length=1000, allow_blank=True, default="", trim_whitespace=False)
    email = serializers.EmailField(allow_blank=True, default="")
