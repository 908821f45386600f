"""What organisations owe, when, and whether it is done: (rule, organisation, period) → done, late, waived.

Read it through `owing`: `of(organisation, on=day)`, `overdue(organisation, on=day)`, `in_period(...)`.
"""
