"""What an import comes to, for programs: the counts, and why each row that is refused or stays proposed is so."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .deciding import Decided
from .models import ImportRun, Proposal


@dataclass(frozen=True)
class Report:
    """`decided`: what the officer's acceptance came to, where there was one: what it accepted counts as added."""

    run: ImportRun
    decided: Decided = field(default_factory=Decided)

    @property
    def counts(self) -> dict[str, int]:
        accepted = self.decided.accepted
        return {
            "rows": self.run.rows,
            "added": self.run.added + accepted,
            "changed": self.run.changed,
            "unchanged": self.run.unchanged,
            "proposed": self.run.proposed - accepted,
            "refused": self.run.refused,
        }

    @property
    def is_complete(self) -> bool:
        """Whether no row stays refused or proposed."""
        return not self.counts["refused"] and not self.counts["proposed"]

    def as_dict(self) -> dict[str, Any]:
        issues = [*self._refused(), *self._kept()]
        return self.counts | {"issues": sorted(issues, key=lambda issue: issue["line"])}

    def _refused(self) -> Iterator[dict[str, Any]]:
        for issue in self.run.issues.all():
            yield _issue(issue.line, issue.column, issue.value, issue.code, issue.message)

    def _kept(self) -> Iterator[dict[str, Any]]:
        """Proposals that the officer could not accept."""
        for proposal in Proposal.objects.filter(pk__in=self.decided.kept):
            for broken in self.decided.kept[proposal.pk]:
                yield _issue(proposal.line, broken.field or "", "", broken.code, broken.sentence)


def _issue(line: int, column: str, value: str, code: str, message: str) -> dict[str, Any]:
    return {"line": line, "column": column, "value": value, "code": code, "message": message}
