# Paramedic's worker and gateway in one image: `worker` unless another command is given.
ARG NODE_IMAGE=node:24.9.0-bookworm

# Debian's slim image has no certificate authorities, which TLS to Temporal needs; the full one brings them.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package of ours needs its install script at run time.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY incident ./incident
COPY guards ./guards
COPY diagnosis ./diagnosis
COPY remedies ./remedies
COPY runbooks ./runbooks
COPY drills ./drills
COPY workflows ./workflows
COPY activities ./activities
COPY clients ./clients
COPY reporting ./reporting
COPY worker ./worker
COPY rehearsal ./rehearsal
COPY gateway ./gateway
COPY watch ./watch
COPY sandbox ./sandbox
COPY demo ./demo
COPY cli ./cli
COPY deploy/is-ready.ts ./deploy/is-ready.ts
RUN node worker/write-bundle.ts /app/workflows.bundle.js

FROM ${NODE_IMAGE}-slim
LABEL org.opencontainers.image.title="paramedic" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# A named volume mounted here takes over the owner.
RUN install -d -o 10001 -g 10001 -m 0750 /var/lib/paramedic
WORKDIR /app
# Owned by root: the process cannot change its own code.
COPY --from=build /app ./
ARG COMMIT=
ENV NODE_ENV=production \
    PARAMEDIC_COMMIT=${COMMIT} \
    HOME=/tmp \
    PARAMEDIC_WORKFLOW_BUNDLE=/app/workflows.bundle.js \
    PARAMEDIC_RUNBOOKS=/app/runbooks \
    PARAMEDIC_AUDIT_LOG=/var/lib/paramedic/audit.jsonl \
    PARAMEDIC_GATEWAY_HOST=0.0.0.0 \
    PARAMEDIC_HEALTH_ADDRESS=0.0.0.0:8081
USER 10001:10001
EXPOSE 8080 8081
ENTRYPOINT ["node", "cli/paramedic.ts"]
CMD ["worker"]
# The worker's; for a gateway, ask its own port instead: `node deploy/is-ready.ts http://127.0.0.1:8080/readyz`.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "deploy/is-ready.ts", "http://127.0.0.1:8081/readyz"]
