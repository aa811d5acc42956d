"""``manage.py create_user``: an account for another person."""

from django.core.management.base import BaseCommand, CommandError

from studio.core.errors import StudioError
from studio.core.workspaces import services


class Command(BaseCommand):
    help = "Make an account and print a link with which its owner signs in and sets a password."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="")

    def handle(self, *args, username: str, email: str, **options) -> None:
        from django.core.exceptions import ValidationError
        from django.core.management import call_command

        try:
            services.create_user(username=username, email=email)
        except StudioError as error:
            raise CommandError(error.detail) from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        call_command("login_link", username, stdout=self.stdout)
