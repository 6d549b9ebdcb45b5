/** Problems of the flows that an app declares. */
import { isMeantAsIpv6, NO_IPV6 } from "../core/values/ipv4-address.ts";
import { outsidePeer } from "./allowances.ts";
import type { AppEnvironment } from "./app-environment.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";

export const linkProblems = (app: ResolvedApp, _: AppEnvironment, line: Line): string[] =>
  app.links.flatMap((link) => {
    switch (link.kind) {
      case "exposed":
        // A host without a port is refused as such.
        if (
          link.ports.length > 0 ||
          link.by.kind === "way" ||
          (link.by.kind === "gateway" && app.host !== undefined)
        )
          return [];
        return link.by.kind === "gateway"
          ? missingPort(app.port, () =>
              line("network.exposedBy(gateway)", "must name ports: the app has no port", "none"),
            )
          : [line("network.exposedBy(loadBalancer)", "must name ports", [])];
      case "uses": {
        const { name, props } = link.app;
        const port = props.port === "none" ? undefined : props.port;
        return link.ports.length > 0
          ? []
          : missingPort(port, () =>
              line(`network.uses(${name})`, `must name ports: ${name} has no port`, "none"),
            );
      }
      case "egress":
        return isPeer(link.to)
          ? []
          : [
              line(
                "network.egressTo",
                isMeantAsIpv6(link.to)
                  ? NO_IPV6
                  : "must be an exact lower-case name, an IPv4 address or a subnet",
                link.to,
              ),
            ];
      default:
        return [];
    }
  });

const missingPort = (port: number | undefined, problem: () => string): string[] =>
  port === undefined ? [problem()] : [];

const isPeer = (to: string): boolean => {
  try {
    outsidePeer(to);
    return true;
  } catch {
    return false;
  }
};
