"""The ways in which an exchange fails, each with its one sentence. No sentence tells anything of our own network."""

from alterlab_server.fetch.outcome import Failure, Verdict

TIMED_OUT = Failure(Verdict.TIMEOUT, "The page did not arrive in time.")
NO_NAME = Failure(Verdict.DNS_ERROR, "The name could not be resolved.")
NO_CONNECTION = Failure(Verdict.UNREACHABLE, "No connection to the host, or through the proxy, could be made.")
BAD_CERTIFICATE = Failure(Verdict.TLS_ERROR, "The certificate of the host is not valid.")
NO_HANDSHAKE = Failure(Verdict.NETWORK_ERROR, "The host refused the TLS handshake.")
UNREADABLE = Failure(Verdict.NETWORK_ERROR, "The connection ended without an answer that could be read.")
LARGE_HEADERS = Failure(Verdict.TOO_LARGE, "The response headers are too large.")
LARGE_DOCUMENT = Failure(Verdict.TOO_LARGE, "The document is larger than a browser is given: 16 MiB when unpacked.")
CUT = Failure(Verdict.CUT, "The response ended before it was complete, or its encoding was broken.")
BAD_REDIRECT = Failure(Verdict.REFUSED, "The page redirects to what cannot be fetched.")
NO_DOCUMENT = Failure(
    Verdict.REJECTED, "The target answered with what no browser shows, such as status 304 or a redirect to javascript:."
)
REDIRECT_LOOP = Failure(Verdict.REDIRECT_LOOP, "The page redirects in a circle or more than 20 times.")
