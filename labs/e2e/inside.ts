/** The run inside of the sandbox: starts the servers, makes the world, runs the checks. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { Checks } from "../checks.ts";
import { mirroredStack } from "../contract/mirrored-stack.ts";
import type { ProviderMirror } from "../contract/provider-mirror.ts";
import { Cdktf } from "./cdktf.ts";
import { makeCertificates } from "./certificates.ts";
import { runChecks } from "./check.ts";
import { allChecks } from "./checks.ts";
import { ControlPlane, writeKubeconfig } from "./control-plane.ts";
import { type E2eWorld, type Options, Outdirs } from "./e2e-world.ts";
import { faults } from "./faults.ts";
import { clusterInventory } from "./inventory.ts";
import { SandboxKubectl } from "./kubectl.ts";
import type { Prepared } from "./prepare.ts";
import { settle } from "./sandbox.ts";
import { StateBucket } from "./state-bucket.ts";
import { type SwitchName, switches } from "./switches.ts";
import { apiServerUrl, manifests, stateLocation, variableNames } from "./synthesized.ts";
import { SandboxTerraform } from "./terraform.ts";
import { inventVariables, provideStates } from "./upstream.ts";

const ACCESS_KEY = "e2e";

export interface InsideProps {
  readonly root: string;
  readonly directory: string;
  readonly environment: Environment;
  readonly prepared: Prepared;
  readonly mirror: ProviderMirror;
  readonly options: Options;
  readonly log: (line: string) => void;
}

/** Returns the checks, all of them made. */
export const runInside = async (props: InsideProps): Promise<Checks> => {
  const { directory, prepared, options, log } = props;
  const { stacks } = prepared;
  const url = apiServerUrl(stacks);
  const [first] = stacks;
  if (first === undefined) throw new Error("no stack to deploy");
  const state = stateLocation(first);
  const endpoint = new URL(state.endpoint);
  await settle([url.hostname, endpoint.hostname], directory);

  const variables = inventVariables(
    variableNames([...stacks, ...prepared.outputs.map(({ stack }) => stack)]),
  );
  const secretKey = randomBytes(20).toString("hex");
  const env = terraformEnvironment(props, variables, secretKey);
  const terraform = new SandboxTerraform(env);
  const cdktf = new Cdktf(props.root, env);
  const certificates = await makeCertificates(join(directory, "certificates"), [url.hostname]);
  const kubeconfig = join(directory, "kubeconfig");
  writeKubeconfig(kubeconfig, url.origin, certificates);
  const kubectl = new SandboxKubectl(prepared.tools.kubectl, kubeconfig, join(directory, "kubectl"));
  const controlPlane = new ControlPlane({
    tools: prepared.tools,
    directory: join(directory, "control-plane"),
    certificates,
    address: url.hostname,
    port: url.port,
    serviceSubnet: `${props.environment.cluster.serviceSubnet}`,
    kubeconfig,
    kubectl,
  });
  const bucket = new StateBucket({
    program: prepared.tools.s3,
    directory: join(directory, "s3"),
    bucket: state.bucket,
    port: Number(endpoint.port),
    accessKeyId: ACCESS_KEY,
    secretAccessKey: secretKey,
  });
  await bucket.start();
  await controlPlane.start();
  log(`API server ${await kubectl.version()} at ${url.origin}, states at ${endpoint.origin}`);
  const credentials = certificates.administrator;
  await provideStates(prepared.outputs, { credentials, variables }, terraform, join(directory, "upstream"));

  const broken = options.faults.flatMap((name) => faults[name] ?? []);
  const always: SwitchName[] = ["without-charts", ...broken.flatMap(({ switches = [] }) => switches)];
  const definitionNames = prepared.definitions.map(
    ({ metadata }) => `CustomResourceDefinition ${metadata.name}`,
  );
  const world: E2eWorld = {
    ...prepared,
    environment: props.environment,
    manifests: stacks.flatMap(manifests),
    baseline: [...(await clusterInventory(kubectl)), ...definitionNames],
    kubectl,
    controlPlane,
    bucket,
    terraform,
    cdktf,
    helm: prepared.tools.helm,
    outdirs: new Outdirs(
      directory,
      stacks.map(({ name }) => name),
      cdktf,
      terraform,
      always,
    ),
    variables,
    credentials,
    transcript: [],
    options,
    log,
  };
  const checks = new Checks("e2e", log);
  await runChecks(allChecks(stacks), world, checks);
  await controlPlane.stop();
  await bucket.stop();
  for (const name of always) checks.note(`e2e deployed ${name}: ${switches[name].why}`);
  for (const line of stacks.flatMap(({ json }) => mirroredStack(json, props.mirror).substituted))
    checks.note(`e2e ran with ${line}, which cannot be had here`);
  checks.note(`seed ${options.seed}`);
  return checks;
};

/** Terraform takes its providers from the mirror alone, its credentials and variables from here alone. */
const terraformEnvironment = (
  { directory, mirror }: InsideProps,
  variables: Readonly<Record<string, string>>,
  secretKey: string,
): Record<string, string> => {
  const configuration = join(directory, "terraformrc");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(configuration, mirror.cliConfiguration());
  return {
    TF_CLI_CONFIG_FILE: configuration,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: secretKey,
    AWS_EC2_METADATA_DISABLED: "true",
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value])),
  };
};
