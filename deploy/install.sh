#!/bin/sh
# Install requirements into a virtual environment: deploy/install.sh VENV TORCH REQUIREMENTS…
#
# TORCH is cpu, cuda or auto (cuda where the machine has an NVIDIA driver, else cpu). On Linux the default package
# index has only builds of PyTorch that bring CUDA, several gigabytes, so the CPU build comes from PyTorch's own index.
set -eu
venv=$1 torch=$2
shift 2
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
index=${TORCH_CPU_INDEX:-https://download.pytorch.org/whl/cpu}

if [ "$torch" = auto ]; then
    if command -v nvidia-smi >/dev/null 2>&1; then torch=cuda; else torch=cpu; fi
fi
case $torch in cpu | cuda) ;; *) echo "TORCH is $torch; write cpu, cuda or auto." >&2; exit 2 ;; esac

# Nothing else may come from that index: its copies of other packages differ from the pinned ones.
pinned=$(grep -o '^torch==[^ ]*' requirements.txt)
if [ "$torch" = cpu ] && ! $pip install --no-deps --timeout 5 --retries 0 --index-url "$index" "$pinned" 2>/dev/null; then
    echo "$index does not answer or has no $pinned for this Python. The default package index is used" >&2
    echo "instead; on Linux its PyTorch brings CUDA, several gigabytes that a machine without a GPU does not need." >&2
fi
for file in "$@"; do set -- "$@" -r "$file"; shift; done
$pip install "$@" -c constraints.txt
