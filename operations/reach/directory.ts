/** Names that people give to the ends of a flow. */

import { distance } from "fastest-levenshtein";
import { UsageError } from "../../lib/core/usage-error.ts";
import { platformPods } from "../../lib/network/platform-pods.ts";
import { AddressError } from "../../lib/proofs/evaluator/cidr.ts";
import type { Identity, PodIdentity } from "../../lib/proofs/evaluator/identities.ts";
import { anyApp, ENDS } from "../../lib/proofs/network/inventory.ts";
import { cidrIdentity, fqdnIdentity, namedPorts, podId, shortPodName } from "./representatives.ts";
import type { Scene } from "./scene.ts";
import { serviceNamed } from "./services.ts";
import { spoken } from "./spoken.ts";

const SUGGESTIONS = 5;

/** The directory in which developers declare apps: `apps/whoami` is the pod of that name, in whatever namespace. */
const APPS = "apps";

/** The label of a rule for all pods. */
const EVERY_POD = "every pod";

const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9./_-]*[A-Za-z0-9])?=[A-Za-z0-9._-]*$/;
const FQDN = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/;

/** Cilium's names of the ends that are no pods, with the shortest words for them. */
const ENTITIES: Readonly<Record<string, string>> = {
  world: ENDS.world,
  host: ENDS.host,
  "remote-node": ENDS.remoteNode,
  "kube-apiserver": ENDS.apiServer,
  health: ENDS.health,
  ingress: ENDS.ingress,
  metadata: ENDS.metadata,
  "host-dns": ENDS.hostDns,
};

/** The error for a name that nobody has. */
export class UnknownNameError extends UsageError {}

/** An end of a flow, and a remark on how its name was read. */
interface Resolved {
  readonly identity: Identity;
  readonly notes: readonly string[];
}

const kebab = (text: string): string =>
  text
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .replaceAll(" ", "-")
    .toLowerCase();

/**
 * Finds identities by name:
 *
 * - a pod by the name that reports use (`kube-system/kube-dns`) or by a friendly one (`kube-system/coredns`);
 * - `apps/whoami`, `whoami`, `prod/whoami`: the pods of the app of that name, wherever it runs;
 * - a Service by its name or its DNS name: its pods;
 * - an end that is no pod: `internet`, `node`, `other-node`, `api-server`, `git-server`, or Cilium's entity;
 * - `media/*` or `media/any-app`: an app of a namespace that no policy names;
 * - `media/app=jellyfin,tier=web`: a pod with just these labels;
 * - an address or prefix outside the cluster, and `fqdn:github.com`.
 */
export class Directory {
  private readonly byName: ReadonlyMap<string, Identity>;

  constructor(private readonly scene: Scene) {
    const { identities } = scene;
    const byId = new Map(identities.map((identity) => [identity.id, identity]));
    const names = new Map<string, Identity>();
    const add = (name: string, identity: Identity | undefined): void => {
      if (identity && !byId.has(name) && !names.has(name)) names.set(name, identity);
    };
    for (const [key, pod] of Object.entries(platformPods)) {
      const name = kebab(key);
      for (const short of [name, name.replace(`${pod.namespace}-`, "")])
        add(`${pod.namespace}/${short}`, byId.get(pod.id));
    }
    for (const [name, id] of Object.entries(ENTITIES)) add(name, byId.get(id));
    for (const identity of identities) {
      if (identity.kind !== "pod") add(kebab(identity.id), identity);
      else add(shortPodName(identity) ?? identity.id, identity);
    }
    for (const { apps } of this.scene.networks)
      for (const [name, { namespace }] of apps)
        add(
          `${APPS}/${name}`,
          identities.find((each) => each.kind === "pod" && each.namespace === namespace),
        );
    for (const identity of identities) if (identity.kind === "pod") add(spoken(identity.id), identity);
    this.byName = new Map([...byId, ...names]);
  }

  /** Throws an UnknownNameError with the closest names. */
  resolve(name: string): Resolved {
    const text = name.trim();
    const known = this.byName.get(text) ?? this.byName.get(kebab(text));
    const app = this.synthesizedApp(text);
    if (app) return app;
    const found = known ?? this.app(text) ?? this.host(text);
    if (found) return { identity: found, notes: [] };
    const made =
      this.appByOtherName(text) ??
      this.service(text) ??
      this.pod(text) ??
      fqdn(text) ??
      address(text) ??
      this.futureApp(text);
    if (made) return made;
    const [namespace, own] = text.includes("/") ? text.split("/", 2) : ["<namespace>", "<name>"];
    throw new UnknownNameError(
      `nobody is called ${JSON.stringify(name)}; closest: ${this.closest(text).join(", ")}; ` +
        `for an app that no policy names: ${namespace}/any-app; ` +
        `for a pod by its labels: ${namespace}/app.kubernetes.io/name=${own}`,
    );
  }

  /** Names that look most like it. */
  closest(name: string): readonly string[] {
    const own = name.slice(name.indexOf("/") + 1);
    const isPod = name.includes("/");
    const score = (candidate: string): number =>
      Math.min(distance(name, candidate), 1 + distance(own, candidate.slice(candidate.indexOf("/") + 1))) +
      (isPod && this.byName.get(candidate)?.kind !== "pod" ? own.length : 0);
    const ranked = [...this.byName]
      .map(([candidate, { id }]) => ({ candidate, id, score: score(candidate) }))
      .sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1));
    const best = ranked.filter(({ id }, at) => ranked.findIndex((other) => other.id === id) === at);
    return best.slice(0, SUGGESTIONS).map(({ candidate }) => candidate);
  }

  private app(text: string): Identity | undefined {
    const [namespace, name] = text.split("/");
    if (namespace !== APPS || name === undefined || ["*", "any-app"].includes(name)) return undefined;
    return this.scene.identities.find(
      (identity) => identity.kind === "pod" && shortPodName(identity) === `${identity.namespace}/${name}`,
    );
  }

  /** `apps/<name>` of an Application: its pods where it runs, or the node when they are on its network. */
  private synthesizedApp(text: string): Resolved | undefined {
    const [namespace, name = ""] = text.split("/");
    const app = namespace === APPS && this.scene.networks.map(({ apps }) => apps.get(name)).find(Boolean);
    if (!app) return undefined;
    const host = this.byName.get(ENDS.host);
    return app.hostNetwork && host
      ? {
          identity: host,
          notes: [`${name} is on the network of its node, where policies know it as the node`],
        }
      : this.described(app);
  }

  /** An app as other reports call it: `whoami`, `prod/whoami`, or by its namespace, though it has no pods there. */
  private appByOtherName(text: string): Resolved | undefined {
    if (text === EVERY_POD) {
      const { identity, notes } = this.described(anyApp("default"));
      return { identity, notes: [...notes, "asked for a pod that no policy names"] };
    }
    const [place, name = place, ...rest] = text.split("/");
    const isApp = this.scene.networks.some(({ apps, environment }) => {
      const app = apps.get(name ?? "");
      return app && (!text.includes("/") || [environment, app.namespace].includes(place ?? ""));
    });
    return isApp && rest.length === 0 ? this.synthesizedApp(`${APPS}/${name}`) : undefined;
  }

  /** A host outside the cluster that a policy names. */
  private host(text: string): Identity | undefined {
    return this.scene.identities.find((each) => each.kind === "cidr" && each.dnsNames?.includes(text));
  }

  /** The pods of a Service that is called otherwise than they are. */
  private service(text: string): Resolved | undefined {
    const found = serviceNamed(
      text,
      this.scene.networks.flatMap(({ services }) => services),
    );
    if (!found) return undefined;
    const { identity, notes } = this.described({ namespace: found.namespace, labels: found.selector });
    return { identity, notes: [...notes, `asked for a pod of the Service ${found.namespace}/${found.name}`] };
  }

  /** Reads `apps/<name>` in an output without any app: answers for a pod of that name. */
  private futureApp(text: string): Resolved | undefined {
    const [namespace, name = "", ...rest] = text.split("/");
    if (namespace !== APPS || rest.length > 0 || !NAME.test(name)) return undefined;
    if (this.scene.networks.some(({ apps }) => apps.size > 0)) return undefined;
    const { identity, notes } = this.described({ namespace, labels: { "app.kubernetes.io/name": name } });
    return { identity, notes: [...notes, `nobody runs an app ${name} yet: asked for a pod of that name`] };
  }

  private pod(text: string): Resolved | undefined {
    const slash = text.indexOf("/");
    const [namespace, rest] = [text.slice(0, slash), text.slice(slash + 1)];
    if (slash < 1 || !NAME.test(namespace)) return undefined;
    const pairs = rest.split(",");
    const isAny = rest === "*" || rest === "any-app";
    if (!isAny && !pairs.every((pair) => LABEL.test(pair))) return undefined;
    const labels = isAny
      ? anyApp(namespace).labels
      : Object.fromEntries(pairs.map((pair) => pair.split("=") as [string, string]));
    return this.described({ namespace, labels });
  }

  private described(pod: Pick<PodIdentity, "namespace"> & Required<Pick<PodIdentity, "labels">>): Resolved {
    const { networks, named, identities } = this.scene;
    const declared = networks.find(({ namespaces }) => namespaces.has(pod.namespace));
    const isKnown =
      declared || identities.some((other) => other.kind === "pod" && other.namespace === pod.namespace);
    return {
      identity: {
        id: podId({ ...pod, namespaceLabels: {} }),
        kind: "pod",
        ...pod,
        namespaceLabels: { ...declared?.namespaces.get(pod.namespace) },
        ...(named.size > 0 && { namedPorts: namedPorts(named) }),
      },
      notes: isKnown ? [] : [`no stack and no policy knows a namespace ${pod.namespace}`],
    };
  }
}

const fqdn = (text: string): Resolved | undefined => {
  const name = text.startsWith("fqdn:") ? text.slice("fqdn:".length).toLowerCase() : "";
  return FQDN.test(name)
    ? { identity: fqdnIdentity(name), notes: ["CIDR rules that hold an address of the name are not counted"] }
    : undefined;
};

const address = (text: string): Resolved | undefined => {
  if (!/[.:]/.test(text)) return undefined;
  try {
    return { identity: cidrIdentity(text), notes: [] };
  } catch (error) {
    if (error instanceof AddressError) return undefined;
    throw error;
  }
};
