"""Addresses of this room."""

from django.urls import path

from jizhi.polling.web import ballot, make, run, symposium, tablet

urlpatterns = [
    path("polling/", make.poll_list, name="poll_list"),
    path("polling/new/", make.poll_new, name="poll_new"),
    path("surveys/", make.survey_list, name="survey_list"),
    path("surveys/new/", make.survey_new, name="survey_new"),
    path("polling/<int:pk>/", run.poll, name="poll"),
    path("polling/<int:pk>/edit/", make.poll_edit, name="poll_edit"),
    path("polling/<int:pk>/open/", make.poll_open, name="poll_open"),
    path("polling/<int:pk>/drop/", make.poll_drop, name="poll_drop"),
    path("polling/<int:pk>/roll/", run.roll, name="poll_roll"),
    path("polling/<int:pk>/roll/back/", run.back, name="poll_back"),
    path("polling/<int:pk>/roll/import/", make.roll_import, name="roll_import"),
    path("polling/<int:pk>/roll/change/", make.roll_change, name="roll_change"),
    path("polling/<int:pk>/slips/", run.slips, name="poll_slips"),
    path("polling/<int:pk>/tally/", run.tally, name="poll_tally"),
    path("polling/<int:pk>/paper/", run.paper, name="poll_paper"),
    path("polling/<int:pk>/form/", run.form, name="poll_form"),
    path("polling/<int:pk>/answers/", run.answers, name="poll_answers"),
    path("polling/<int:pk>/tablet/", tablet.start, name="poll_tablet"),
    path("polling/<int:pk>/close/", run.close, name="poll_close"),
    path("polling/<int:pk>/export/", run.export, name="poll_export"),
    path("tablet/", tablet.tablet, name="tablet"),
    path("b/", ballot.by_hand, name="ballot_code"),
    path("b/done/", ballot.done, name="ballot_done"),
    path("b/named/", ballot.done, {"named": True}, name="named_done"),
    path("b/<slug:code>/", ballot.ballot, name="ballot"),
    path("w/<slug:wall>/", ballot.wall, name="survey_wall"),
    path("symposia/", symposium.listing, name="symposium_list"),
    path("symposia/new/", symposium.new, name="symposium_new"),
    path("symposia/<int:pk>/", symposium.symposium, name="symposium"),
    path("symposia/<int:pk>/opinions/<int:opinion>/", symposium.answer, name="opinion_answer"),
    path("symposia/<int:pk>/scan/", symposium.scan, name="symposium_scan"),
]
