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
