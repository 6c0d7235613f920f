from django.urls import path

from .views import approvals, policy
from .views import requisitions as views

urlpatterns = [
    path("compras/requisiciones/", views.RequisitionsView.as_view(), name="requisitions"),
    path("compras/requisiciones/crear/", views.RequisitionCreateView.as_view(), name="requisition-create"),
    path("compras/requisiciones/<str:number>/", views.RequisitionView.as_view(), name="requisition"),
    path("compras/requisiciones/<str:number>/corregir/", views.RequisitionCorrectView.as_view(), name="requisition-correct"),
    path("compras/requisiciones/<str:number>/desistir/", views.RequisitionWithdrawView.as_view(), name="requisition-withdraw"),
    path("compras/aprobaciones/", approvals.ApprovalsView.as_view(), name="approvals"),
    path("compras/aprobaciones/<str:number>/", approvals.ApprovalView.as_view(), name="approval"),
    path("compras/ruta-de-aprobacion/", policy.RulesView.as_view(), name="rules"),
    path("compras/ruta-de-aprobacion/crear/", policy.RuleCreateView.as_view(), name="rule-create"),
    path("compras/ruta-de-aprobacion/<uuid:id_public>/terminar/", policy.RuleEndView.as_view(), name="rule-end"),
    path("compras/presupuesto/", views.CertificatesView.as_view(), name="certificates"),
    path("compras/presupuesto/crear/", views.CertificateCreateView.as_view(), name="certificate-create"),
]
