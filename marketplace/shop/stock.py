"""Oscar's apps that the shop's models, migrations and template tags ask for, without their views: nothing of them is mounted."""

from oscar.core.application import OscarConfig


class AddressConfig(OscarConfig):
    name = "oscar.apps.address"
    label = "address"


class AnalyticsConfig(OscarConfig):
    name = "oscar.apps.analytics"
    label = "analytics"


class OfferConfig(OscarConfig):
    name = "oscar.apps.offer"
    label = "offer"


class ReviewsConfig(OscarConfig):
    name = "oscar.apps.catalogue.reviews"
    label = "reviews"


class VoucherConfig(OscarConfig):
    name = "oscar.apps.voucher"
    label = "voucher"
