/** Sidecars, addresses, runs, files and devices as Helm renders them for prod: one app of the homelab for each. */
import { beforeAll, describe, expect, test } from "vitest";
import { chartFacts, type KnownChart } from "../../environments/recorded/chart-facts.ts";
import { podTemplateOf, type RenderedPodTemplate } from "../../lib/core/facts/rendered.ts";
import { type Fields, fieldsOf } from "../../lib/core/fields.ts";
import { homelab, stackOf } from "../stacks/homelab.ts";

const rendered = (app: string): KnownChart => {
  const facts = chartFacts("prod", app);
  if (!facts?.known) throw new Error(`${app} is not known`);
  return facts;
};
const podOf = (app: string): RenderedPodTemplate => {
  const [workload] = rendered(app).workloads;
  if (!workload) throw new Error(`${app} has no workload`);
  return podTemplateOf(workload);
};

test("a second container, with its own size for admission: mariadb-shared", () => {
  const { metadata, spec } = podOf("mariadb-shared");
  expect(spec.containers.map(({ name }) => name)).toEqual(["main", "mysqld-exporter"]);
  expect(metadata.labels).toMatchObject({ "vixens.io/sizing.mysqld-exporter": "B-nano" });
});

test("an init container beside the files of a Secret: homepage", () => {
  const { metadata, spec } = podOf("homepage");
  expect(spec.initContainers?.map(({ name, resources }) => [name, resources?.limits?.memory])).toEqual([
    ["copy-initial-config", "128Mi"],
  ]);
  expect(metadata.labels).toMatchObject({ "vixens.io/sizing.copy-initial-config": "B-nano" });
});

test("several ports of TCP and UDP at an address of its own: adguard-home", () => {
  const { services } = rendered("adguard-home");
  const ports = (type: string) =>
    services
      .filter(({ spec }) => spec.type === type)
      .flatMap(({ spec }) => spec.ports?.map(({ port, protocol }) => `${port}/${protocol}`));
  expect(ports("LoadBalancer")).toEqual(["53/TCP", "53/UDP"]);
  expect(ports("ClusterIP")).toEqual(["53/TCP", "53/UDP", "3000/TCP"]);
  expect(services[1]?.metadata.annotations).toEqual({ "io.cilium/lb-ipam-ips": "192.168.201.72" });
});

test("a run every night: firefly-iii-cron", () => {
  expect(Object.keys(rendered("firefly-iii-cron").objects)).toEqual(["batch/v1/CronJob"]);
});

test("a file of the repository: mosquitto", () => {
  expect(podOf("mosquitto").spec.volumes).toContainEqual(
    expect.objectContaining({ name: "mosquitto-config-mosquitto-conf" }),
  );
  expect(rendered("mosquitto").objects["v1/ConfigMap"]).toEqual(["mosquitto"]);
});

test("the node's GPU: jellyfin", () => {
  const { containers, volumes } = podOf("jellyfin").spec;
  expect(containers[0]?.securityContext).toMatchObject({ privileged: true });
  expect(volumes).toContainEqual({ name: "dev-dri", hostPath: { path: "/dev/dri" } });
});

test.each(["sonarr", "radarr", "prowlarr", "qbittorrent"])("a group of apps in one namespace: %s", (app) => {
  expect(rendered(app).namespace).toBe("media");
  expect(podOf(app).spec.containers[0]?.env?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["PGID", "PUID", "TZ"]),
  );
});

describe("in the stack of prod", () => {
  let objects: Fields[] = [];
  beforeAll(() => {
    const { kubectl_manifest: all } = fieldsOf(stackOf(homelab(), "prod-apps").resource);
    objects = Object.values(fieldsOf(all)).flatMap((each) => {
      const { yaml_body: body } = fieldsOf(each);
      return typeof body === "string" ? [JSON.parse(body)] : [];
    });
  }, 60_000);
  const find = (kind: string, name: string): Fields =>
    fieldsOf(objects.find((each) => each.kind === kind && fieldsOf(each.metadata).name === name));

  test("a database in one line is a role and a database, with the app's credentials: vikunja", () => {
    const text = JSON.stringify(find("Application", "postgresql-shared"));
    expect(text).toContain('"passwordSecret":{"name":"postgresql-shared-vikunja-secrets"}');
    expect(text).toContain('"name":"vikunja","owner":"vikunja","ensure":"present"');
    expect(find("InfisicalSecret", "postgresql-shared-vikunja-secrets").metadata).toMatchObject({
      namespace: "databases",
    });
  });

  test("and the way to its server", () => {
    const policy = JSON.stringify(find("CiliumClusterwideNetworkPolicy", "app-vikunja"));
    expect(policy).toContain('"k8s:cnpg.io/cluster":"postgresql-shared"');
  });

  test("an app of Git is at the path of its environment: snmp-exporter", () => {
    expect(fieldsOf(find("Application", "snmp-exporter").spec).source).toMatchObject({
      path: "apps/02-monitoring/snmp-exporter/overlays/prod",
      targetRevision: "prod-stable",
    });
  });
});
