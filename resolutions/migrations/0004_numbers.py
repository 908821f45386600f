from django.db import migrations

from resolutions.citing import of_parts


def number(apps, schema_editor):
    documents = apps.get_model("resolutions", "Document").unscoped
    for document in documents.all():
        cited = of_parts(document.symbol, document.type, document.term, document.issued_on)
        documents.filter(pk=document.pk).update(number=cited.number)


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0003_keeping")]
    operations = [migrations.RunPython(number, migrations.RunPython.noop, elidable=True)]
