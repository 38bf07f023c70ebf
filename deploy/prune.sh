#!/bin/sh
# Remove from a virtual environment what no serving process reads: deploy/prune.sh VENV
set -eu
packages=$(echo "$1"/lib/python3*/site-packages)
# PyTorch's headers, command-line tools and compiled tests.
rm -rf "$packages"/torch/include "$packages"/torch/test "$packages"/torch/share
# It looks for this one when it is imported.
find "$packages"/torch/bin -type f -not -name torch_shm_manager -delete
rm -rf "$packages"/pip "$packages"/pip-*.dist-info "$1"/bin/pip*
# Packages' own tests. Not folders named "test": django.test is imported.
find "$packages" -depth -type d -name tests -exec rm -rf {} +
find "$packages" -name '*.pyi' -delete
