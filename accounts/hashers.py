import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# A flood of log-ins must not take the memory and the processors from those who work (19 MB for each hash).
_turnstile = threading.BoundedSemaphore(4)


class FrugalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id as OWASP advises for small machines; Django's default takes 100 MB for each log-in."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1

    def encode(self, password, salt):
        with _turnstile:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with _turnstile:
            return super().verify(password, encoded)
