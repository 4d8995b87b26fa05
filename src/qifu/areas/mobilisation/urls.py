"""Notices and duties."""

app_name = "mobilisation"
urlpatterns: list = []
