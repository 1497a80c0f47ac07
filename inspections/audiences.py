"""Which checklist is for which business: 市场摊位, 餐饮/食堂, 小作坊, 食品店."""

from registry.business_types import BusinessType

SHOPS = frozenset(
    {
        BusinessType.SUPERMARKET,
        BusinessType.CONVENIENCE_STORE,
        BusinessType.DISTRIBUTION_COMPANY,
        BusinessType.COLD_STORE,
    }
)


def audience_of(place_kind: str, business_type: str) -> str:
    if place_kind == "stall":
        return "stall"
    if business_type == BusinessType.WORKSHOP:
        return "workshop"
    return "shop" if business_type in SHOPS else "catering"
