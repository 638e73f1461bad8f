"""The public site under /p/, and what officials do with it."""

from django.urls import path

from jizhi.disclosure.web import inside, public, writing

urlpatterns = [
    path("p/", public.home, name="public_home"),
    path("p/at/<slug:code>/", public.place, name="public_place"),
    path("p/at/<slug:code>/form.pdf", public.tip_form, name="public_tip_form"),
    path("p/at/<slug:code>/apply/", public.applying, name="public_applying"),
    path("p/at/<slug:code>/apply/<str:regulation>/<str:procedure>/form.pdf", public.application_form, name="public_application_form"),
    path("p/at/<slug:code>/tip/", writing.tip_new, name="public_tip_new"),
    path("p/n/<slug:public_id>/", public.notice, name="public_notice"),
    path("p/n/<slug:public_id>/content.json", public.content, name="public_content"),
    path("p/n/<slug:public_id>/notice.pdf", public.printed, name="public_print"),
    path("p/n/<slug:public_id>/form.pdf", public.objection_form, name="public_objection_form"),
    path("p/n/<slug:public_id>/proof/", public.proof, name="public_proof"),
    path("p/n/<slug:public_id>/object/", writing.object_to, name="public_object"),
    path("p/o/<slug:public_id>/", writing.objection, name="public_objection"),
    path("p/r/<slug:public_id>/", public.receipt, name="public_receipt"),
    path("p/t/<slug:public_id>/", writing.tip, name="public_tip"),
    path("p/t/<slug:public_id>/forget/", writing.tip_forget, name="public_tip_forget"),
    path("p/verify/", public.verifying, name="public_verifying"),
    path("robots.txt", public.robots, name="robots"),
    path("sitemap.xml", public.sitemap, name="sitemap"),
    path("disclosure/", inside.publications, name="publications"),
    path("disclosure/<int:pk>/", inside.publication, name="publication"),
    path("disclosure/<int:pk>/withdraw/", inside.withdraw, name="publication_withdraw"),
    path("disclosure/<int:pk>/objection/", inside.objection_enter, name="objection_enter"),
    path("disclosure/tips/", inside.tips, name="tips"),
    path("disclosure/tips/new/", inside.tip_enter, name="tip_enter"),
    path("disclosure/tips/<int:pk>/", inside.tip, name="tip"),
    path("disclosure/tips/<int:pk>/forget/", inside.contact_forget, name="contact_forget"),
    path("disclosure/desk/", inside.desk, name="desk"),
]
