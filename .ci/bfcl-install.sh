#!/usr/bin/env bash
# Installs what npm run bfcl needs into .tools/bfcl: the Python package that carries the multi-turn tasks of BFCL and its classes.
# Needs Python 3.10 or later; does nothing where it is there already.
set -euo pipefail

root="$(cd "$(dirname "$0")/.." && pwd)"
requirements="$root/test/python/requirements-bfcl.txt"
venv="$root/.tools/bfcl"

if cmp -s "$requirements" "$venv/requirements.txt"; then
  echo "bfcl-eval is installed"
  exit 0
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  echo "Python 3.10 or later is needed" >&2
  exit 1
fi
python3 -m venv "$venv"
# Without dependencies: the multi-turn classes import mpmath and nothing else, while the whole list brings torch.
"$venv/bin/python" -m pip install --quiet --no-deps --disable-pip-version-check --require-hashes --requirement "$requirements"
cp "$requirements" "$venv/requirements.txt"
echo "bfcl-eval installed"
