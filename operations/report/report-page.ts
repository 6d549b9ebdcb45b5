/** One page about an environment: what an operator prints and a reviewer reads in two minutes. */

import { gitopsFacts } from "../../environments/recorded/gitops-facts.ts";
import { type Environment, unknowns } from "../../environments/schema.ts";
import { advisoriesOn, type Component, endOf } from "../../environments/support.ts";
import { assessCapacity } from "../../lib/proofs/capacity/capacity.ts";
import { measuredFit } from "../../lib/proofs/capacity/measured.ts";
import { drawnApps } from "../diagrams/drawn-apps.ts";
import { networkDiagram } from "../diagrams/network-diagram.ts";
import { DIAGRAM_STYLE, escapeXml } from "../diagrams/svg.ts";
import { explainedVolumes, type Surroundings } from "../explain/explanation.ts";
import { htmlPage } from "../html.ts";
import { type Crossing, openCrossings } from "../reach/open-pairs.ts";
import { STYLE } from "./style.ts";

type Cell = string | number;

const table = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  rows.length === 0
    ? "<p>None.</p>"
    : `<table><thead><tr>${heads.map((head) => `<th scope="col">${escapeXml(head)}</th>`).join("")}</tr></thead><tbody>
${rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeXml(`${cell}`)}</td>`).join("")}</tr>`).join("\n")}
</tbody></table>`;

const section = (title: string, ...content: readonly string[]): string =>
  `<section><h2>${escapeXml(title)}</h2>\n${content.join("\n")}\n</section>`;

const paragraph = (text: string): string => `<p>${escapeXml(text)}</p>`;

const machines = ({ environment, catalogue }: Surroundings): string =>
  section(
    "Machines and networks",
    `<div class="picture">${networkDiagram(environment, drawnApps(catalogue.apps.values()))}</div>`,
  );

const capacity = ({ environment, catalogue }: Surroundings): string => {
  const { nodes, cluster, namespaces, measuredRequests } = environment;
  const { table: arithmetic } = assessCapacity({
    nodes,
    controlPlane: cluster.controlPlane,
    namespaces: [...namespaces, ...catalogue.ownNamespaces],
    requests: catalogue.requests,
    acceptSingleNode: nodes.length === 1,
  });
  const fit =
    measuredRequests && measuredFit({ nodes, controlPlane: cluster.controlPlane }, measuredRequests);
  return section(
    "Capacity with one node lost",
    `<pre>${escapeXml(arithmetic)}</pre>`,
    ...(fit ? [paragraph(`Measured: ${fit.arithmetic}.`)] : []),
  );
};

const crossingRows = (crossings: readonly Crossing[]): Cell[][] =>
  crossings.map(({ ends, pods, ports }) => [ends.join(", "), ports, pods.join(", ")]);

const reachability = ({ network }: Surroundings): string => {
  const { pods, internal, inward, outward } = openCrossings(network);
  const audited = network.audit ? ", which are only audited" : "";
  return section(
    "Who reaches whom",
    paragraph(
      `${pods} pods under ${network.policies.length} policies${audited}; ${internal} pairs of them are open. All of it: homelab reach ${network.environment} --matrix out.html.`,
    ),
    "<h3>From outside</h3>",
    table(["from", "ports", "to"], crossingRows(inward)),
    "<h3>To the outside</h3>",
    table(["to", "ports", "from"], crossingRows(outward)),
  );
};

const place = ({ bucket, endpoint }: { readonly bucket: string; readonly endpoint: unknown }): string =>
  `${bucket} at ${endpoint === null ? "AWS" : `${endpoint}`}`;

/** Every claim of the cluster, also those of the GitOps side: who makes it, and what saves it. */
const claims = ({ environment, catalogue }: Surroundings): string =>
  section(
    "Claims",
    table(
      ["claim", "of", "made by", "backup"],
      [
        ...[...catalogue.apps.values()].flatMap((app) =>
          explainedVolumes(app, environment).map(({ claim, madeBy, backup }) => [
            claim,
            app.name,
            madeBy,
            backup,
          ]),
        ),
        ...(gitopsFacts(environment.name)?.claims ?? []).map(({ id, app, by, backup }) => [
          ...[id, app, `the GitOps side, by ${by}`, backup],
        ]),
      ],
    ),
  );

const backups = ({ environment: { backup, name } }: Surroundings): string =>
  backup === null
    ? section("Backups", paragraph("There are none."))
    : section(
        "Backups",
        table(
          ["what", "when", "kept", "where"],
          [
            ...backup.tiers.map(({ name: tier, schedule, keepDays }) => [
              `etcd, ${tier}`,
              `${schedule}`,
              `${keepDays} days`,
              place(backup),
            ]),
            ...(backup.copy ? [["etcd, second place", "with each", "", place(backup.copy)]] : []),
            ...(backup.volumes ? [["volumes", "as the apps' claims say", "", place(backup.volumes)]] : []),
          ],
        ),
        paragraph(
          `${backup.copy ? "" : "There is no second place. "}${backup.lock ? "" : "No lock keeps snapshots from being deleted. "}The newest snapshot is proved by homelab verify-backup; docs/runbooks/${name} says how each loss is mended, and docs/runbooks/drill.md what was drilled.`,
        ),
      );

const COMPONENTS: readonly Component[] = ["talos", "kubernetes", "cilium", "argocdChart"];

const versions = ({ versions: of }: Environment, today: string): string =>
  section(
    "Versions",
    table(
      ["component", "version", "fixes until", "advisories"],
      COMPONENTS.map((component) => {
        const end = endOf(component, of[component])?.ends;
        return [
          component,
          of[component],
          end === undefined ? "not known to end" : end < today ? `${end}: ended` : end,
          advisoriesOn(component, of[component])
            .map(({ id, mendedIn }) => `${id} (mended in ${mendedIn})`)
            .join(", ") || "none known",
        ];
      }),
    ),
  );

/** Whatever somebody must look at again, the next day first. */
const reviews = ({ acceptedRisks, networkPolicy, waivers = [] }: Environment, today: string): string => {
  const all = [
    ...acceptedRisks.map(({ id, reason, acceptedBy, reviewBy }) => [
      reviewBy,
      "risk",
      id,
      reason,
      acceptedBy,
    ]),
    ...networkPolicy.exceptions.map(({ name, reason, reviewBy }) => [
      reviewBy,
      "network exception",
      name,
      reason,
      "",
    ]),
    ...waivers.map(({ rule, reason, until }) => [until, "waiver of the guard", rule, reason, ""]),
  ].sort(([a = ""], [b = ""]) => a.localeCompare(b));
  return section(
    "Risks and exceptions, by review date",
    table(
      ["review by", "what", "which", "reason", "accepted by"],
      all.map(([day = "", ...rest]) => [day < today ? `${day}: overdue` : day, ...rest]),
    ),
  );
};

const assumed = (environment: Environment): string =>
  section(
    "Assumptions, by how they are measured",
    table(
      ["measure", "what", "taken to be", "why"],
      unknowns(environment)
        .map(({ path, value, why, verify }) => [verify, path, value, why])
        .sort(([a = ""], [b = ""]) => a.localeCompare(b)),
    ),
  );

/** The page about a synthesized environment; `today` is YYYY-MM-DD. */
export const reportPage = (around: Surroundings, today: string): string => {
  const { environment } = around;
  const title = `${environment.name}: ${environment.cluster.name}`;
  const body = `<main>
<h1>${escapeXml(title)}</h1>
${paragraph(`As it was synthesized on ${today}.`)}
${[
  reviews(environment, today),
  versions(environment, today),
  capacity(around),
  machines(around),
  reachability(around),
  backups(around),
  claims(around),
  assumed(environment),
].join("\n")}
</main>`;
  return htmlPage({ title, style: STYLE, stylesInBody: [DIAGRAM_STYLE], body });
};
