/** Nodes of the simulated cluster, and the ways in which they may break. */
import type { InventoryNode } from "../../../operations/talos/inventory.ts";

export const MINUTE = 60_000;

/** The fate of one command, or of one write of the journal. `-after`: it has its effect all the same. */
export const FAULTS = [
  "fail",
  "fail-after",
  "hang",
  "hang-after",
  "garbage",
  "empty",
  "crash",
  "crash-after",
] as const;
export type Fault = (typeof FAULTS)[number];

/** The fate of one restart. */
export const RESTARTS = [
  "well",
  "long",
  "dead",
  "rolled-back",
  "wrong-image",
  "not-ready",
  "no-etcd",
  "slow-etcd",
] as const;
export type Restart = (typeof RESTARTS)[number];

/** The program that drives the upgrade dies. */
export class Crash extends Error {}

export interface SimulatedNode extends InventoryNode {
  version: string;
  runs: string;
  kubelet: string;
  pods: string;
  boot: number;
  stage: string;
  up: boolean;
  etcd: boolean;
  ready: boolean;
  cordoned: boolean;
  member: string;
  /** Down, or about to be, because of an upgrade. */
  leaving: boolean;
  upgrades: number;
}

export const bootId = ({ address, boot }: SimulatedNode): string =>
  `00000000-0000-4000-8000-${address.replaceAll(".", "").padStart(8, "0").slice(-8)}${`${boot}`.padStart(4, "0")}`;
