"""Settings. Everything a deployer sets is an environment variable named JIZHI_…; the defaults run the demo."""

import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

BASE = Path(__file__).resolve().parent
VAR = Path(os.environ.get("JIZHI_VAR", BASE.parent / "var"))  # database, uploaded files, the secret key
VAR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key from the environment, or one made once and kept in VAR."""
    if key := os.environ.get("JIZHI_SECRET_KEY"):
        return key
    file = VAR / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def _database() -> dict[str, object]:
    """SQLite in VAR, or what JIZHI_DATABASE_URL names (postgresql://user:password@host:port/name)."""
    url = os.environ.get("JIZHI_DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "jizhi.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: NORMAL can lose a committed act when the power fails
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }


def _proxies(text: str) -> list[str]:
    """Addresses and networks that may say whom they speak for. A typing error stops the start; there is no "everyone"."""
    return [str(ip_network(part.strip())) for part in text.split(",") if part.strip()]


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("JIZHI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("JIZHI_ORIGINS", "").split(",") if o]
PROXIES = _proxies(os.environ.get("JIZHI_PROXIES", ""))  # web.wsgi: whose X-Forwarded-For and -Proto are believed; nobody's unless named
HTTPS = os.environ.get("JIZHI_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "jizhi.web",
    "jizhi.supervision",
    "jizhi.fund",
    "jizhi.appraisal",
    "jizhi.disclosure",
    "jizhi.office",
    "jizhi.procedure",
    "jizhi.results",
    "jizhi.sheets",
    "jizhi.polling",
    "jizhi.papers",
    "jizhi.evidence",
    "jizhi.messages",
    "jizhi.ui",
    "jizhi.access",
    "jizhi.regulation",
    "jizhi.org",
    "jizhi.audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jizhi.access.middleware.ActingMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jizhi.web.urls"
WSGI_APPLICATION = "jizhi.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jizhi.ui.context.page",
                "jizhi.web.menu.menu",
            ],
            "builtins": ["jizhi.ui.templatetags.jizhi"],
        },
    }
]

DATABASES = {"default": _database()}
AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "jizhi.access.accounts.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
# axes locks out by name and address; a whole school logs in from one address
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "300/m/ip"}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"

ABSOLUTE_URL_OVERRIDES = {  # results are shown by a room above theirs
    "results.place": lambda place: f"/supervision/ranking/{place.result_id}/?place={place.pk}",
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "jizhi.ui.formats"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty in the demo; whitenoise warns when it is missing
STATICFILES_DIRS = [BASE.parent / "static_vendor"] if (BASE.parent / "static_vendor").exists() else []
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR / "files"
# the log's tree (docs/decisions/0004): one algorithm per tree; the folders of the copies should lie on other storage
HASH = os.environ.get("JIZHI_HASH", "sha256")  # or sm3
LOG_ORIGIN = os.environ.get("JIZHI_LOG_ORIGIN", "jizhi/log")  # the log's name in checkpoints: no spaces, no plus sign
SEAL_KEY = Path(os.environ.get("JIZHI_SEAL_KEY", VAR / "seal_key.pem"))
CHECKPOINT_COPIES = [Path(f) for f in os.environ.get("JIZHI_CHECKPOINTS", str(VAR / "checkpoints")).split(os.pathsep) if f]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
