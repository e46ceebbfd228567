# syntax=docker/dockerfile:1
# Two stages: the pages are built with the tools for it, and the image holds neither them nor what built them.
# The version of Node is that of package.json; test/deploy.test.ts compares. By tag, so that each build has Debian's latest fixes; who wants the
# very same base each time names it by digest: --build-arg NODE_IMAGE=node@sha256:… (docker buildx imagetools inspect tells it).
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts: the one there is would fetch a second Node.
RUN npm ci --ignore-scripts
# The bundler reads every configuration that tsconfig.json refers to.
COPY tsconfig.base.json tsconfig.web.json tsconfig.pure.json tsconfig.server.json tsconfig.test.json tsconfig.json vite.config.ts ./
COPY tools/build-web.ts tools/sbom.ts tools/shipped-packages.ts tools/
COPY src src
RUN node tools/build-web.ts --force \
  && node tools/sbom.ts > sbom.cdx.json \
  && npm prune --omit=dev --ignore-scripts \
  && rm -rf src/web

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    FAIRWAY_HOST=0.0.0.0 \
    FAIRWAY_PORT=3000 \
    FAIRWAY_DATA=/data
WORKDIR /app
# /data is all that is written: the root may be read-only.
RUN mkdir /data && chown 1000:1000 /data && chmod 0700 /data \
  && rm -rf /usr/local/lib/node_modules/npm /usr/local/bin/npm /usr/local/bin/npx /opt/yarn-*
COPY package.json LICENSE ./
COPY migrations migrations
COPY templates templates
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/sbom.cdx.json ./
COPY --from=build /app/src src
# By number, so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.FAIRWAY_PORT+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=16", "--max-old-space-size=768", "src/main.ts"]
