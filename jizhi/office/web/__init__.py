"""Pages of units, bodies, people, regulations and the log."""

from django.urls import path

from jizhi.office.web import acts, imports, log, people, pilots, regulations, units

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
    path("units/new/", acts.unit_new, name="unit_new"),
    path("units/<int:pk>/bodies/new/", acts.body_new, name="body_new"),
    path("bodies/<int:pk>/end/", acts.body_end, name="body_end"),
    path("bodies/<int:pk>/seats/new/", acts.seat_new, name="seat_new"),
    path("seats/<int:pk>/end/", acts.seat_end, name="seat_end"),
    path("people/new/", acts.person_new, name="person_new"),
    path("people/<int:pk>/edit/", acts.person_edit, name="person_edit"),
    path("people/<int:pk>/left/", acts.person_left, name="person_left"),
    path("people/<int:pk>/account/", acts.account, name="account"),
    path("posts/new/", acts.post_new, name="post_new"),
    path("posts/<int:pk>/end/", acts.post_end, name="post_end"),
    path("regulations/new/", acts.edition_new, name="edition_new"),
    path("regulations/<int:pk>/adopt/", acts.edition_adopt, name="edition_adopt"),
    path("regulations/<int:pk>/pilot/", pilots.new, name="pilot_new"),
    path("pilots/", pilots.listing, name="pilot_list"),
    path("pilots/<int:pk>/", pilots.pilot, name="pilot"),
    path("pilots/<int:pk>/review/", pilots.review, name="pilot_review"),
    path("pilots/<int:pk>/decide/", pilots.decide, name="pilot_decide"),
    path("import/standard/", imports.standard, name="standard_import"),
    path("import/<str:kind>/", imports.hand_in, name="import"),
    path("import/<str:kind>/preview/", imports.look, name="import_preview"),
    path("import/<str:kind>/errors.xlsx", imports.errors, name="import_errors"),
    path("import/<str:kind>/template.xlsx", imports.template, name="import_template"),
    path("log/", log.listing, name="log"),
]
