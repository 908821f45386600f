"""Who logs in, what was done, and which request was already answered."""

import unicodedata

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.text import clean_line, folded, sort_key


class UserManager(BaseUserManager):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=clean_line(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        return self.get(username__iexact=clean_line(username))

    def create_superuser(self, username, password=None, **fields):
        return self.create_user(username, password, is_administrator=True, **fields)


class User(AbstractBaseUser):
    """Someone who logs in. What they may do follows from posts and from the roster, both in `cells`."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    username = models.CharField(_("tên đăng nhập"), max_length=150, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=150, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)
    is_administrator = models.BooleanField(_("quản trị hệ thống"), default=False)
    created = models.DateTimeField(auto_now_add=True)
    sort_key = models.CharField(max_length=700, editable=False, default="", db_index=True)
    search = models.CharField(max_length=310, editable=False, default="")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="user_username_unique")]

    def __str__(self):
        return self.full_name or self.username

    def save(self, **options):
        self.fill_keys()
        if options.get("update_fields"):
            options["update_fields"] = {*options["update_fields"], "sort_key", "search"}
        super().save(**options)

    def fill_keys(self):
        self.sort_key = sort_key(str(self))[:700]
        self.search = folded(f"{self.full_name} {self.username}")

    @property
    def is_invited(self) -> bool:
        """Has an account, and has not chosen a user name and a password for it yet."""
        return not self.has_usable_password()

    @property
    def given_name(self) -> str:
        """How Vietnamese are addressed, by the last word of the name: `Nguyễn Thị Lan` is `Lan`."""
        return str(self).split()[-1]

    # Phones and PCs type `ễ` as one character or as three; the password is the same.
    def set_password(self, raw_password):
        super().set_password(raw_password and unicodedata.normalize("NFC", raw_password))

    def check_password(self, raw_password):
        return super().check_password(unicodedata.normalize("NFC", raw_password))


class Invitation(models.Model):
    """A link that works once, with which its owner chooses a user name and a password; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)


class AuditEntry(models.Model):
    """Who did what, when, to which object. Rows are only ever added: triggers refuse the rest (reliability.md R8)."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    values_digest = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    # The organisation it concerns, by the id it has in `cells`, of which this app knows nothing.
    place = models.BigIntegerField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="audit_object"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["action", "-id"], name="audit_action"),
            models.Index(fields=["place", "-id"], name="audit_place"),
            models.Index(fields=["address", "-id"], name="audit_address"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_kind} {self.object_id}"


class AuditValues(models.Model):
    """Before and after of personal fields, apart from the entry so that a person can be anonymised."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="values")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)


class AuditSeal(models.Model):
    """One link of the chain over the trail: added by `accounts.sealing`, and as little changed as the entries."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)  # no foreign key: the seal of a deleted entry is its only witness
    content = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)


class IdempotencyKey(models.Model):
    """A writing form sent twice is carried out once: the key is stored in the same transaction as what it wrote."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    result_url = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)


class LoginAttempt(models.Model):
    """Failed log-ins, counted in the database so that every process sees them and a restart forgets nothing."""

    account = models.CharField(max_length=64)  # digest of the name that was typed, known or not
    address = models.GenericIPAddressField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "address", "at"], name="login_account"),
            models.Index(fields=["address", "at"], name="login_address"),
        ]


class ResetCode(models.Model):
    """A code on paper or in a mail with which a forgotten password is chosen anew, once; kept as a digest only."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: asked for by mail
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="reset_code_one_each")]


class SecondFactorReset(models.Model):
    """Somebody lost phone and recovery codes: one person asks to take the second factor away, another one does."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
