# The product in a container: built in one stage, run in another without build tools and without rights. PROCESS_ROLE says what a container does.
FROM node:26-bookworm-slim AS build
WORKDIR /product
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node bin/build.mjs && npm prune --omit=dev

FROM node:26-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 PROCESS_ROLE=web
WORKDIR /product
COPY --from=build --chown=root:root /product/node_modules ./node_modules
COPY --from=build --chown=root:root /product/dist ./dist
COPY --from=build --chown=root:root /product/bin/runtime.mjs ./bin/runtime.mjs
COPY --from=build --chown=root:root /product/config ./config
COPY --from=build --chown=root:root /product/package.json ./package.json
RUN mkdir -p .data .cache && chown node:node .data .cache
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
# A worker listens on no port: it writes a file every five seconds, when it has looked for work in the database.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "if (process.env.PROCESS_ROLE === 'worker') process.exit(Date.now() - (require('node:fs').statSync((process.env.DATA_DIR || '.data') + '/worker.alive', { throwIfNoEntry: false })?.mtimeMs ?? 0) < 30000 ? 0 : 1); fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "--max-old-space-size=192", "--import", "./bin/runtime.mjs", "dist/main.js"]
