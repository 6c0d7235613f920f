"""Who signs in to the demonstration: one account for each role, all with the same password.

For machines of one's own only: the room is installed neither in production nor anywhere it can be reached from outside.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.registry.roles import Role

from .tables import entities, suppliers

PASSWORD = "Convenio-Marco-26"
AGREEMENT_CODE = "CM-DEMO"
ENTITY_RUC = entities()[0].ruc
SUPPLIER_RUC = suppliers()[0].ruc  # for whom `run.sh --catalogue` loads; holds every lot of CM-DEMO
SECOND_SUPPLIER_RUC = suppliers()[1].ruc
DOMAIN = "demo.compras.example"


@dataclass(frozen=True)
class Account:
    """A person. `organisation`: the RUC of an entity or a supplier; empty for the catalogue authority."""

    mailbox: str
    first_name: str
    last_name: str
    roles: tuple[Role, ...]
    organisation: str = ""
    unit: str = ""

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


ACCOUNTS = (
    Account("solicitante", "Carmita", "Salinas Ordóñez", (Role.REQUESTER,), ENTITY_RUC, "Farmacia"),
    Account("solicitante2", "Stalin", "Cueva Ramón", (Role.REQUESTER,), ENTITY_RUC, "Bodega general"),
    Account("aprobador", "Julio", "Peralta Vivanco", (Role.APPROVER,), ENTITY_RUC),
    Account("aprobador2", "Verónica", "Armijos Tandazo", (Role.APPROVER,), ENTITY_RUC),
    Account("presupuesto", "Nelly", "Guerrero Paz", (Role.BUDGET_OFFICER,), ENTITY_RUC),
    Account("receptor", "Manuel", "Sarango Quizhpe", (Role.RECEIVER,), ENTITY_RUC, "Bodega general"),
    Account("financiero", "Diana", "Valdivieso Luna", (Role.FINANCE_OFFICER,), ENTITY_RUC),
    Account("administrador.orden", "Pablo", "Ojeda Riofrío", (Role.ORDER_ADMINISTRATOR,), ENTITY_RUC),
    Account("administrador.entidad", "Marcia", "Jaramillo Celi", (Role.ENTITY_ADMINISTRATOR,), ENTITY_RUC),
    Account("dos.roles", "Iván", "Torres Benítez", (Role.REQUESTER, Role.APPROVER), ENTITY_RUC, "Emergencia"),
    Account("proveedor", "Gabriela", "Espín Játiva", (Role.SUPPLIER_MANAGER,), SUPPLIER_RUC),
    Account("proveedor2", "Ramón", "Loaiza Cabrera", (Role.SUPPLIER_MANAGER,), SECOND_SUPPLIER_RUC),
    Account("catalogo", "Elsa", "Mantilla Robalino", (Role.CATALOGUE_OFFICER,)),
    Account("editor", "Andrés", "Yépez Narváez", (Role.EDITOR,)),
    Account("legal", "Beatriz", "Cárdenas Moreira", (Role.LEGAL_REVIEWER,)),
    Account("auditor", "Hugo", "Ramírez Sosa", (Role.AUDITOR,)),
    Account("administrador", "Sonia", "Paredes Tello", (Role.ADMINISTRATOR,)),
)


@dataclass(frozen=True)
class SignIn:
    """A line for whoever has just started the demonstration."""

    email: str
    password: str
    roles: str
    organisation: str


def sign_ins() -> Iterator[SignIn]:
    """The accounts in the language that is active, as `deploy/run.sh` prints them."""
    names = {row.ruc: row.name for row in (*entities(), *suppliers())}
    for account in ACCOUNTS:
        roles = ", ".join(str(role.label) for role in account.roles)
        yield SignIn(account.email, PASSWORD, roles, names.get(account.organisation, ""))


def administrators() -> Iterator[Account]:
    """Who looks after people and budget in the entities beside the demonstration's own."""
    for number, row in enumerate(entities()[1:], start=2):
        first_name, _, last_name = row.person.rpartition(" ")
        roles = (Role.ENTITY_ADMINISTRATOR, Role.BUDGET_OFFICER)
        yield Account(f"entidad{number:02d}", first_name, last_name, roles, row.ruc)
