from django.urls import path

from . import views

AGREEMENT = "panel/convenios/<slug:code>/"
LOT = AGREEMENT + "lotes/<int:number>/"
ADJUDICATION = "panel/adjudicaciones/<uuid:id_public>/"

urlpatterns = [
    path("convenios/", views.AgreementsPublicView.as_view(), name="agreements"),
    path("convenios/<slug:code>/", views.AgreementPublicView.as_view(), name="agreement"),
    path("panel/convenios/", views.AgreementsView.as_view(), name="agreements-panel"),
    path("panel/convenios/crear/", views.AgreementCreateView.as_view(), name="agreement-create"),
    path(AGREEMENT, views.AgreementPanelView.as_view(), name="agreement-panel"),
    path(AGREEMENT + "editar/", views.AgreementEditView.as_view(), name="agreement-edit"),
    path(AGREEMENT + "publicar/", views.AgreementPublishView.as_view(), name="agreement-publish"),
    path(AGREEMENT + "cerrar/", views.AgreementCloseView.as_view(), name="agreement-close"),
    path(AGREEMENT + "causas/crear/", views.CauseAddView.as_view(), name="cause-add"),
    path(AGREEMENT + "lotes/crear/", views.LotCreateView.as_view(), name="lot-create"),
    path(LOT + "editar/", views.LotEditView.as_view(), name="lot-edit"),
    path(LOT + "suspender/", views.LotSuspendView.as_view(), name="lot-suspend"),
    path(LOT + "reanudar/", views.LotResumeView.as_view(), name="lot-resume"),
    path(LOT + "adjudicar/", views.AdjudicationCreateView.as_view(), name="adjudication-create"),
    path(ADJUDICATION, views.AdjudicationView.as_view(), name="adjudication"),
    path(ADJUDICATION + "editar/", views.AdjudicationEditView.as_view(), name="adjudication-edit"),
    path(ADJUDICATION + "suspender/", views.AdjudicationSuspendView.as_view(), name="adjudication-suspend"),
    path(ADJUDICATION + "reanudar/", views.AdjudicationResumeView.as_view(), name="adjudication-resume"),
    path(ADJUDICATION + "items/crear/", views.ItemCreateView.as_view(), name="item-create"),
    path(ADJUDICATION + "items/<str:product_code>/editar/", views.ItemEditView.as_view(), name="item-edit"),
]
