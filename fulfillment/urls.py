"""The page for customers that says where their order is, opened by a link that we sent."""

from django.urls import path

from fulfillment.views import following

app_name = "tracking"
urlpatterns = [path("<str:token>/", following.order, name="order")]
