/** The shape of a declaration, judged before anything is made of it: types promise it, files under `apps/` may not keep it. */
import * as z from "zod";
import { suggestion } from "../../environments/did-you-mean.ts";
import { shapeFindings } from "../../environments/shape-findings.ts";
import { type Fields, isFields } from "../core/fields.ts";
import { POD_SECURITY_STANDARDS } from "../core/kubernetes/pod-security.ts";
import { Port } from "../network/port.ts";
import type { AppDeclaration, AppProps, AppReference } from "./declaration.ts";
import { type Line, lineOf, shown } from "./problem-line.ts";
import { type AppFinder, finderAmong, referenceLines } from "./references.ts";
import { APP_SIZES, type AppSize } from "./sizes.ts";

const text = z.string();
const texts = z.array(text);
const textByName = z.record(text, text);
const variables = z.record(
  text,
  z.union(
    [text, z.strictObject({ kind: z.literal("secret-key"), key: text, path: text.optional() })],
    "must be text, or fromSecret(key)",
  ),
);
const sizeName = z.enum(Object.keys(APP_SIZES) as [AppSize, ...AppSize[]]);

/** By environments, whose names are judged against the list of those that there are. */
const perEnvironment = <T extends z.ZodType>(value: T) => z.record(text, value.optional());

/** Deeper than the values of any chart; what holds itself never ends. */
const DEEPEST = 40;

/** The first place in values that neither YAML nor JSON can say, as keys below `value`. */
const unsaid = (value: unknown, depth = 0): PropertyKey[] | undefined => {
  if (value === null || ["string", "boolean"].includes(typeof value)) return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : [];
  if (depth > DEEPEST || !(Array.isArray(value) || isFields(value))) return [];
  for (const [key, child] of Object.entries(value)) {
    const place = unsaid(child, depth + 1);
    if (place) return [Array.isArray(value) ? Number(key) : key, ...place];
  }
  return undefined;
};

const values = z.unknown().superRefine((given, context) => {
  if (typeof given === "function") return;
  const place = isFields(given) ? unsaid(given) : [];
  if (place === undefined) return;
  const message =
    place.length === 0
      ? "must be an object, or a function that gives one"
      : "must be text, a number, true, false, null, a list or an object";
  context.addIssue({ code: "custom", path: place, message });
});

const isApp = (value: unknown): value is AppDeclaration =>
  isFields(value) && typeof value.name === "string" && isFields(value.props);

const NO_APP =
  "must be an app that app() made; files under apps/ that import each other leave one of them undefined";

const anotherApp = z.custom<AppReference>(
  (value) => typeof value === "string" || typeof value === "function" || isApp(value),
  `${NO_APP}: say its name in quotes there`,
);

const ports = z.array(
  z.custom<Port>(
    (value) => value instanceof Port,
    "must be a port, 1–65535, or a range of them that is not reversed",
  ),
);

const link = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("exposed"),
    by: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("gateway") }),
      z.strictObject({ kind: z.literal("load-balancer"), address: perEnvironment(text) }),
    ]),
    ports,
  }),
  z.strictObject({ kind: z.literal("uses"), app: anotherApp, ports }),
  z.strictObject({ kind: z.literal("reached"), from: anotherApp, ports }),
  z.strictObject({ kind: z.literal("egress"), to: text, ports }),
  z.strictObject({ kind: z.literal("internet"), ports }),
  z.strictObject({ kind: z.literal("webhook"), ports }),
  z.strictObject({ kind: z.literal("scraped"), by: z.strictObject({ kind: z.literal("metrics") }), ports }),
  z.strictObject({
    kind: z.literal("nodes"),
    entities: z.array(z.enum(["host", "remote-node", "kube-apiserver", "world"])).min(1),
    ports,
  }),
  z.strictObject({ kind: z.literal("itself"), ports }),
]);

const ofContainer = {
  image: text,
  size: sizeName,
  command: texts.optional(),
  args: texts.optional(),
  env: variables.optional(),
  runAs: z.int().min(0).optional(),
  mounts: textByName.optional(),
};

const container = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("sidecar"),
    ...ofContainer,
    health: z.strictObject({ port: z.int().min(1).max(65535), path: text.optional() }).optional(),
    startsFirst: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal("init"), ...ofContainer }),
]);

const file = z.strictObject({
  kind: z.literal("file"),
  path: text,
  text: text.optional(),
  problem: text.optional(),
});

const mount = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("nfs"),
    server: text,
    share: text,
    subPath: text.optional(),
    readOnly: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal("scratch"), size: text, inMemory: z.boolean() }),
  z.strictObject({ kind: z.literal("secret"), path: text }),
  z.strictObject({ kind: z.literal("claim"), of: text, volume: text, subPath: text.optional() }),
  file,
  z.strictObject({ kind: z.literal("files"), files: z.record(text, file) }),
]);

const runs = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("schedule"), schedule: text, timeZone: text }),
  z.strictObject({ kind: z.literal("once") }),
]);

const volume = z.strictObject({
  class: text,
  size: text,
  mount: text.optional(),
  access: z.enum(["one node", "many nodes"]).optional(),
  madeByChart: z.boolean().optional(),
  backup: z
    .union(
      [z.enum(["daily", "weekly"]), z.strictObject({ off: text }), z.strictObject({ by: text })],
      "must be daily, weekly, off with a reason, or by what saves it",
    )
    .optional(),
});

/** Fields that may differ between environments. */
const differing = {
  size: sizeName,
  priority: z.enum(["critical", "high", "medium", "low"]).optional(),
  replicas: z
    .number()
    .refine(
      (count) => Number.isInteger(count) && count >= 1,
      "must be a whole number of at least 1; hibernate is for 0",
    )
    .optional(),
  network: z.array(link).optional(),
  secrets: texts.optional(),
  storage: z.record(text, volume).optional(),
  authentication: z.enum(["on", "off"]).optional(),
  dns: z.enum(["private", "public"]).optional(),
  hibernate: z.boolean().optional(),
  namespace: text.optional(),
};

const flag = z
  .object({ parameter: text })
  .catchall(z.union([text, z.number(), z.boolean()], "must be text, a number, true or false").optional());

const props = z.strictObject({
  image: text.optional(),
  ports: z
    .record(
      text,
      z.custom<Port>((value) => value instanceof Port, "must be Port.tcp(number) or Port.udp(number)"),
    )
    .optional(),
  command: texts.optional(),
  args: texts.optional(),
  env: variables.optional(),
  containers: z.record(text, container).optional(),
  mounts: z.record(text, mount).optional(),
  runs: runs.optional(),
  devices: texts.optional(),
  clusterRole: z.record(text, z.union([z.literal("read"), texts], 'must be "read", or verbs')).optional(),
  runAs: z.int().min(0).optional(),
  health: text.optional(),
  values: values.optional(),
  chart: z
    .strictObject({ repository: text, name: text, version: text, alsoFrom: texts.optional() })
    .optional(),
  places: z
    .strictObject({
      priorityClassName: texts,
      resources: z.array(
        z.union(
          [text, z.strictObject({ at: text, size: sizeName })],
          "must be a path of Helm values, or one with a size of its own",
        ),
      ),
      replicas: texts,
      podLabels: z
        .array(
          z.strictObject({
            at: text,
            containers: z.record(z.string(), z.union([z.literal("app"), sizeName])),
          }),
        )
        .optional(),
      podAnnotations: texts.optional(),
    })
    .optional(),
  git: z.strictObject({ repository: text, path: text, revision: text, workloads: texts }).optional(),
  service: z.strictObject({ name: text, port: z.int().min(1).max(65535) }).optional(),
  pods: z.union([z.literal("namespace"), textByName], 'must be labels, or "namespace"').optional(),
  port: z.union([z.number(), z.literal("none")], "must be 1–65535, or none"),
  host: z.union([text, perEnvironment(text)], "must be a host, or hosts by environment").optional(),
  environments: texts.optional(),
  alsoAt: z
    .record(
      text,
      z.strictObject({
        host: z.union([text, perEnvironment(text)], "must be a host, or hosts by environment"),
        authentication: z.enum(["on", "off"]).optional(),
      }),
    )
    .optional(),
  ...differing,
  podSecurity: z.enum(POD_SECURITY_STANDARDS).optional(),
  dependsOn: z.array(anotherApp).optional(),
  flags: z.record(text, flag).optional(),
  isolated: text.optional(),
  database: z
    .strictObject({
      on: anotherApp,
      name: text.optional(),
      owner: text.optional(),
      secret: text.optional(),
      variables: z
        .strictObject({
          host: text.optional(),
          port: text.optional(),
          name: text.optional(),
          user: text.optional(),
          password: text.optional(),
        })
        .optional(),
    })
    .optional(),
  databaseServer: z.strictObject({ cluster: text, objects: text }).optional(),
  announces: texts.optional(),
  privileges: z
    .strictObject({
      why: text,
      hostNetwork: z.boolean().optional(),
      privileged: z.boolean().optional(),
      root: z.boolean().optional(),
      hostPaths: texts.optional(),
      capabilities: z
        .array(z.string().regex(/^[A-Z][A-Z_]*$/, "must be a capability without CAP_, e.g. NET_ADMIN"))
        .optional(),
      hostPorts: z.array(z.number().int().min(1).max(65535)).optional(),
      node: perEnvironment(text).optional(),
    })
    .optional(),
  clusterKinds: texts.optional(),
  kinds: texts.optional(),
  defines: texts.optional(),
  alsoInto: texts.optional(),
  ignoreDifferences: z
    .array(z.strictObject({ group: text.optional(), kind: text, name: text.optional(), jsonPointers: texts }))
    .optional(),
  override: perEnvironment(
    z.strictObject({
      ...differing,
      size: sizeName.optional(),
      image: text.optional(),
      version: text.optional(),
      values: values.optional(),
      env: variables.optional(),
    }),
  ).optional(),
});

const SOURCES = ["image", "chart", "git"] as const;

/** Fields that go with one source alone. */
const OF_SOURCE: Readonly<Record<string, readonly (typeof SOURCES)[number][]>> = {
  env: ["image"],
  runAs: ["image"],
  health: ["image"],
  command: ["image"],
  args: ["image"],
  ports: ["image"],
  containers: ["image"],
  mounts: ["image"],
  runs: ["image"],
  devices: ["image"],
  clusterRole: ["image"],
  values: ["image", "chart"],
  places: ["chart"],
  service: ["chart", "git"],
};

const has = (given: Fields, field: string): boolean => given[field] !== undefined;

/** Rules that types state by their forms: one source with its fields, and hosts or environments. */
const formLines = (given: Fields, line: Line): string[] => {
  const [source, ...others] = SOURCES.filter((each) => has(given, each));
  if (source === undefined || others.length > 0)
    return [line("", `must have one of ${SOURCES.join(", ")}`, [source, ...others].filter(Boolean))];
  return [
    ...Object.entries(OF_SOURCE)
      .filter(([field, sources]) => has(given, field) && !sources.includes(source))
      .map(([field]) => line(field, `must not stand beside ${source}`, given[field])),
    ...(source === "chart" && !has(given, "places")
      ? [line("places", "must say where the chart takes what every app has", undefined)]
      : []),
    ...(source === "git" && !has(given, "pods")
      ? [line("pods", "must be the labels of its pods", undefined)]
      : []),
    ...(has(given, "host") && has(given, "environments")
      ? [line("environments", "must not stand beside host, which says them", given.environments)]
      : []),
  ];
};

/** The environments that a declaration names, each with its place. */
const namedEnvironments = ({ props }: AppDeclaration) => [
  ...namedByFields(props),
  ...balancedEnvironments("network", props.network),
  ...Object.entries(props.override ?? {}).flatMap(([name, each]) =>
    balancedEnvironments(`override.${name}.network`, each?.network),
  ),
];

/** Those of the addresses that links to load balancers have. */
const balancedEnvironments = (path: string, links: AppProps["network"] = []) =>
  links.flatMap((each) =>
    each.kind === "exposed" && each.by.kind === "load-balancer"
      ? Object.keys(each.by.address).map((name) => [`${path}.exposedBy(loadBalancer).${name}`, name] as const)
      : [],
  );

const namedByFields = ({ host, alsoAt, environments, override, flags, privileges }: AppProps) => [
  ...Object.entries(alsoAt ?? {}).flatMap(([by, { host: named }]) =>
    Object.keys(typeof named === "object" ? named : {}).map(
      (name) => [`alsoAt.${by}.host.${name}`, name] as const,
    ),
  ),
  ...(environments ?? []).map((name, at) => [`environments[${at}]`, name] as const),
  ...Object.keys(typeof host === "object" ? host : {}).map((name) => [`host.${name}`, name] as const),
  ...Object.keys(override ?? {}).map((name) => [`override.${name}`, name] as const),
  ...Object.keys(privileges?.node ?? {}).map((name) => [`privileges.node.${name}`, name] as const),
  ...Object.entries(flags ?? {}).flatMap(([flag, values]) =>
    Object.keys(values)
      .filter((name) => name !== "parameter")
      .map((name) => [`flags.${flag}.${name}`, name] as const),
  ),
];

/** A line for each environment that a declaration names and that there is not. */
const environmentLines = (declaration: AppDeclaration, known: readonly string[]): string[] =>
  namedEnvironments(declaration)
    .filter(([, name]) => !known.includes(name))
    .map(([path, name]) =>
      lineOf(declaration.name)(
        path,
        `must be of an environment, ${known.join(", ")}${suggestion(name, known)}`,
        name,
      ),
    );

/** Problems in the shape of one declaration, a line each: `apps.<name>.<field>: rule: got value`. */
const shapeLines = (declaration: unknown, index: number): string[] => {
  if (!isApp(declaration)) return [`apps[${index}]: ${NO_APP}: got ${shown(declaration)}`];
  const { name, props: given } = declaration;
  const line = lineOf(name);
  try {
    const { error } = props.safeParse(given, { jitless: true });
    const malformed = error ? shapeFindings(given, error, props, "an app") : [];
    return [
      ...malformed.map(({ path, rule, value }) => line(path, rule, value)),
      ...formLines(given as unknown as Fields, line),
    ];
  } catch (error) {
    return [line("", "must be data that can be read", error instanceof Error ? error.message : error)];
  }
};

export interface JudgedDeclarations {
  /** Those whose shape is what their type says. */
  readonly sound: readonly AppDeclaration[];
  /** Problems in the shape of the others, a line each. */
  readonly problems: readonly string[];
  /** Finds those that others refer to, sound or not. */
  readonly find: AppFinder;
}

/**
 * Judges declarations one by one, of whatever shape they are.
 * @param known names of all environments
 * @default known - an app may name any
 */
export const judgeDeclarations = (
  declarations: readonly unknown[],
  known?: readonly string[],
): JudgedDeclarations => {
  const find = finderAmong(declarations.filter(isApp));
  const judged = declarations.map((each, index) => {
    const lines = shapeLines(each, index);
    if (lines.length > 0 || !isApp(each)) return { each, lines };
    return { each, lines: [...(known ? environmentLines(each, known) : []), ...referenceLines(each, find)] };
  });
  return {
    sound: judged.flatMap(({ each, lines }) => (lines.length === 0 && isApp(each) ? [each] : [])),
    problems: judged.flatMap(({ lines }) => lines),
    find,
  };
};
