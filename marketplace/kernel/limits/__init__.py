"""Things of which there is only so much: stock, ceilings, budgets. One statement takes from all of them, or from none.

from marketplace.kernel.limits.services import Taking, give_back, take

take([Taking(lot.ceiling_id, gross, order), *(Taking(line.stock_id, line.quantity, order) for line in lines)])
give_back(order)
"""
