from django.contrib.auth.hashers import PBKDF2PasswordHasher


class CheapHasher(PBKDF2PasswordHasher):
    """One round: tests make hundreds of users. Servers and commands in processes of their own can still read it."""

    iterations = 1
