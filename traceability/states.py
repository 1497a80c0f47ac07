"""Every state and every legal move of goods and their papers."""

from kit.transitions import States

# Entry declaration 入场申报: the market's clerk admits it, returns it with a reason, or rejects it.
DECLARATION = States(
    "declaration",
    submitted={"admitted", "returned", "rejected", "withdrawn"},
    returned={"submitted", "withdrawn"},
    admitted=set(),
    rejected=set(),
    withdrawn=set(),
)

# Batch 批次: small on purpose. Saleable = admitted and no open hold; sold out is derived from kilos,
# expired from time; a hold is a row of its own.
BATCH = States(
    "batch",
    pending_test={"admitted", "void"},
    admitted={"void"},
    void=set(),
)

# Sales voucher 销售凭证: voiding stays visible.
VOUCHER = States("voucher", issued={"void"}, void=set())

# Intake 进货登记: a mistake is corrected by a reversal that stays visible.
INTAKE = States("intake", valid={"reversed"}, reversed=set())

# Positive 阳性处置: told within minutes; accepted, objected to within four hours, or lapsed; an objection goes to a
# laboratory; goods are disposed of, the regulator told, the stall sampled again, and the case closed.
CASE = States(
    "positive case",
    detected={"notified", "closed"},
    notified={"accepted", "objected", "lapsed", "closed"},
    accepted={"disposed"},
    objected={"sealed"},
    lapsed={"accepted", "sealed", "disposed", "closed"},
    sealed={"lab_pass", "lab_fail"},
    lab_pass={"closed"},
    lab_fail={"disposed"},
    disposed={"reported"},
    reported={"resampled"},
    resampled={"closed"},
    closed=set(),
)

# Recall 召回 and the notice each holder gets; a recall is not closed while a notice is open.
RECALL = States("recall", open={"closed", "cancelled"}, closed=set(), cancelled=set())
RECALL_NOTICE = States("recall notice", sent={"acknowledged"}, acknowledged=set())

# Blind sample 盲样.
BLIND_SAMPLE = States("blind sample", planned={"sent", "void"}, sent={"answered", "void"}, answered=set(), void=set())

# Test point 快检点: closing is for good; another one may be opened at the same place.
TEST_POINT = States("test point", active={"closed"}, closed=set())

# Test kit 试剂盒.
TEST_KIT = States("test kit", in_use={"used_up", "discarded"}, used_up=set(), discarded=set())
