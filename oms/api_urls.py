"""The REST interface: what the apps serve under `/api/v1/`, and the schema that describes it."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from customers.api import CustomerResource
from customers.api_agreements import AgreementResource
from customers.api_credit import CreditResource
from fulfillment.api import OrderAndShipmentResource, ShipmentResource
from inventory.api import ProductResource
from oms.api.views import NoSuchResource, SchemaView
from orders.api_availability import AvailabilityResource
from orders.api_call_offs import CallOffResource
from orders.api_prices import PriceQuestionResource
from orders.api_quotes import QuoteResource

router = SimpleRouter()
router.register("products", ProductResource, basename="api-product")
router.register("availability", AvailabilityResource, basename="api-availability")
router.register("price-quotes", PriceQuestionResource, basename="api-price-quote")
router.register("customers", CustomerResource, basename="api-customer")
router.register("agreements", AgreementResource, basename="api-agreement")
router.register("credit", CreditResource, basename="api-credit")
router.register("call-offs", CallOffResource, basename="api-call-off")
router.register("quotes", QuoteResource, basename="api-quote")
router.register("orders", OrderAndShipmentResource, basename="api-order")
router.register("shipments", ShipmentResource, basename="api-shipment")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    re_path("", NoSuchResource.as_view(), name="api-unknown"),
]
