/** Port on control planes where etcd answers for its metrics, with no certificate asked for and none of its data told. */
export const ETCD_METRICS_PORT = 2381;

/** Arguments that etcd gets for it. Source: Talos, "Expose the Etcd Metrics Endpoint". */
export const ETCD_METRICS_ARGUMENTS = {
  "listen-metrics-urls": `http://0.0.0.0:${ETCD_METRICS_PORT}`,
} as const;
