from .certificate import BudgetCertificate
from .policy import ApprovalRule, Who
from .requisition import Requisition, RequisitionLine
from .route import RouteStep

__all__ = ["ApprovalRule", "BudgetCertificate", "Requisition", "RequisitionLine", "RouteStep", "Who"]
