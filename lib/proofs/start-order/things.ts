/** The things of an environment that start, with what each waits for. */

import { engineOf } from "../../../environments/gitops.ts";
import type { ChartFacts, KnownChart } from "../../../environments/recorded/chart-facts.ts";
import type { Environment } from "../../../environments/schema.ts";
import { secretServerOf } from "../../../environments/secret-store.ts";
import { FLUX_KIND, kindsOf } from "../../app/dependencies.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import { podTemplateOf } from "../../core/facts/rendered.ts";
import { ARGOCD_NAMESPACE } from "../../core/platform/namespaces.ts";
import { platformPods } from "../../network/platform-pods.ts";
import { failsClosedFor, podsIn, renderedLabels, type Stored } from "./admission.ts";
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
  "name" | "cluster" | "nodes" | "state" | "backup" | "gitops" | "secretStore" | "argocd" | "storageClasses"
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

/** The host of a URL, of `host/path`, and of `git@host:path` as SSH has it. */
const hostOf = (url: string): string =>
  /^(?:[a-z][a-z+.-]*:\/\/)?(?:[^@/]*@)?(\[[^\]]*\]|[^/:]*)/i.exec(url)?.[1] ?? url;

/** The registry of an image: its first part, if that is a host. */
const registryOf = (image: string): string | undefined => {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]/.test(first) ? first : undefined;
};

/** Every thing by its name; those outside of the cluster need nothing of it. */
export const thingsOf = (props: StartProps): ReadonlyMap<string, Thing> => {
  const { environment, apps } = props;
  const places = new Places(props);
  const things = [
    ...environment.nodes.map((node) => machineThing(node, places)),
    ...platformThings(props, places),
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
    const { environment } = this.props;
    const app = this.appAt(host);
    if (app) {
      const isRouted = app.host === host && this.gateway !== undefined && this.gateway !== appName(app.name);
      return [...(isRouted && this.gateway ? [this.gateway] : []), appName(app.name)];
    }
    if (host === environment.argocd.hostname || host === `${environment.argocd.address}`) return [ARGO_CD];
    const name = `the server ${host}`;
    this.servers.set(name, { name, needs: [] });
    return [name];
  }

  /** A need of the apps that have the images: a registry outside is asked by nobody here. */
  images(images: readonly string[]): Need[] {
    const hosts = new Set(images.flatMap((image) => registryOf(image) ?? []));
    return [...hosts]
      .filter((host) => this.appAt(hostOf(host)) !== undefined)
      .flatMap((host) => this.needs(host, "which has images of it"));
  }

  private appAt(host: string): ResolvedApp | undefined {
    const [service, namespace] = host.split(".");
    return this.props.apps.find(
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

/** Webhooks that must have answered before these objects are stored, by the apps that have them. */
const asked = (stored: Stored, what: string, { charts, apps }: StartProps): Need[] =>
  failsClosedFor(stored, charts, apps).map((webhook) => ({
    of: [appName(webhook)],
    why: `whose webhook must answer before ${what}`,
  }));

/** Record of a kubelet, so that its machine counts. */
const REPORTS: readonly Stored[] = [
  { group: "", resource: "nodes", operation: "CREATE", labels: [{}] },
  {
    ...{ group: "coordination.k8s.io", resource: "leases", operation: "UPDATE" },
    ...{ namespace: "kube-node-lease", labels: [{}] },
  },
];

const imagesOf = (release: string, charts: readonly ChartFacts[]): string[] =>
  charts
    .flatMap((chart) => (chart.known && chart.release === release ? chart.workloads : []))
    .map((workload) => podTemplateOf(workload).spec)
    .flatMap(({ containers, initContainers = [] }) => [...containers, ...initContainers])
    .flatMap(({ image }) => image ?? []);

/** Storage classes of the claims that a chart makes. */
const claimsOf = ({ claims, workloads }: KnownChart): string[] =>
  [...claims, ...workloads.flatMap(({ spec }) => spec.volumeClaimTemplates ?? [])].flatMap(
    ({ spec }) => spec.storageClassName ?? [],
  );

const platformThings = (props: StartProps, places: Places): Thing[] => {
  const { environment, charts } = props;
  const { nodes, cluster, state, backup, gitops } = environment;
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane").map(({ name }) => machine(name));
  const majority = Math.floor(controlPlanes.length / 2) + 1;
  const made = (namespace: string, labels: Stored["labels"], release: string): Need[] => [
    ...asked(podsIn(namespace, labels), "a pod of it is made", props),
    ...places.images(imagesOf(release, charts)),
  ];
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
    {
      name: CNI,
      needs: [
        { of: [API], why: "which tells it what there is" },
        deployed,
        ...REPORTS.flatMap((each) => asked(each, "a machine can report", props)),
        ...made("kube-system", renderedLabels("cilium", charts), "cilium"),
      ],
    },
    {
      name: DNS,
      needs: [
        { of: [CNI], why: "without which no pod has a network" },
        ...made("kube-system", [{ "k8s-app": "kube-dns" }], "coredns"),
      ],
    },
    {
      name: ARGO_CD,
      needs: [
        { of: [DNS], why: "by which it finds everything" },
        deployed,
        ...places.needs(gitops.repository.hostname, "which has what it syncs", true),
        ...made(ARGOCD_NAMESPACE, renderedLabels("argocd", charts), "argocd"),
      ],
    },
    { name: ROOT, needs: [{ of: syncedBy(props), why: "which syncs it", onlyFirst: true }] },
  ];
};

/** Things that sync what the GitOps side runs. */
const syncedBy = ({ environment, apps }: StartProps): readonly string[] => {
  if (engineOf(environment) !== "flux") return [ARGO_CD];
  const found = apps.filter((app) => kindsOf(app).includes(FLUX_KIND)).map(({ name }) => appName(name));
  // Flux that nobody brings is refused as such.
  return found.length > 0 ? found : [ARGO_CD];
};

const appThing = (app: ResolvedApp, props: StartProps, places: Places): Thing => {
  const { environment, apps, charts } = props;
  const rendered = renderedLabels(app.name, charts);
  const name = appName(app.name);
  const living = (declaration: unknown) => apps.find((each) => each.declaration === declaration);
  const { source, secrets, storage } = app;
  const from =
    source.kind === "git"
      ? source.props.git.repository
      : source.kind === "chart"
        ? source.props.chart.repository
        : undefined;
  const store = secretServerOf(environment.secretStore);
  const claimed = charts.flatMap((chart) =>
    chart.known && chart.release === app.name ? claimsOf(chart) : [],
  );
  const drivers = [...new Set([...Object.values(storage).map((volume) => volume.class), ...claimed])];
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
      ...(secrets.length > 0 && store ? places.needs(store.hostname, "which has its secrets", true) : []),
      ...drivers.map((each): Need => {
        const chart = charts.find((one) => one.known && one.objects[CLASS_KIND]?.includes(each));
        const said = environment.storageClasses.find((one) => one.name === each)?.driver;
        const driver = chart?.release ?? (said?.side === "apps" ? said.name : undefined);
        const of = driver !== undefined && apps.some((one) => one.name === driver) ? appName(driver) : ROOT;
        return { of: [of], why: `which has the driver of its volumes of ${each}` };
      }),
      ...asked(
        podsIn(app.namespace, rendered.length > 0 ? rendered : [app.podLabels]),
        "a pod of it is made",
        props,
      ),
      ...places.images([...(source.kind === "image" ? [source.image] : []), ...imagesOf(app.name, charts)]),
    ],
  };
};
