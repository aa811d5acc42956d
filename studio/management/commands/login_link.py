"""``manage.py login_link``: a link that signs in once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studio.core.workspaces import services
from studio.core.workspaces.models import User


class Command(BaseCommand):
    help = "Print a link that signs a user in once, within an hour."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username", nargs="?", default="owner")
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *args, username: str, port: int, **options) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody is named {username!r}. `manage.py create_user` makes accounts.")
        secret = services.create_login_link(user=user)
        self.stdout.write(f"http://{settings.HOST}:{port}/login/{secret}")
