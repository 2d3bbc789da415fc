#!/usr/bin/env bash
# Installs the Chromium that test/browser drives, out of the packages of the system. Does nothing where there is one already.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" > /dev/null; then
    echo "$name is installed"
    exit 0
  fi
done
if ! command -v apt-get > /dev/null; then
  echo "install Chromium by the packages of this system, or name one: GEMLINE_CHROMIUM=/path/to/chromium" >&2
  exit 1
fi
apt-get update > /dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -y chromium fonts-dejavu-core > /dev/null
echo "chromium installed"
