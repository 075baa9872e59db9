# Backchannel: the server, and with another command its worker (`node packages/server/dist/worker-main.js`).
# No secret is needed to build it, and none is kept in it: what it runs with comes from the environment (docs/configuration.md).

FROM node:22.21.1-bookworm-slim AS build
WORKDIR /app
# better-sqlite3 is fetched compiled from its releases; where those are not reached, it is compiled with what this image has.
ENV npm_config_nodedir=/usr/local
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ make python3 \
 && rm -rf /var/lib/apt/lists/*
COPY . .
# What runs, without what builds it, and the list of what went into it.
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile \
 && node scripts/lay-out.mjs /installation \
 && node scripts/sbom.mjs /installation/sbom.cdx.json

# With PostgreSQL's own programs, for backups (docs/operate.md): `docker build --target operator .`
FROM postgres:17.6-bookworm AS operator
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build --chown=root:root /installation ./
ENTRYPOINT ["node"]

FROM node:22.21.1-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    BACKCHANNEL_DATA=/data \
    DRAIN_SECONDS=5
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=build --chown=root:root /installation ./
USER node
VOLUME /data
EXPOSE 4000
# Whether it lives; whether it may be sent requests is asked of /ready by who sends them.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((it) => process.exit(it.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, so that it is told to end, not a shell before it.
CMD ["node", "packages/server/dist/main.js"]
