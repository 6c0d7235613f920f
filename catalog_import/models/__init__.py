from .layout import SavedLayout
from .mapping import CategoryMapping
from .outcome import Outcome
from .proposal import Proposal, ProposalDecision
from .run import ImportRun
from .staging import RowIssue, StagedRow

__all__ = ["CategoryMapping", "ImportRun", "Outcome", "Proposal", "ProposalDecision", "RowIssue", "SavedLayout", "StagedRow"]
