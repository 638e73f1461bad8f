"""Pages of units, bodies, people, regulations and the log."""

from django.urls import path

from jizhi.office.web import log, people, regulations, units

urlpatterns = [
    path("units/", units.tree, name="unit_list"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/children/", units.children, name="unit_children"),
    path("bodies/<int:pk>/", units.body, name="body"),
    path("people/", people.listing, name="person_list"),
    path("people/<int:pk>/", people.person, name="person"),
    path("regulations/", regulations.listing, name="regulation_list"),
    path("regulations/<int:pk>/", regulations.edition, name="regulation_edition"),
    path("regulations/<int:pk>/standards/<str:name>/", regulations.standard, name="standard"),
    path("log/", log.listing, name="log"),
]
