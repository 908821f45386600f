from django.db import migrations, models

import accounts.identifiers


def name_all(apps, schema_editor):
    for row in apps.get_model("cells", "OrganisationFunction").unscoped.all():
        row.public_id = accounts.identifiers.new_public_id()
        row.save(update_fields=["public_id"])


class Migration(migrations.Migration):
    dependencies = [("cells", "0007_upload_statements")]

    operations = [
        migrations.AddField("organisationfunction", "version", models.PositiveIntegerField(default=1)),
        migrations.AddField("organisationfunction", "public_id", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(name_all, migrations.RunPython.noop),
        migrations.AlterField(
            "organisationfunction",
            "public_id",
            models.UUIDField(default=accounts.identifiers.new_public_id, unique=True, editable=False),
        ),
    ]
