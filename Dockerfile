# `docker build .` makes the image that serves; `docker build --target demo .` adds the demo shop (manage.py
# seed_demo). Neither holds training, benchmarks, tests or docs.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt constraints.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt -c constraints.txt

FROM python:3.11-slim-bookworm AS base
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data HF_HOME=/data/models
RUN useradd --create-home --uid 10001 tandem && install -d -o tandem -g tandem /data
WORKDIR /app
COPY --from=build /venv /venv
COPY LICENSE manage.py ./
COPY locale locale
COPY static static
COPY templates templates
COPY rest rest
COPY accounts accounts
COPY analytics analytics
COPY catalog catalog
COPY search search
COPY config config
USER tandem
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "config.wsgi"]

FROM base AS demo
COPY demo demo

# Last, because a build without --target makes the last stage.
FROM base AS serve
