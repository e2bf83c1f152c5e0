from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "reenter.desk"
    label = "desk"
