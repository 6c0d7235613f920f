from marketplace.kernel.screens.looks import Look, show

from .models import ImportRun, Proposal

show(
    ImportRun.Status,
    uploaded=Look("info", "hourglass-split"),
    columns=Look("warn", "layout-three-columns"),
    reading=Look("info", "hourglass-split"),
    preview=Look("warn", "eyedropper"),
    applying=Look("info", "hourglass-split"),
    applied=Look("ok", "check-circle"),
    failed=Look("bad", "x-octagon"),
    discarded=Look("still", "archive"),
    undoing=Look("info", "hourglass-split"),
    undone=Look("still", "archive"),
)
show(
    Proposal.Status,
    open=Look("plum", "hourglass-split"),
    accepted=Look("ok", "check-circle"),
    rejected=Look("bad", "x-circle"),
    superseded=Look("still", "archive"),
    withdrawn=Look("still", "archive"),
    corrected=Look("still", "pencil-square"),
)
