/** Everything that an app becomes in one environment. */

import { type KnownDifference, LATER_REALITY } from "../../environments/later-reality.ts";
import type { Environment } from "../../environments/schema.ts";
import type { AppEnvironment } from "../../lib/app/app-environment.ts";
import { APP_TEMPLATE } from "../../lib/app/app-template.ts";
import type { Catalogue } from "../../lib/app/catalogue.ts";
import { closedDevices } from "../../lib/app/pod-privileges.ts";
import type { ResolvedApp } from "../../lib/app/resolved-app.ts";
import { secretNames } from "../../lib/app/secrets.ts";
import { claimName } from "../../lib/app/storage.ts";
import { CLUSTER_KINDS, display, idOf } from "../../lib/core/kubernetes/object-id.ts";
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import type { Allowance } from "../../lib/network/allowance.ts";
import { terraformSide } from "../ownership/terraform-side.ts";
import type { SynthesizedNetwork } from "../reach/synthesized.ts";
import { type AppCapacity, capacityOf } from "./capacity.ts";
import { type ContainerFields, containersOf } from "./containers.ts";
import { type ExplainedFlow, flowsOf } from "./flows.ts";
import { type Cost, VIXENS_COST } from "./vixens-cost.ts";

/** An environment as it is synthesized, with what its apps declare. */
export interface Surroundings {
  readonly environment: Environment;
  readonly stacks: readonly NamedStack[];
  readonly network: SynthesizedNetwork;
  readonly catalogue: Catalogue;
  /** The environment as its apps know it. */
  readonly home: AppEnvironment;
  /** The platform's, those that namespaces and exceptions chose, and the apps'. */
  readonly allowances: readonly Allowance[];
}

export interface Explanation {
  readonly environment: string;
  readonly app: string;
  /** The image, chart or directory that runs, e.g. `image traefik/whoami:v1.11.0 by the chart app-template 4.1.1`. */
  readonly source: string;
  readonly podSecurity: string;
  /** Its privileges on its node, and why it has them; undefined for an app without privileges. */
  readonly privileges: { readonly why: string; readonly may: readonly string[] } | undefined;
  readonly priorityClass: string;
  readonly hibernates: boolean;
  readonly objects: readonly { readonly what: string; readonly stack: string; readonly address: string }[];
  /** Declared beside effective, container by container; none where nobody knows what its chart becomes. */
  readonly containers: readonly ContainerFields[];
  readonly flows: readonly ExplainedFlow[];
  readonly capacity: AppCapacity;
  /** Names and addresses by which it is reached from outside. */
  readonly hosts: readonly { readonly host: string; readonly how: string }[];
  /** Paths in the secret store, and the Secrets that hold what is below; never a value. */
  readonly secrets: readonly { readonly path: string; readonly secret: string }[];
  readonly volumes: readonly {
    readonly claim: string;
    readonly madeBy: string;
    readonly class: string;
    readonly size: string;
    readonly backup: string;
  }[];
  readonly dependencies: readonly string[];
  readonly dependents: readonly string[];
  /** The settings that vixens has otherwise, each with the reason why it is meant. */
  readonly differences: readonly KnownDifference[];
  readonly cost: {
    readonly file: string;
    readonly lines: number | undefined;
    readonly vixens: Cost | undefined;
  };
}

/** @param lines of the app's own file; undefined when it is not called after the app */
export const explain = (app: ResolvedApp, around: Surroundings, lines: number | undefined): Explanation => {
  const { environment, network, catalogue, home, allowances } = around;
  const all = [...catalogue.apps.values()];
  return {
    environment: environment.name,
    app: app.name,
    source: sourceOf(app),
    podSecurity: app.podSecurity,
    privileges: privilegesOf(app, home),
    priorityClass: app.priorityClassName,
    hibernates: app.hibernates,
    objects: objectsOf(app, around),
    containers: containersOf(app, home),
    flows: flowsOf(app, allowances, network),
    capacity: capacityOf(app, catalogue, home, environment),
    hosts: hostsOf(app),
    secrets: secretNames(app).map((secret, at) => ({
      path: app.secrets[at] ?? "",
      secret: `${app.namespace}/${secret}`,
    })),
    volumes: explainedVolumes(app, environment),
    dependencies: app.dependencies.map(({ name }) => name),
    dependents: all
      .filter(({ dependencies }) => dependencies.includes(app.declaration))
      .map(({ name }) => name),
    differences: LATER_REALITY.filter(
      (each) =>
        each.app === app.name && (each.environment === undefined || each.environment === app.environment),
    ),
    cost: { file: `apps/${app.name}.ts`, lines, vixens: VIXENS_COST[app.name] },
  };
};

/** The claims of an app, each with who makes it and what saves it. */
export const explainedVolumes = (
  { name, namespace, storage, hibernates }: ResolvedApp,
  environment: Environment,
): Explanation["volumes"] =>
  Object.entries(storage).map(([volume, { class: storageClass, size, backup = "daily", madeByChart }]) => ({
    claim: `${namespace}/${madeByChart ? volume : claimName(name, volume)}`,
    madeBy: madeByChart ? "its chart or operator" : "this project",
    class: storageClass,
    size,
    backup:
      typeof backup === "object"
        ? "off" in backup
          ? `off: ${backup.off}`
          : `by ${backup.by}`
        : environment.backup?.volumes == null
          ? `none: ${environment.name} backs no volume up`
          : hibernates
            ? `${backup}, but not while it hibernates: there is no pod to read it from`
            : backup,
  }));

const privilegesOf = (app: ResolvedApp, home: AppEnvironment): Explanation["privileges"] => {
  const { privileges, environment, namespace } = app;
  if (privileges === undefined) return undefined;
  const { hostNetwork, privileged, root, hostPaths = [], capabilities = [], hostPorts = [] } = privileges;
  const list = (what: string, items: readonly unknown[]) =>
    items.length > 0 ? [`${what} ${items.join(", ")}`] : [];
  return {
    why: privileges.why,
    may: [
      ...(hostNetwork
        ? [
            `be on its node's network: to every policy it is the node, and has all flows of the node (homelab reach ${environment} --from node …); no policy of ${namespace} holds for it`,
          ]
        : []),
      ...(privileged ? ["be privileged: every device of its node"] : []),
      ...(root ? ["be root"] : []),
      ...list("mount", hostPaths),
      ...list("keep the capabilities", capabilities),
      ...list("take the node's ports", hostPorts),
      ...closedDevices(app, home).map(
        (device) => `not open ${device}, though it mounts it: no container is privileged`,
      ),
    ],
  };
};

/** Names the image, the chart or the directory in Git that the app runs. */
export const sourceOf = ({ source }: ResolvedApp): string => {
  if (source.kind === "image")
    return `image ${source.image} by the chart ${APP_TEMPLATE.name} ${APP_TEMPLATE.version}`;
  if (source.kind === "chart") {
    const { name, repository } = source.props.chart;
    return `chart ${name} ${source.version} of ${repository}`;
  }
  const { repository, path, revision } = source.props.git;
  return `${path} of ${repository} at ${revision}`;
};

/** Objects below the app's construct, `<env>-apps/apps/<app>`. */
const objectsOf = (app: ResolvedApp, { environment, stacks }: Surroundings): Explanation["objects"] => {
  const below = `${environment.name}-apps/apps/${app.name}/`;
  return terraformSide(stacks)
    .objects.filter(({ owner }) => owner.path.startsWith(below))
    .flatMap(({ owner: { stack, address }, object }) => {
      const id = idOf(object, CLUSTER_KINDS, "default");
      return id ? [{ what: display(id), stack, address }] : [];
    });
};

const hostsOf = ({
  host,
  alsoAt,
  authentication,
  dns,
  links,
  environment,
}: ResolvedApp): Explanation["hosts"] => [
  ...alsoAt.map((each) => ({
    host: each.host,
    how: `by ${each.by}, ${each.authentication === "on" ? "behind the login" : "without a login"}`,
  })),
  ...(host === undefined
    ? []
    : [
        {
          host,
          how: `TLS by cert-manager, ${dns} DNS, ${authentication === "on" ? "behind the login" : "without a login"}`,
        },
      ]),
  ...links.flatMap((link) => {
    const address =
      link.kind === "exposed" && link.by.kind === "load-balancer" && link.by.address[environment];
    return address ? [{ host: address, how: `load balancer, ${link.ports.join(" ")}` }] : [];
  }),
];
