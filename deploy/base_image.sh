#!/bin/sh
# Make a base image of Debian 12 with Python 3.11, from Debian's own packages, where no image registry can be
# reached: deploy/base_image.sh NAME. Needs root, buildah and debootstrap; DEBIAN_MIRROR names another mirror than
# debootstrap's own.
set -eu
name=$1
storage=${STORAGE_DRIVER:+--storage-driver $STORAGE_DRIVER}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv bookworm "$work/root" \
    ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/* "$work"/root/usr/share/doc "$work"/root/usr/share/man
container=$(buildah $storage from scratch)
buildah $storage add --quiet "$container" "$work/root" /
buildah $storage config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
buildah $storage commit --quiet "$container" "$name"
buildah $storage rm "$container" >/dev/null
