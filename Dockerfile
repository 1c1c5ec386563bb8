FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md manifest.yml ./
COPY migrations migrations
COPY bot bot
RUN python -m venv /opt/frontdesk \
    && /opt/frontdesk/bin/pip install --no-cache-dir --constraint constraints.txt '.[postgres]'

FROM python:3.11-slim
COPY --from=build /opt/frontdesk /opt/frontdesk
RUN useradd --system --uid 999 --create-home --home-dir /var/lib/frontdesk frontdesk
# By number, so that a host that refuses root can see that it is not root.
USER 999
WORKDIR /var/lib/frontdesk
ENV PATH=/opt/frontdesk/bin:$PATH \
    DATABASE_URL=sqlite:////var/lib/frontdesk/frontdesk.db \
    HOST=0.0.0.0 \
    PORT=3000 \
    LOG_FORMAT=json
VOLUME /var/lib/frontdesk
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=2)"]
ENTRYPOINT ["frontdesk"]
CMD ["run"]
