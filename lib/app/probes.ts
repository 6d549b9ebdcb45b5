/** Probes of a container, as `app-template` takes them. */
import type { HelmValues } from "./helm-value.ts";

/** @param path asked by HTTP; without one the port has to take a connection */
export const probesOf = (port: number, path?: string): HelmValues => {
  const spec = path === undefined ? { tcpSocket: { port } } : { httpGet: { path, port } };
  const probe = { enabled: true, custom: true, spec: { ...spec, periodSeconds: 10, timeoutSeconds: 5 } };
  return {
    liveness: probe,
    readiness: probe,
    // Five minutes to come up, before liveness counts.
    startup: { enabled: true, custom: true, spec: { ...spec, periodSeconds: 5, failureThreshold: 60 } },
  };
};
