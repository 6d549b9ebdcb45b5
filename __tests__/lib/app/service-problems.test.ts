import { describe, expect, test } from "vitest";
import { appTemplateValues } from "../../../lib/app/app-template.ts";
import { exposedBy, loadBalancer, Port } from "../../../lib/app/index.ts";
import { chartApp, imageApp, problems, resolved } from "./lab.ts";

const exposed = exposedBy(loadBalancer({ prod: "192.0.2.72" }), Port.udp(53), Port.tcp(53));
const asking = (annotations: object, more: object = {}) => ({ service: { annotations, ...more } });
const withValues = (values: object, network: object[] = [exposed]) =>
  problems([chartApp({ values, network })]);

describe("an address that nothing serves is refused", () => {
  test("an image gets the Service that asks for it, and its own keeps its name", () => {
    const app = resolved(imageApp({ network: [exposed] }));
    expect(appTemplateValues(app).service).toEqual({
      main: { controller: "main", forceRename: "web", ports: { http: { port: 8080 } } },
      "at-192-0-2-72": {
        controller: "main",
        type: "LoadBalancer",
        externalTrafficPolicy: "Cluster",
        annotations: { "io.cilium/lb-ipam-ips": "192.0.2.72" },
        ports: { "udp-53": { port: 53, protocol: "UDP" }, "tcp-53": { port: 53, protocol: "TCP" } },
      },
    });
  });

  test("a range of ports that no Service would list", () => {
    const wide = exposedBy(loadBalancer({ prod: "192.0.2.72" }), Port.tcp(1024, 65535));
    expect(problems([imageApp({ network: [wide] })])).toEqual([
      'apps.web.network.exposedBy(loadBalancer): must be at most 32 ports, which a Service lists one by one: got "1024-65535/TCP"',
    ]);
  });

  test("a chart asks for it in its values", () => {
    expect(withValues(asking({ "io.cilium/lb-ipam-ips": "192.0.2.72" }))).toEqual([]);
    expect(withValues({})).toEqual([
      expect.stringContaining(
        "apps.charted.network.exposedBy(loadBalancer).prod: must be asked for by a Service in the values",
      ),
    ]);
  });

  test("an annotation with another address than the app's own", () => {
    expect(withValues(asking({ "io.cilium/lb-ipam-ips": "192.0.2.72,192.0.2.73" }))).toEqual([
      'apps.charted.values.service.annotations.io.cilium/lb-ipam-ips: must be an address of the app\'s own exposedBy(loadBalancer(…)), 192.0.2.72: got "192.0.2.73"',
    ]);
    expect(withValues(asking({ "io.cilium/lb-ipam-ips": "192.0.2.73" }), [])).toEqual([
      expect.stringContaining("of which it has none"),
    ]);
  });

  test.each([
    "io.cilium/lb-ipam-ip",
    "io.cilium/l2-announce",
    "io.cillium/lb-ipam-ips",
    "lbipam.cilium.io/ip",
  ])("%s, which Cilium does not read", (key) => {
    const values = asking({ "io.cilium/lb-ipam-ips": "192.0.2.72", [key]: "192.0.2.72" });
    expect(withValues(values)).toEqual([
      expect.stringContaining(`values.service.annotations.${key}: must be an annotation that Cilium reads`),
    ]);
  });

  test("a traffic policy that L2 announcement does not serve", () => {
    const values = asking(
      { "io.cilium/lb-ipam-ips": "192.0.2.72" },
      { spec: { externalTrafficPolicy: "Local" } },
    );
    expect(withValues(values)).toEqual([
      expect.stringContaining("values.service.spec.externalTrafficPolicy: must be Cluster"),
    ]);
  });
});
