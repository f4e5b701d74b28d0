# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Of the client of clients/typescript its sources are enough: what it needs is ours, too.
RUN npm ci --workspaces=false
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY clients/typescript/src ./clients/typescript/src
# Read at run time, and therefore in dist.
COPY migrations ./migrations
COPY docs/problems ./docs/problems
COPY tools/build.mjs ./tools/build.mjs
RUN npm run build
# The same folder without what only building and tests need.
RUN npm prune --omit=dev --workspaces=false

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE ./
USER node
EXPOSE 3000
# The process answers; whether database and Nextcloud do is /health/ready, and no reason for a restart.
# A container that only runs `work` listens nowhere: switch the check off there.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# What is young is collected sooner than Node does by itself: that saves a hundred megabytes.
ENTRYPOINT ["node", "--max-semi-space-size=8", "dist/src/main.js"]
CMD ["serve"]
