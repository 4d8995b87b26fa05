"""Tables of places: public reference data, written by the owner from the packs and only read by the application."""

from django.db import models


class Place(models.Model):
    """One place for as long as it is the same place: a town that becomes a subdistrict keeps its id.

    `kind` and `code` are those of the latest version; what held on an earlier day stands in the versions.
    """

    class Kind(models.TextChoices):
        """Rungs of the tree, and the two kinds that overlap it."""

        PROVINCE = "province", "省"
        CITY = "city", "市"
        DISTRICT = "district", "县(市、区)"
        TOWN = "town", "镇(乡)"
        SUBDISTRICT = "subdistrict", "街道"
        VILLAGE = "village", "村(社区)"
        GRID = "grid", "网格"
        ZONE = "zone", "开发区"
        PARK = "park", "园区"

    id = models.IntegerField(primary_key=True)
    kind = models.TextField(choices=Kind.choices)
    code = models.TextField(blank=True)


class PlaceVersion(models.Model):
    """What a place was called, and under whom it stood, for a time.

    `since` and `until` say only what is known (null: open, or date unknown); `holds_from` and `holds_until` are the
    days on which a question "as of" switches: the known date, else the first snapshot that shows the change.
    `until` and `holds_until` are exclusive.
    """

    id = models.IntegerField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="versions")
    number = models.SmallIntegerField()
    code = models.TextField(blank=True)
    name = models.TextField()
    kind = models.TextField(choices=Place.Kind.choices)
    parent = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    holds_from = models.DateField(null=True)
    holds_until = models.DateField(null=True)
    change_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="place_version_number"),
            models.CheckConstraint(
                condition=models.Q(holds_from__isnull=True)
                | models.Q(holds_until__isnull=True)
                | models.Q(holds_from__lt=models.F("holds_until")),
                name="place_version_holds_forward",
            ),
        ]


class PlaceTie(models.Model):
    """What the tree cannot say: a zone covers or overlaps towns; a place follows one that ended."""

    class Kind(models.TextChoices):
        """`place` … `other`."""

        COVERS = "covers", "全部包含"
        OVERLAPS = "overlaps", "部分重叠"
        FOLLOWS = "follows", "承接"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="ties")
    other = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "other", "kind"], name="place_tie_once")]


class Edition(models.Model):
    """Which file of places is loaded; the sum of `number` tells a process that its cache is old."""

    pack = models.TextField(primary_key=True)
    sha256 = models.TextField()
    number = models.IntegerField(default=1)
