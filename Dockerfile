# Two stages: the first builds the virtual environment, the second carries only what serves.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt constraints.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt -c constraints.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data HF_HOME=/data/models
RUN useradd --create-home --uid 10001 tandem && install -d -o tandem -g tandem /data
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
USER tandem
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "config.wsgi"]
