# One static binary, its configuration, the certificates of public authorities,
# and nothing else: no shell, no package manager, no root.

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /out/harvest ./cmd/harvest
# The data folder belongs to the user of the last stage; /tmp is for SQLite's
# temporary files.
RUN mkdir -p /out/data /out/tmp && chmod 1777 /out/tmp

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="harvest" \
      org.opencontainers.image.description="Crawler and metadata harvester for policy knowledge against modern slavery" \
      org.opencontainers.image.source="https://github.com/harvest87/harvest" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build /out/tmp /tmp
COPY --from=build /out/harvest /usr/local/bin/harvest
COPY config/harvest.yaml /etc/harvest/harvest.yaml
COPY config/sources/*.yaml /etc/harvest/sources/
USER 65532:65532
WORKDIR /data
VOLUME /data
# Inside a container the health endpoint listens on every address; what may
# reach it is decided where the port is published.
ENV HARVEST_LISTEN=0.0.0.0:8787
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 \
    CMD ["/usr/local/bin/harvest", "health", "--config", "/etc/harvest/harvest.yaml"]
ENTRYPOINT ["/usr/local/bin/harvest", "--config", "/etc/harvest/harvest.yaml", "--data", "/data"]
CMD ["serve"]
