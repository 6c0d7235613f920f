from django.urls import path

from .views import account, delegations, organisations, team

urlpatterns = [
    path("cuenta/", account.AccountView.as_view(), name="account"),
    path("cuenta/inicio/", account.StartView.as_view(), name="start"),
    path("cuenta/rol/", account.RoleView.as_view(), name="role"),
    path("cuenta/delegaciones/", delegations.DelegationsView.as_view(), name="delegations"),
    path("cuenta/delegaciones/crear/", delegations.DelegationCreateView.as_view(), name="delegation-create"),
    path("cuenta/delegaciones/<uuid:id_public>/terminar/", delegations.DelegationEndView.as_view(), name="delegation-end"),
    path("cuenta/invitacion/", account.InvitationDoorView.as_view(), name="invitation-door"),
    path("cuenta/invitacion/<str:code>/", account.InvitationAcceptView.as_view(), name="invitation-accept"),
    path("cuenta/equipo/", team.TeamView.as_view(), name="team"),
    path("cuenta/equipo/invitar/", team.TeamInviteView.as_view(), name="team-invite"),
    path("cuenta/equipo/<uuid:id_public>/terminar/", team.MembershipEndView.as_view(), name="membership-end"),
    path(
        "cuenta/equipo/invitaciones/<uuid:id_public>/retirar/",
        team.InvitationWithdrawView.as_view(),
        name="invitation-withdraw",
    ),
    path("panel/proveedores/", organisations.SuppliersView.as_view(), name="suppliers"),
    path("panel/proveedores/crear/", organisations.SupplierCreateView.as_view(), name="supplier-create"),
    path("panel/proveedores/<str:ruc>/", organisations.SupplierView.as_view(), name="supplier"),
    path("panel/proveedores/<str:ruc>/invitar/", organisations.SupplierInviteView.as_view(), name="supplier-invite"),
    path("panel/proveedores/<str:ruc>/suspender/", organisations.SupplierSuspendView.as_view(), name="supplier-suspend"),
    path("panel/proveedores/<str:ruc>/reanudar/", organisations.SupplierResumeView.as_view(), name="supplier-resume"),
    path("panel/entidades/", organisations.EntitiesView.as_view(), name="entities"),
    path("panel/entidades/crear/", organisations.EntityCreateView.as_view(), name="entity-create"),
    path("panel/entidades/<str:ruc>/", organisations.EntityView.as_view(), name="entity"),
    path("panel/entidades/<str:ruc>/invitar/", organisations.EntityInviteView.as_view(), name="entity-invite"),
]
