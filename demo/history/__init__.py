"""History of a district: months of trade and tests, written by COPY as the services would have written them.

    plan.py        what a day holds: how many declarations, sales, tests, by season and weekday
    stage.py       who trades and tests, read once
    writers.py     one writer a table: rows are dicts of columns, sent by COPY
    goods.py       declarations, batches and their papers; suppliers.py whom they come from
    trade.py       sales, vouchers, intakes
    laboratory.py  samples, rapid tests
    cases.py       a positive's life, from the strip to the closed case
    history.py     day after day, sealed as it goes

A part of the platform that wants a history of its own adds a maker beside these and a line in `history.Days`. What a
maker writes is compared with what the services write by tests/demo/test_history.py.
"""
