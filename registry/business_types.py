"""Kinds of food business 业态."""

from enum import StrEnum


class BusinessType(StrEnum):
    SUPERMARKET = "supermarket"
    CONVENIENCE_STORE = "convenience_store"
    DISTRIBUTION_COMPANY = "distribution_company"
    COLD_STORE = "cold_store"
    LARGE_RESTAURANT = "large_restaurant"
    MEDIUM_RESTAURANT = "medium_restaurant"
    SMALL_RESTAURANT = "small_restaurant"
    FAST_FOOD = "fast_food"
    SNACK_SHOP = "snack_shop"
    DRINK_SHOP = "drink_shop"
    BAKERY = "bakery"
    SCHOOL_CANTEEN = "school_canteen"
    KINDERGARTEN_CANTEEN = "kindergarten_canteen"
    NURSING_HOME_CANTEEN = "nursing_home_canteen"
    HOSPITAL_CANTEEN = "hospital_canteen"
    STAFF_CANTEEN = "staff_canteen"
    SITE_CANTEEN = "site_canteen"
    GROUP_MEAL_DELIVERY = "group_meal_delivery"
    CENTRAL_KITCHEN = "central_kitchen"
    WORKSHOP = "workshop"
    SMALL_CATERING = "small_catering"
    FOOD_VENDOR = "food_vendor"
    ONLINE_CATERING = "online_catering"
    RURAL_BANQUET = "rural_banquet"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS = {
    BusinessType.SUPERMARKET: "超市",
    BusinessType.CONVENIENCE_STORE: "便利店/食杂店",
    BusinessType.DISTRIBUTION_COMPANY: "肉菜配送企业",
    BusinessType.COLD_STORE: "冷库",
    BusinessType.LARGE_RESTAURANT: "大型餐馆",
    BusinessType.MEDIUM_RESTAURANT: "中型餐馆",
    BusinessType.SMALL_RESTAURANT: "小型餐馆",
    BusinessType.FAST_FOOD: "快餐店",
    BusinessType.SNACK_SHOP: "小吃店",
    BusinessType.DRINK_SHOP: "饮品店",
    BusinessType.BAKERY: "糕点店",
    BusinessType.SCHOOL_CANTEEN: "学校食堂",
    BusinessType.KINDERGARTEN_CANTEEN: "托幼食堂",
    BusinessType.NURSING_HOME_CANTEEN: "养老机构食堂",
    BusinessType.HOSPITAL_CANTEEN: "医院食堂",
    BusinessType.STAFF_CANTEEN: "职工食堂",
    BusinessType.SITE_CANTEEN: "工地食堂",
    BusinessType.GROUP_MEAL_DELIVERY: "集体用餐配送",
    BusinessType.CENTRAL_KITCHEN: "中央厨房",
    BusinessType.WORKSHOP: "小作坊",
    BusinessType.SMALL_CATERING: "小餐饮",
    BusinessType.FOOD_VENDOR: "食品摊贩",
    BusinessType.ONLINE_CATERING: "网络餐饮",
    BusinessType.RURAL_BANQUET: "农村集体聚餐",
}
