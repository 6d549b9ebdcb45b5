/** The things of an environment that start, with what each waits for. */

import type { ChartFacts } from "../../../environments/recorded/chart-facts.ts";
import type { Environment } from "../../../environments/schema.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import { platformPods } from "../../network/platform-pods.ts";
import { failsClosedFor } from "./admission.ts";
import type { Need, Thing } from "./graph.ts";

const CLASS_KIND = "storage.k8s.io/v1/StorageClass";

export const API = "the Kubernetes API";
export const CNI = "Cilium";
export const DNS = "CoreDNS";
export const ARGO_CD = "Argo CD";
const TERRAFORM = "Terraform";
const MEMBERS = "etcd with a majority of its members";
const RESTORED = "etcd from its backup";
const ROOT = "the root application";

/** The fields of an environment that decide how it starts. */
export type StartingEnvironment = Pick<
  Environment,
  "name" | "cluster" | "nodes" | "state" | "backup" | "gitops" | "secretStore" | "argocd"
>;

export interface StartProps {
  /** The environment that is to start. */
  readonly environment: StartingEnvironment;
  /** The apps that live there. */
  readonly apps: readonly ResolvedApp[];
  /** The recorded facts of charts. */
  readonly charts: readonly ChartFacts[];
}

export const machine = (name: string): string => `the machine ${name}`;
const appName = (name: string): string => `the app ${name}`;
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : url);

/** Every thing by its name; those outside of the cluster need nothing of it. */
export const thingsOf = (props: StartProps): ReadonlyMap<string, Thing> => {
  const { environment, apps } = props;
  const places = new Places(props);
  const things = [
    ...environment.nodes.map((node) => machineThing(node, places)),
    ...platformThings(environment, places),
    ...apps.map((app) => appThing(app, props, places)),
  ];
  return new Map([...things, ...places.outside()].map((thing) => [thing.name, thing]));
};

/** The servers behind hosts and addresses: an app, Argo CD, or somebody outside. */
class Places {
  private readonly servers = new Map<string, Thing>();
  private readonly gateway: string | undefined;

  constructor(private readonly props: StartProps) {
    const gateway = props.apps.find(({ namespace }) => namespace === platformPods.traefik.namespace);
    this.gateway = gateway && appName(gateway.name);
  }

  outside(): readonly Thing[] {
    return [...this.servers.values()];
  }

  /** Names of the things that must be up for a URL, a name or an address to answer. */
  behind(url: string): readonly string[] {
    const host = hostOf(url);
    const { apps, environment } = this.props;
    const [service, namespace] = host.split(".");
    const app = apps.find(
      (each) =>
        each.host === host ||
        each.links.some(
          (link) =>
            link.kind === "exposed" &&
            link.by.kind === "load-balancer" &&
            link.by.address[each.environment] === host,
        ) ||
        (/\.svc(\.|$)/.test(host) &&
          each.namespace === namespace &&
          (each.service?.name ?? each.name) === service),
    );
    if (app) {
      const isRouted = app.host === host && this.gateway !== undefined && this.gateway !== appName(app.name);
      return [...(isRouted && this.gateway ? [this.gateway] : []), appName(app.name)];
    }
    if (host === environment.argocd.hostname || host === `${environment.argocd.address}`) return [ARGO_CD];
    const name = `the server ${host}`;
    this.servers.set(name, { name, needs: [] });
    return [name];
  }

  /** A need of everything behind a URL. */
  needs(url: string, why: string, onlyFirst = false): Need[] {
    return this.behind(url).map((name) => ({ of: [name], why, onlyFirst }));
  }
}

/** Clocks do not hold it up: the configuration bounds the wait for time servers. */
const machineThing = (
  { name, nameservers }: StartingEnvironment["nodes"][number],
  places: Places,
): Thing => ({
  name: machine(name),
  needs: [
    {
      of: nameservers.flatMap((address) => places.behind(String(address))),
      why: "by which it finds the images that it starts with",
      onlyFirst: true,
    },
  ],
});

const platformThings = (environment: StartingEnvironment, places: Places): Thing[] => {
  const { nodes, cluster, state, backup, gitops } = environment;
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane").map(({ name }) => machine(name));
  const majority = Math.floor(controlPlanes.length / 2) + 1;
  const deployed: Need = { of: [TERRAFORM], why: "which installs it", onlyFirst: true };
  return [
    {
      name: MEMBERS,
      needs: [
        { of: controlPlanes, atLeast: majority, why: "on which its members run" },
        { of: [machine(cluster.bootstrapNode)], why: "which makes the first member", onlyFirst: true },
      ],
    },
    {
      name: RESTORED,
      needs: [
        { of: controlPlanes, why: "onto which it is restored" },
        ...places.needs(backup?.endpoint?.hostname ?? "nowhere", "which has the backup"),
      ],
    },
    { name: API, needs: [{ of: [MEMBERS, RESTORED], why: "which stores everything" }] },
    {
      name: TERRAFORM,
      needs: state.kind === "s3" ? places.needs(state.endpoint.hostname, "which has its states") : [],
    },
    { name: CNI, needs: [{ of: [API], why: "which tells it what there is" }, deployed] },
    { name: DNS, needs: [{ of: [CNI], why: "without which no pod has a network" }] },
    {
      name: ARGO_CD,
      needs: [
        { of: [DNS], why: "by which it finds everything" },
        deployed,
        ...places.needs(gitops.repository.hostname, "which has what it syncs", true),
      ],
    },
    { name: ROOT, needs: [{ of: [ARGO_CD], why: "which syncs it", onlyFirst: true }] },
  ];
};

const appThing = (app: ResolvedApp, props: StartProps, places: Places): Thing => {
  const { environment, apps, charts } = props;
  const name = appName(app.name);
  const living = (declaration: unknown) => apps.find((each) => each.declaration === declaration);
  const { source, secrets, storage } = app;
  const from =
    source.kind === "git"
      ? source.props.git.repository
      : source.kind === "chart"
        ? source.props.chart.repository
        : undefined;
  const store = environment.secretStore;
  const drivers = [...new Set(Object.values(storage).map((volume) => volume.class))];
  return {
    name,
    needs: [
      { of: [API], why: "which says that it is to run" },
      { of: [DNS], why: "by which it finds everything" },
      { of: [ARGO_CD], why: "which deploys it", onlyFirst: true },
      ...(from === undefined ? [] : places.needs(from, "which has what it is made of", true)),
      ...app.dependencies.flatMap((each) => {
        const other = living(each);
        return other ? [{ of: [appName(other.name)], why: "which comes first", onlyFirst: true }] : [];
      }),
      ...(secrets.length > 0 && store.kind === "infisical"
        ? places.needs(store.server.hostname, "which has its secrets", true)
        : []),
      ...drivers.map((each): Need => {
        const driver = charts.find((chart) => chart.known && chart.objects[CLASS_KIND]?.includes(each));
        const of = driver && apps.some((one) => one.name === driver.release) ? appName(driver.release) : ROOT;
        return { of: [of], why: `which has the driver of its volumes of ${each}` };
      }),
      ...failsClosedFor(app, charts, apps).map((webhook) => ({
        of: [appName(webhook)],
        why: "whose webhook must answer before a pod of it is made",
      })),
    ],
  };
};
