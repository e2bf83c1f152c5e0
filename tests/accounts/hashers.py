"""A hasher that counts how often it had to work."""

from django.contrib.auth.hashers import MD5PasswordHasher

calls: list[str] = []


class CountingHasher(MD5PasswordHasher):
    algorithm = "counting"

    def encode(self, password, salt):
        calls.append("encode")
        return super().encode(password, salt)
