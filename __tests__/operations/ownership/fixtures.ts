/** Checkouts and stacks of a few lines. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { TerraformJson } from "../../../lib/core/synthesis/terraform-json.ts";
import { Checkout } from "../../../operations/ownership/checkout.ts";
import { compareOwnership, type Ownership } from "../../../operations/ownership/comparison.ts";
import { gitopsSide } from "../../../operations/ownership/gitops-side.ts";
import { Kustomize } from "../../../operations/ownership/kustomize.ts";
import { terraformSide } from "../../../operations/ownership/terraform-side.ts";

export const REPOSITORY = "https://git.example.org/homelab/gitops.git";

/** Files by their paths: texts as they are, lists as documents, everything else as one document. */
export type Files = Readonly<Record<string, unknown>>;

/** Writes the files into a directory of its own, and returns its path. */
export const directoryOf = (files: Files): string => {
  const root = mkdtempSync(join(tmpdir(), "checkout-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), textOf(content));
  }
  return root;
};

const textOf = (content: unknown): string => {
  if (typeof content === "string") return content;
  return Array.isArray(content)
    ? content.map((each) => stringify(each)).join("---\n")
    : stringify(content, { aliasDuplicateObjects: false });
};

/** An object of `apiVersion kind namespace/name`; the namespace may be left out. */
export const object = (id: string, more: Readonly<Record<string, unknown>> = {}) => {
  const [apiVersion = "", kind = "", full = ""] = id.split(" ");
  const [name, namespace] = full.split("/").reverse();
  const { metadata, ...rest } = more;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(metadata as object | undefined) },
    ...rest,
  };
};

export const kustomization = (fields: object) => ({
  apiVersion: "kustomize.config.k8s.io/v1beta1",
  kind: "Kustomization",
  ...fields,
});

interface ApplicationProps {
  readonly namespace?: string;
  readonly sources?: readonly object[];
  readonly cascades?: boolean;
  readonly server?: string;
}

/** An Application that syncs `path`, or the sources given. */
export const application = (
  name: string,
  path: string,
  {
    namespace = "argocd",
    sources = [{ repoURL: REPOSITORY, targetRevision: "main", path }],
    cascades = true,
    server = "https://kubernetes.default.svc",
  }: ApplicationProps = {},
) =>
  object(`argoproj.io/v1alpha1 Application argocd/${name}`, {
    metadata: cascades ? { finalizers: ["resources-finalizer.argocd.argoproj.io"] } : {},
    spec: { project: "default", destination: { server, namespace }, sources },
  });

/** The overlay of dev that lists Applications, with whatever files they sync. */
export const overlay = (
  applications: readonly { metadata: { name?: string | undefined } }[],
  files: Files,
): Files => ({
  "argocd/overlays/dev/kustomization.yaml": kustomization({
    namespace: "argocd",
    resources: applications.map(({ metadata }) => `apps/${metadata.name}.yaml`),
  }),
  ...Object.fromEntries(
    applications.map((each) => [`argocd/overlays/dev/apps/${each.metadata.name}.yaml`, each]),
  ),
  ...files,
});

const ROOT = { path: "argocd/overlays/dev", repository: REPOSITORY, revision: "main", namespace: "argocd" };

export const gitops = (files: Files) => gitopsSide(new Checkout(directoryOf(files)), ROOT);

/** A directory, built. */
export const build = (files: Files, directory: string, more?: Readonly<Record<string, unknown>>) => {
  const unknown: string[] = [];
  const kustomize = new Kustomize(new Checkout(directoryOf(files)), ({ where, why }) =>
    unknown.push(`${where}: ${why}`),
  );
  const resources = kustomize.build(directory, more);
  return { resources, objects: resources.map((each) => each.object), unknown };
};

/** One resource of a stack, at a construct path without the stack. */
export const resource = (type: string, path: string, block: object): TerraformJson => ({
  resource: {
    [type]: {
      [path.replaceAll("/", "_")]: { "//": { metadata: { path: `dev-platform/${path}` } }, ...block },
    },
  },
});

export const manifest = (path: string, value: object): TerraformJson =>
  resource("kubectl_manifest", path, { yaml_body: JSON.stringify(value) });

const together = (parts: readonly TerraformJson[]): TerraformJson => {
  const types = parts.flatMap(({ resource = {} }) => Object.entries(resource));
  const merged: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const [type, byId] of types) merged[type] = { ...merged[type], ...byId };
  return { resource: merged };
};

export const terraform = (...parts: readonly TerraformJson[]) =>
  terraformSide([{ name: "dev-platform", json: together(parts) }]);

/** Both sides compared; the app `whoami` is in the catalogue. */
export const compare = (parts: readonly TerraformJson[], files: Files): Ownership =>
  compareOwnership("dev", terraform(...parts), gitops(files), ["whoami"]);

/** Objects with two owners. */
export const contested = (ownership: Ownership): string[] => ownership.findings.map(({ what }) => what);
