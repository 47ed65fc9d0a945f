# mh in a container. Not verified here: no container engine was at hand, so this file was never built. What was checked is
# that every COPY source exists and that its RUN lines work in this order in a plain folder (tests/fault/docker.test.ts).
#
#   docker build -t mh .
#   docker run --rm -it -v mh-home:/home/node/mh -v mh-keys:/home/node/.config/mh mh capture "Met with Sarah"

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY packages/contract/package.json packages/contract/
COPY packages/core/package.json packages/core/
COPY packages/host/package.json packages/host/
COPY packages/cli/package.json packages/cli/
COPY packages/testing/package.json packages/testing/
COPY apps/site/package.json apps/site/
# Not `npm ci`: the lockfile may lack the packages that only another platform needs (bin/setup).
RUN npm install --no-save --include=dev --ignore-scripts
COPY README.md LICENSE CHANGELOG.md SECURITY.md tsconfig.json ./
COPY examples examples
COPY tools tools
COPY brain brain
COPY packages packages
COPY apps apps
RUN node tools/package.ts
RUN npm pack ./dist/package --pack-destination /build

FROM node:24-slim
COPY --from=build /build/mh-os-*.tgz /tmp/
RUN npm install --global --ignore-scripts /tmp/mh-os-*.tgz && rm /tmp/mh-os-*.tgz
# The folders exist before the volumes do, so that both belong to who uses them.
RUN mkdir -p /home/node/mh /home/node/.config/mh && chown -R node:node /home/node
USER node
ENV MH_HOME=/home/node/mh
WORKDIR /home/node
# The home, and the keys that sign its log. They are two volumes, so that a copy of the one is no copy of the other.
VOLUME ["/home/node/mh", "/home/node/.config/mh"]
ENTRYPOINT ["mh"]
CMD ["help"]
