from tests.shop.invoicing.conftest import *  # noqa: F403  an invoice is what a payment pays
