# `make image` builds the image that serves and tries it; `docker build --target demo .` adds the demo shop
# (manage.py seed_demo). Neither holds training, benchmarks, tests or docs.
#
#   --build-arg TORCH=cuda        PyTorch with CUDA (several gigabytes) instead of the CPU build
#   --build-arg REQUIREMENTS=requirements-s3.txt   with what pictures and the index in object storage need
#                 or requirements-openvino.txt     with what ENCODER_BACKEND=openvino needs
#   --build-arg BASE_IMAGE=…      another base with Python 3.11 to 3.13 as python3, such as deploy/base_image.sh makes
#   --secret id=pip,src=pip.conf  pip's configuration for a private package index; it is not kept in the image
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
ARG TORCH=cpu
ARG REQUIREMENTS=requirements.txt
WORKDIR /app
COPY requirements.txt requirements-s3.txt requirements-openvino.txt constraints.txt ./
COPY deploy/install.sh deploy/prune.sh deploy/
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python3 -m venv /venv && PIP_NO_CACHE_DIR=1 deploy/install.sh /venv "$TORCH" "$REQUIREMENTS" && deploy/prune.sh /venv

# Gathered here, so that the image gets one layer of them.
FROM scratch AS application
COPY LICENSE manage.py /
COPY locale /locale
COPY static /static
COPY clients/web-component/src /clients/web-component/src
COPY templates /templates
COPY rest /rest
COPY accounts /accounts
COPY analytics /analytics
COPY catalog /catalog
COPY search /search
COPY config /config
COPY deploy/health.py deploy/smoke.py deploy/all_in_one.sh /deploy/

FROM ${BASE_IMAGE} AS base
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data HF_HOME=/data/models
RUN useradd --create-home --uid 10001 tandem && install -d -o tandem -g tandem /data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=application / ./
# Once, here: the root file system may be read-only, and Python would compile again at every start.
RUN python -m compileall -q rest accounts analytics catalog search config
USER tandem
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s CMD ["python", "/app/deploy/health.py"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "config.wsgi"]

FROM base AS demo
COPY demo demo

# Last, because a build without --target makes the last stage.
FROM base AS serve
