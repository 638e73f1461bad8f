"""Pages of inspection: tasks, records, the register, the chart of methods; with those of ranking and briefs."""

from django.urls import path

from jizhi.supervision.brief import web as brief
from jizhi.supervision.plan import web as plan
from jizhi.supervision.ranking import web as ranking
from jizhi.supervision.web import chart, records, register, tasks, write

urlpatterns = [
    path("supervision/tasks/", tasks.listing, name="task_list"),
    path("supervision/tasks/new/", tasks.new, name="task_new"),
    path("supervision/tasks/<int:pk>/", tasks.task, name="task"),
    path("supervision/records/", records.listing, name="record_list"),
    path("supervision/records/new/", write.new, name="record_new"),
    path("supervision/records/about-me/", records.about_me, name="records_about_me"),
    path("supervision/records/<int:pk>/", records.record, name="record"),
    path("supervision/records/<int:pk>/answer/", records.answer, name="record_answer"),
    path("supervision/records/<int:pk>/evidence/", records.evidence, name="record_evidence"),
    path("supervision/register/", register.listing, name="register"),
    path("supervision/register.xlsx", register.export, name="register_export"),
    path("supervision/methods/", chart.methods, name="methods"),
    *plan.urlpatterns,
    *brief.urlpatterns,
    *ranking.urlpatterns,
]
