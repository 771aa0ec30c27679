# syntax=docker/dockerfile:1

# Compiles. Nothing of this stage but dist/ goes on.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/after-build.mjs scripts/
COPY src src
RUN npm run build

# Serves. Git is left out: the server reads trees through GitHub's API, only `belay review` on a local clone needs it.
FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    BELAY_DATA_DIR=/data
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY --from=build /app/dist dist
COPY prompts prompts
COPY app.yml LICENSE* ./

RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# SIGTERM drains: the job in hand is finished or released before the process ends. The flag keeps the embedded database and
# the SQL parser at a third of the memory (docs/decisions/0008).
ENTRYPOINT ["node", "--liftoff-only", "dist/doors/cli.js"]
CMD ["serve"]
