#!/usr/bin/env bash
# Installs the S3 gateway that test/s3 runs against into .tools/. Needs Go; does nothing where it is there already.
set -euo pipefail

version=v1.8.0
module=github.com/versity/versitygw/cmd/versitygw
tools="$(cd "$(dirname "$0")/.." && pwd)/.tools"
stamp="$tools/versitygw.version"

if [ -x "$tools/versitygw" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$version" ]; then
  echo "versitygw $version is installed"
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "Go is needed to build versitygw $version (https://go.dev/dl)" >&2
  exit 1
fi
mkdir -p "$tools"
GOBIN="$tools" go install "$module@$version"
echo "$version" > "$stamp"
echo "versitygw $version installed"
