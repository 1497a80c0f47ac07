"""Every state and every legal move of field work."""

from kit.transitions import States

# Task 任务: published into the pool, taken, on site, submitted; accepted, returned to the same person (twice at most),
# or rejected back into the pool. Work that comes late, while nobody else holds the task, takes it up again (on_site).
TASK = States(
    "task",
    draft={"open", "cancelled"},
    open={"claimed", "on_site", "cancelled", "expired"},
    claimed={"on_site", "submitted", "open", "cancelled", "expired"},
    on_site={"submitted", "open", "cancelled", "expired"},
    submitted={"accepted", "returned", "rejected", "open"},
    returned={"submitted", "open", "rejected", "cancelled", "expired"},
    accepted={"rejected"},
    rejected={"accepted"},
    cancelled=set(),
    expired={"on_site"},
)

# Campaign 专项行动.
CAMPAIGN = States("campaign", running={"ended"}, ended=set())

# Finding 整改建议.
FINDING = States(
    "finding",
    open={"replied", "closed", "escalated", "withdrawn"},
    replied={"open", "closed", "escalated"},
    escalated={"closed"},
    closed=set(),
    withdrawn=set(),
)

# Appeal 申诉.
APPEAL = States("appeal", open={"granted", "dismissed"}, granted=set(), dismissed=set())

# Checklist 检查表.
CHECKLIST = States("checklist", draft={"published"}, published={"retired"}, retired=set())

# Commission 佣金.
COMMISSION = States(
    "commission",
    frozen={"confirmed", "clawed_back"},
    confirmed={"in_batch", "clawed_back", "frozen"},
    in_batch={"paid", "confirmed"},
    paid={"clawed_back"},
    clawed_back=set(),
)

# Settlement 结算.
SETTLEMENT = States("settlement", draft={"confirmed"}, confirmed={"approved", "draft"}, approved={"paid"}, paid=set())

# Coordinator 协管人员.
COORDINATOR = States("coordinator", active={"paused", "left"}, paused={"active", "left"}, left=set())
