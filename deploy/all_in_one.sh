#!/usr/bin/env bash
# Serve, carry out tasks and schedule them in one container, where a disk belongs to one: bring database and static
# files up to date, then run gunicorn and a Celery worker with beat in it. When one of them ends, so does this.
set -euo pipefail
cd "$(dirname "$0")/.."
# Platforms that name the service tell it so.
if [ -n "${RENDER_EXTERNAL_HOSTNAME:-}" ]; then
    export ALLOWED_HOSTS="${ALLOWED_HOSTS:+$ALLOWED_HOSTS,}$RENDER_EXTERNAL_HOSTNAME"
fi
python -m config.first_start
# The processes must know the key that the step before has made.
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
trap 'exit 143' TERM INT
celery --app config worker --beat --pidfile= --pool=threads --concurrency=2 --loglevel=INFO &
gunicorn --config config/gunicorn.py --bind "0.0.0.0:${PORT:-8000}" config.wsgi &
wait -n
