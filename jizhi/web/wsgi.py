"""The WSGI entry for granian."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
# behind a proxy REMOTE_ADDR becomes the first address from the right that is no proxy of ours: what the sender wrote himself is not read
application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), settings.PROXIES)
