from django.urls import path

from .views import columns, imports, mappings, offers, proposals

RUN = "proveedor/importar/<uuid:id_public>/"
PROPOSAL = "panel/propuestas/<uuid:id_public>/"
MAP = "panel/convenios/<slug:code>/categorias/"

urlpatterns = [
    path("proveedor/ofertas/crear/", offers.OfferCreateView.as_view(), name="offer-create"),
    path("proveedor/importar/", imports.RunsView.as_view(), name="runs"),
    path("proveedor/importar/crear/", imports.RunCreateView.as_view(), name="run-create"),
    path("proveedor/importar/plantilla.csv", imports.TemplateView.as_view(), name="template"),
    path("proveedor/importar/plantilla/<slug:code>/", imports.TemplateWorkbookView.as_view(), name="template-workbook"),
    path("proveedor/importar/lista/<slug:code>/", imports.PriceListView.as_view(), name="price-list"),
    path(RUN, imports.RunView.as_view(), name="run"),
    path(RUN + "columnas/", columns.RunColumnsView.as_view(), name="run-columns"),
    path(RUN + "detener/", imports.RunStopView.as_view(), name="run-stop"),
    path(RUN + "errores/", imports.RunErrorsView.as_view(), name="run-errors"),
    path(RUN + "aplicar/", imports.RunConfirmView.as_view(), name="run-confirm"),
    path(RUN + "descartar/", imports.RunDiscardView.as_view(), name="run-discard"),
    path(RUN + "deshacer/", imports.RunUndoView.as_view(), name="run-undo"),
    path("panel/propuestas/", proposals.ProposalsView.as_view(), name="proposals"),
    path("panel/propuestas/lote/<uuid:id_public>/aceptar/", proposals.RunAcceptView.as_view(), name="run-accept"),
    path(PROPOSAL, proposals.ProposalView.as_view(), name="proposal"),
    path(PROPOSAL + "corregir/", proposals.ProposalCorrectView.as_view(), name="proposal-correct"),
    path(PROPOSAL + "rechazar/", proposals.ProposalRejectView.as_view(), name="proposal-reject"),
    path("panel/categorias/", mappings.MapsView.as_view(), name="maps"),
    path(MAP, mappings.MapView.as_view(), name="map"),
    path(MAP + "crear/", mappings.MappingCreateView.as_view(), name="mapping-create"),
    path(MAP + "<slug:category>/editar/", mappings.MappingEditView.as_view(), name="mapping-edit"),
]
