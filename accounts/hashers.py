from django.contrib.auth.hashers import Argon2PasswordHasher


class FrugalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id as OWASP advises for small machines; Django's default takes 100 MB for each log-in."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1
