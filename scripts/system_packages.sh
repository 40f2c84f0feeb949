#!/bin/sh
# Installs Chromium and Tesseract from the system's packages when they are missing and that is possible here.
# Without them everything else works; /api/v1/health says what is off.
set -u

missing=""
for browser in chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$browser" >/dev/null 2>&1; then found_browser=$browser; break; fi
done
[ -n "${found_browser:-}" ] || missing="chromium-headless-shell"
ls /usr/share/tesseract-ocr/*/tessdata/eng.traineddata >/dev/null 2>&1 || missing="$missing tesseract-ocr-eng"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo -n"
else as_root="no"
fi
if [ "$as_root" != no ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$([ -n "$missing" ] && echo " $missing") with apt-get ..."
    # shellcheck disable=SC2086  # a list of packages, and an optional prefix
    if $as_root apt-get update -qq >/dev/null && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
        exit 0
    fi
fi
echo "Not installed: $missing. Pages that need a browser, or text read from images, are off until you install them:"
echo "  apt-get install $missing"
exit 0
