"""A shop as somebody would write it with Django; the models beside it in Rust are read from its tables."""

from django.conf import settings
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=120, unique=True)
    born = models.DateField(null=True)


class Tag(models.Model):
    word = models.CharField(max_length=40)


class Book(models.Model):
    title = models.CharField(max_length=200, db_index=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    pages = models.IntegerField()
    in_stock = models.BooleanField(default=True)
    published = models.DateField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    notes = models.TextField(default="")
    facts = models.JSONField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    tags = models.ManyToManyField(Tag)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title", "author"], name="one_title"),
            models.CheckConstraint(condition=models.Q(pages__gt=0), name="has_pages"),
        ]
        indexes = [models.Index(fields=["published", "pages"], name="by_day")]
