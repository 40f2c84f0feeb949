#!/bin/sh
# Installs Chromium, Tesseract and a C compiler from the system's packages when they are missing and that is possible here.
# Without them everything else works, extraction at less speed; /api/v1/health says what is off.
set -u

missing=""
for browser in chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$browser" >/dev/null 2>&1; then found_browser=$browser; break; fi
done
[ -n "${found_browser:-}" ] || missing="chromium-headless-shell"
ls /usr/share/tesseract-ocr/*/tessdata/eng.traineddata >/dev/null 2>&1 || missing="$missing tesseract-ocr-eng"
command -v cc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
python3 -c 'import pathlib, sys, sysconfig; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())' ||
    missing="$missing python3-dev"
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
echo "Not installed: $missing. Pages that need a browser, or text read from images, are off, and extraction is slower,"
echo "until you install them:"
echo "  apt-get install $missing"
exit 0
