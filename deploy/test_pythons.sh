#!/usr/bin/env bash
# Run the quick tests on each named Python that this machine has, on the PATH or under pyenv, each in an
# environment of its own: deploy/test_pythons.sh 3.11 3.12 3.13. Fails where a test fails or no Python is found.
set -euo pipefail

find_python() {
    local candidate
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
        if "$candidate" -c '' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

tested=() absent=() failed=()
for version in "$@"; do
    python=$(find_python "$version")
    if [ -z "$python" ]; then
        absent+=("$version")
    elif make --no-print-directory test PYTHON="$python" VENV=".venvs/$version"; then
        tested+=("$version")
    else
        failed+=("$version")
    fi
done
echo "Passed: ${tested[*]:-none}. Failed: ${failed[*]:-none}. Not on this machine: ${absent[*]:-none}."
[ ${#failed[@]} = 0 ] && [ ${#tested[@]} != 0 ]
