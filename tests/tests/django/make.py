"""Makes a database with Django itself: its own tables, users with passwords and rights, and a shop.

make.py ENGINE NAME [HOST PORT USER]
"""

import os
import sys
import tempfile

import django
from django.conf import settings

engine, name, *server = sys.argv[1:]
if engine == "mysql":
    import pymysql

    # Django asks for mysqlclient by its version; this driver speaks for it.
    pymysql.version_info = (2, 2, 7, "final", 0)
    pymysql.install_as_MySQLdb()
database = {"ENGINE": f"django.db.backends.{engine}", "NAME": name}
database.update(zip(["HOST", "PORT", "USER"], server))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
# The migrations of the shop are written anew each time, beside no source.
scratch = tempfile.TemporaryDirectory()
os.mkdir(os.path.join(scratch.name, "shop_migrations"))
open(os.path.join(scratch.name, "shop_migrations", "__init__.py"), "w").close()
sys.path.insert(0, scratch.name)
settings.configure(
    DATABASES={"default": database},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "shop",
    ],
    MIGRATION_MODULES={"shop": "shop_migrations"},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    SECRET_KEY="only for this database",
)
django.setup()

from django.contrib.auth.models import Group, Permission, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from shop.models import Author, Book, Tag  # noqa: E402

call_command("makemigrations", "shop", verbosity=0)
call_command("migrate", verbosity=0)
ada = User.objects.create_superuser("ada", "ada@example.org", "analytical engine", first_name="Ada")
grace = User.objects.create_user("grace", "grace@example.org", "nanoseconds", is_staff=True)
User.objects.create_user("eve", "eve@example.org", "listening in", is_active=False, is_staff=True)
editors = Group.objects.create(name="editors")
editors.permissions.add(Permission.objects.get(codename="change_book"), Permission.objects.get(codename="view_book"))
grace.groups.add(editors)
grace.user_permissions.add(Permission.objects.get(codename="add_tag"))
ursula = Author.objects.create(name="Ursula K. Le Guin", born="1929-10-21")
italo = Author.objects.create(name="Italo Calvino")
tags = [Tag.objects.create(word=word) for word in ("utopia", "city")]
left = Book.objects.create(
    title="The Left Hand of Darkness", author=ursula, price="12.50", pages=304, published="1969-03-01", owner=ada,
    facts={"moons": 0},
)
cities = Book.objects.create(title="Invisible Cities", author=italo, price="7.00", pages=165, in_stock=False)
left.tags.add(tags[0])
cities.tags.add(*tags)
print(django.get_version())
