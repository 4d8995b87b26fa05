"""The leader's page under /wall/, bulletins under /bulletins/."""

from django.urls import path

from .views import bulletins, wall

app_name = "insight"
urlpatterns = [
    path("wall/", wall.wall, name="wall"),
    path("wall/call", wall.call, name="call"),
    path("bulletins/", bulletins.listed, name="bulletins"),
    path("bulletins/draft", bulletins.draft, name="draft"),
    path("bulletins/notices", bulletins.notices, name="notices"),
    path("bulletins/<uuid:id>/", bulletins.one, name="bulletin"),
    path("bulletins/<uuid:id>/edit", bulletins.edit, name="edit"),
    path("bulletins/<uuid:id>/text", bulletins.text, name="text"),
    path("bulletins/<uuid:id>/paper/<slug:form>", bulletins.paper, name="paper"),
    path("bulletins/<uuid:id>/<slug:verb>", bulletins.act, name="act"),
]
