from .pay import Assessment, Commission, CommissionEntry, Payslip, Settlement, WorkPolicy
from .people import Conflict, Coordinator, Course, ExamResult, Grid, GridMember, GridPlace, Team
from .reviews import Appeal, Flag, Review
from .tasks import AssignmentRefusal, Budget, Campaign, Claim, GrabAttempt, Task, TaskKind
from .templates import Checklist, ChecklistItem
from .visits import CheckIn, Clue, Draft, Finding, FindingReply, Submission, SubmissionComplete, VisitPhoto

__all__ = [
    "Appeal",
    "Assessment",
    "AssignmentRefusal",
    "Budget",
    "Campaign",
    "CheckIn",
    "Checklist",
    "ChecklistItem",
    "Claim",
    "Clue",
    "Commission",
    "CommissionEntry",
    "Conflict",
    "Coordinator",
    "Course",
    "Draft",
    "ExamResult",
    "Finding",
    "FindingReply",
    "Flag",
    "GrabAttempt",
    "Grid",
    "GridMember",
    "GridPlace",
    "Payslip",
    "Review",
    "Settlement",
    "Submission",
    "SubmissionComplete",
    "Task",
    "TaskKind",
    "Team",
    "VisitPhoto",
    "WorkPolicy",
]
