"""Addresses of this room."""

from django.urls import path

from jizhi.appraisal.web import campaigns, past, pay, scores, tasks, units

urlpatterns = [
    path("appraisal/", campaigns.listing, name="appraisal_list"),
    path("appraisal/begin/", campaigns.begin, name="appraisal_begin"),
    path("appraisal/<int:pk>/", campaigns.campaign, name="appraisal"),
    path("appraisal/<int:pk>/scores/", scores.scores, name="appraisal_scores"),
    path("appraisal/<int:pk>/poll/", campaigns.poll, name="appraisal_poll"),
    path("appraisal/<int:pk>/settled/", campaigns.settled, name="appraisal_settled"),
    path("appraisal/<int:pk>/preview/", campaigns.preview, name="appraisal_preview"),
    path("appraisal/<int:pk>/past/", past.past, name="appraisal_past"),
    path("appraisal/<int:pk>/tasks/", tasks.listing, name="own_tasks_list"),
    path("appraisal/<int:pk>/tasks/import/", tasks.hand_in, name="own_tasks_import"),
    path("appraisal/<int:pk>/tasks/import/preview/", tasks.look, name="own_tasks_preview"),
    path("appraisal/<int:pk>/tasks/import/errors/", tasks.errors, name="own_tasks_errors"),
    path("appraisal/<int:pk>/tasks/import/template/", tasks.template, name="own_tasks_template"),
    path("appraisal/<int:pk>/tasks/<int:unit>/", tasks.table, name="own_tasks"),
    path("appraisal/tasks/<int:pk>/agree/", tasks.agree, name="own_tasks_agree"),
    path("appraisal/rows/<int:pk>/", tasks.achievement, name="own_task_done"),
    path("appraisal/units/<int:pk>/", units.unit, name="appraised_unit"),
    path("appraisal/units/<int:pk>/mark/", units.mark, name="appraisal_mark"),
    path("appraisal/units/<int:pk>/veto/", units.veto, name="appraisal_veto"),
    path("appraisal/vetoes/<int:pk>/answer/", units.answer, name="veto_answer"),
    path("appraisal/vetoes/<int:pk>/withdraw/", units.withdraw, name="veto_withdraw"),
    path("appraisal/vetoes/<int:pk>/lower/", units.lower, name="veto_lower"),
    path("appraisal/units/<int:pk>/pay/", pay.pay, name="appraisal_pay"),
    path("appraisal/units/<int:pk>/pay/publish/", pay.publish, name="appraisal_pay_publish"),
]
