"""Cookie and consent banners: whose they are, and how the others are told."""

from playwright.async_api import Error, Page

from alterlab_server.fetch.browser.scripts import load_script, navigated_away
from alterlab_server.fetch.browser.values import measure

# What the common consent managers put into a page, from their public integration guides.
CONSENT_MANAGERS: tuple[tuple[str, str], ...] = (
    ("Axeptio", "#axeptio_overlay, #axeptio_main_button"),
    ("Borlabs", "#BorlabsCookieBox, #BorlabsCookieBoxWrap"),
    ("Civic", "#ccc, #ccc-overlay"),
    ("Complianz", "#cmplz-cookiebanner-container, .cmplz-cookiebanner"),
    ("consentmanager", "#cmpwrapper, #cmpbox, #cmpbox2"),
    ("Cookiebot", "#CybotCookiebotDialog, #CybotCookiebotDialogBodyUnderlay, #CookiebotWidget"),
    ("CookieConsent", "#cc-main, #cc--main"),
    ("Cookie Information", "#coiOverlay, #coi-banner-wrapper"),
    ("Cookie Notice", "#cookie-notice"),
    ("CookieYes", ".cky-consent-container, .cky-overlay, .cky-modal, #cookie-law-info-bar"),
    ("Cookie Script", "#cookiescript_injected, #cookiescript_injected_wrapper"),
    ("Didomi", "#didomi-host, #didomi-popup, #didomi-notice"),
    ("Funding Choices", ".fc-consent-root"),
    ("Iubenda", "#iubenda-cs-banner"),
    ("Ketch", "#lanyard_root"),
    ("Klaro", ".klaro .cookie-notice, .klaro .cookie-modal"),
    ("Moove", "#moove_gdpr_cookie_info_bar, #moove_gdpr_cookie_modal"),
    ("OneTrust", "#onetrust-consent-sdk, #onetrust-banner-sdk, .onetrust-pc-dark-filter"),
    ("Osano", ".osano-cm-window, .cc-window.cc-banner, .cc-window.cc-floating"),
    ("Quantcast", "#qc-cmp2-container, .qc-cmp2-container, .qc-cmp-ui-container"),
    ("Shopify", "#shopify-pc__banner, #shopify-pc__prefs"),
    ("Sourcepoint", "[id^=sp_message_container_]"),
    ("tarteaucitron", "#tarteaucitronRoot"),
    ("Termly", "#termly-code-snippet-support, [class^=termly-styles-]"),
    ("TrustArc", "#truste-consent-track, #consent_blackbar, .truste_overlay, .truste_box_overlay"),
    ("Usercentrics", "#usercentrics-root, #usercentrics-cmp-ui, #uc-banner-modal"),
)

# Lower-case parts of words, in the languages whose law asks for such banners.
CONSENT_WORDS = (
    *("cookie", "consent", "gdpr", "privacy preferences", "privacy choices", "your privacy"),
    *("datenschutzeinstellung", "einwilligung", "consentement", "vie privée", "consentimiento", "privacidad"),
    *("consenso", "privacidade", "toestemming", "samtycke", "samtykke", "zgod", "souhlas", "evästeet"),
)
# Whole words on the buttons of such banners.
ANSWER_WORDS = (
    *("accept", "agree", "allow", "reject", "decline", "deny", "got it", "okay", "ok", "manage", "understand"),
    *("akzeptieren", "ablehnen", "zustimmen", "verstanden", "einstellungen", "accepter", "refuser", "j'accepte"),
    *("aceptar", "rechazar", "acepto", "accetta", "rifiuta", "aceitar", "rejeitar", "accepteren", "weigeren"),
    *("acceptera", "avvisa", "godta", "accepter", "afvis", "zaakceptuj", "odrzuć", "přijmout", "hyväksy"),
)
_MAX_BANNER_CHARS = 4000  # a notice with all its purposes spelt out; more is a page

_REMOVE = load_script(__package__, "banners.js")


async def remove_banners(page: Page) -> int:
    """Take the banners out of the page; how many elements went. A page that is leaving has none."""
    try:
        return await measure(
            page,
            _REMOVE,
            {
                "selectors": ", ".join(selectors for _, selectors in CONSENT_MANAGERS),
                "consentWords": CONSENT_WORDS,
                "answerWords": ANSWER_WORDS,
                "maxChars": _MAX_BANNER_CHARS,
            },
        )
    except Error as error:
        if navigated_away(error):
            return 0
        raise
