#!/usr/bin/env bash
# Build the image, start it with a demo shop on a read-only root, and ask it for /readyz, words and a picture.
# Set in the environment:
#
#   TOOL          docker or buildah; by default docker where its daemon answers, else buildah (as root)
#   IMAGE         its name (tandem); the demo's is that with -demo
#   BASE=debian   make the base from Debian's packages, where no image registry can be reached (base_image.sh)
#   BUILD_FLAGS   more for the build, such as: --build-arg TORCH=cuda, or --secret id=pip,src=/path/to/pip.conf
set -euo pipefail
cd "$(dirname "$0")/.."
image=${IMAGE:-tandem}
tool=${TOOL:-}
if [ -z "$tool" ]; then
    if docker info >/dev/null 2>&1; then tool=docker
    elif command -v buildah >/dev/null; then tool=buildah
    else echo "Neither docker nor buildah can be used here." >&2; exit 1; fi
fi
# Chroots and vfs work where a kernel allows neither namespaces nor overlays, as inside a container.
buildah() { command buildah --storage-driver "${STORAGE_DRIVER:-vfs}" "$@"; }

read -r -a flags <<<"${BUILD_FLAGS:-}"
if [ "${BASE:-}" = debian ]; then
    STORAGE_DRIVER=${STORAGE_DRIVER:-vfs} deploy/base_image.sh localhost/tandem-base
    flags+=(--build-arg BASE_IMAGE=localhost/tandem-base)
fi
build() {
    if [ "$tool" = docker ]; then docker build "${flags[@]}" "$@" .
    else buildah bud --isolation chroot --network host --layers "${flags[@]}" "$@" .; fi
}
build --target serve --tag "$image"
build --target demo --tag "$image-demo"

work=$(mktemp -d)
container=""
cleanup() {
    if [ "$tool" = docker ]; then
        docker rm --force "$container" >/dev/null 2>&1 || true
    else
        if [ -n "${server:-}" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
        if [ -n "$container" ]; then buildah rm "$container" >/dev/null || true; fi
    fi
    rm -rf "$work"
}
trap cleanup EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
settings=(HTTPS=off ALLOWED_HOSTS=127.0.0.1 "SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_hex(32))')")
start="python manage.py migrate --verbosity 0 && python manage.py collectstatic --noinput --verbosity 0 &&
    python manage.py seed_demo --if-empty --size 60 >/dev/null &&
    exec gunicorn --config config/gunicorn.py --bind 0.0.0.0:$port config.wsgi"

if [ "$tool" = docker ]; then
    echo "$image: $(($(docker image inspect --format '{{.Size}}' "$image") / 1000000)) MB"
    container=$(docker run --detach --read-only --tmpfs /tmp --publish "127.0.0.1:$port:$port" \
        "${settings[@]/#/--env=}" "$image-demo" sh -c "$start")
else
    container=$(buildah from "$image-demo")
    root=$(buildah mount "$container")
    echo "$image-demo: $(du --summarize --block-size=MB "$root" | cut -f1)"
    install -d -o 10001 -g 10001 "$work/data"
    mapfile -t environment < <(buildah inspect --format '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' "$container")
    # As `docker run --read-only --tmpfs /tmp` would: buildah can only run with a root that can be written.
    unshare --mount sh -c '
        root=$1 data=$2; shift 2
        mount --bind "$root" "$root" && mount -o remount,bind,ro "$root" && mount -t tmpfs tmpfs "$root/tmp" &&
            mount --bind "$data" "$root/data" && mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc" &&
            exec chroot --userspec=10001:10001 "$root" /usr/bin/env -i -C /app "$@"
    ' start "$root" "$work/data" "${environment[@]}" "${settings[@]}" sh -c "$start" &
    server=$!
fi
if ! python3 deploy/smoke.py "http://127.0.0.1:$port" --wait "${WAIT:-300}"; then
    if [ "$tool" = docker ]; then docker logs "$container" >&2; fi
    exit 1
fi
