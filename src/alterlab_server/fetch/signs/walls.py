"""Signs of pages that stand before the content, whoever made them: CAPTCHAs, blocks, logins, consent, soft 404."""

from alterlab_server.fetch.outcome import Verdict
from alterlab_server.fetch.signs.sign import REFUSING, Sign

_CAPTCHA_WIDGETS = (
    b"g-recaptcha",
    b"recaptcha/api.js",
    b"recaptcha/enterprise.js",
    b"h-captcha",
    b"hcaptcha.com/1/api.js",
    b"cf-turnstile",
    b"challenges.cloudflare.com/turnstile",
    b"frc-captcha",
    b"funcaptcha",
    b"arkoselabs.com",
    b"geetest",
    b"captcha-image",
    b'name="captcha"',
)
_CAPTCHA_PHRASES = (
    "are you a robot",
    "are you human",
    "not a robot",
    "you are human",
    "you're human",
    "you are a human",
    "unusual traffic",
    "automated requests",
    "security check",
    "human verification",
    "prove you are",
    "solve the captcha",
    "complete the captcha",
)

WALLS: tuple[Sign, ...] = (
    Sign(
        "captcha-wall",
        Verdict.CAPTCHA,
        markers=_CAPTCHA_WIDGETS,
        phrases=_CAPTCHA_PHRASES,
    ),
    Sign(
        "challenge-wall",
        Verdict.CHALLENGE,
        title=("checking your browser", "verifying your browser", "please wait", "ddos protection", "client challenge"),
        markers=(b"<script",),
        phrases=("checking your browser", "verifying", "enable javascript and cookies", "before accessing"),
        max_words=100,
    ),
    Sign(
        "rate-limit-wall",
        Verdict.RATE_LIMITED,
        statuses=(200, 403, 503),
        title=("too many requests", "rate limit exceeded", "429"),
        max_words=100,
    ),
    Sign(
        "block-wall",
        Verdict.BLOCKED,
        statuses=(*REFUSING, 200),
        title=(
            "access denied",
            "access to this page has been denied",
            "access blocked",
            "request blocked",
            "you have been blocked",
            "403 forbidden",
            "pardon our interruption",
            "bot detected",
        ),
        max_words=120,
    ),
    Sign(
        "consent-wall",
        Verdict.CONSENT_WALL,
        sent_to=("//consent.", "/consent/", "/consent?", "/cookie-consent", "/privacy-consent", "/collectconsent"),
    ),
    Sign(
        "login-wall",
        Verdict.LOGIN_REQUIRED,
        markers=(b'type="password"', b"type='password'", b"type=password"),
        sent_to=("login", "log-in", "signin", "sign-in", "sign_in", "/auth/", "/sso/", "//accounts."),
    ),
    Sign(
        "paywall",
        Verdict.PAYWALL,
        markers=(b'"isaccessibleforfree":false', b'"isaccessibleforfree": false', b'"isaccessibleforfree":"false"'),
        phrases=(
            "subscribe to continue",
            "subscribe to read",
            "to continue reading",
            "for subscribers",
            "log in to read",
        ),
    ),
    Sign(
        "soft-404",
        Verdict.NOT_FOUND,
        statuses=(200,),
        title=(
            "404 not found",
            "error 404",
            "404 error",
            "404 - ",
            "404 | ",
            "404: ",
            "page not found",
            "page can't be found",
            "page cannot be found",
            "page doesn't exist",
            "page does not exist",
            "page no longer exists",
            "seite nicht gefunden",
            "page introuvable",
            "página no encontrada",
            "pagina non trovata",
        ),
    ),
)
"""Walls of any maker."""
