"""Pages for customers, each opened by a link that we sent."""

from django.urls import path

from orders.views import public

app_name = "public"
urlpatterns = [
    path("<str:token>/", public.quote, name="quote"),
    path("<str:token>/pdf/", public.paper, name="quote_pdf"),
]
