/** Apps that have something in common: a namespace, shares, whom they talk to. */
import { type AppDeclaration, type AppProps, app } from "./declaration.ts";

type ImageProps = Extract<AppProps, { image: string }>;

/** Fields that the apps of a group share; each may say them otherwise for itself. */
export type GroupProps = Partial<
  Pick<
    ImageProps,
    | "namespace"
    | "priority"
    | "podSecurity"
    | "authentication"
    | "dns"
    | "hibernate"
    | "runAs"
    | "privileges"
    | "env"
    | "mounts"
    | "network"
    | "dependsOn"
    | "override"
  >
>;

/**
 * Declares images that share what `common` says: maps are laid over each other, lists go one after the other, and of a
 * single value the app's own counts.
 *
 *     const media = group({ namespace: "media", env: { TZ: "Europe/Paris" } });
 *     export const sonarr = media("sonarr", { image: …, port: 8989, host: …, size: "s" });
 *
 * A namespace that several apps share stands in `namespaces` of the environment.
 */
export const group =
  (common: GroupProps) =>
  (name: string, props: ImageProps): AppDeclaration =>
    app(name, {
      ...common,
      ...props,
      ...laid("env", common, props),
      ...laid("mounts", common, props),
      ...joined("network", common, props),
      ...joined("dependsOn", common, props),
      ...(common.override && { override: overrides(common, props) }),
    } as AppProps);

const laid = (field: "env" | "mounts", common: GroupProps, props: GroupProps) =>
  common[field] && { [field]: { ...common[field], ...props[field] } };

const joined = (field: "network" | "dependsOn", common: GroupProps, props: GroupProps) =>
  common[field] && { [field]: [...common[field], ...(props[field] ?? [])] };

const overrides = (common: GroupProps, props: GroupProps) => {
  const own = new Map(Object.entries(props.override ?? {}));
  const shared = new Map(Object.entries(common.override ?? {}));
  const names = new Set([...shared.keys(), ...own.keys()]);
  return Object.fromEntries([...names].map((name) => [name, { ...shared.get(name), ...own.get(name) }]));
};
