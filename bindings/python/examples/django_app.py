"""A notification endpoint in Django, all in one file: `gunicorn django_app:application`."""

import logging
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from orders import Orders

from libwxpay import Client, WxPayError

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY=os.urandom(32).hex(), LOGGING_CONFIG=None
    )
client = Client.from_file(os.environ["MERCHANT_JSON"])
orders = Orders()


@csrf_exempt
@require_POST
def notify(request: HttpRequest) -> HttpResponse:
    try:
        notification = client.notification(request.headers, request.body)  # request.META does as well
        try:
            orders.store_once(notification.event_type, notification.json["resource"])
            reply = notification.reply_ok()
        except Exception:
            logging.exception("notification %s could not be stored", notification.id)
            reply = notification.reply_fail("not stored")
    except WxPayError as error:
        logging.warning("%s", error)
        reply = error.reply()
    return HttpResponse(reply.body, status=reply.status, headers=reply.headers)


urlpatterns = [path("notify", notify)]
application = get_wsgi_application()
