import { describe, expect, test, vi } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { exitCode, showReport } from "../../../operations/doctor/diagnosis.ts";
import { examine } from "../../../operations/doctor/doctor.ts";
import type { Probes } from "../../../operations/doctor/probes.ts";
import { lab, TODAY } from "../../environments/lab.ts";
import { failure, SECRET, world } from "./world.ts";

const environment = parseEnvironment(lab(), { today: TODAY });
const look = (change?: Parameters<typeof world>[0]) => examine(world(change), environment);

const nothing: Pick<Probes, "head" | "certificate" | "connect"> = {
  head: () => Promise.reject(new Error(SECRET)),
  certificate: () => Promise.reject(new Error(SECRET)),
  connect: () => Promise.reject(new Error(SECRET)),
};

const buckets = <T>(ask: T) => ({ tryLock: ask, bucketSettings: ask });

describe("when nothing answers", () => {
  test("it says where to begin", async () => {
    const report = await look({ ...nothing, commands: { kubectl: failure("dial tcp") } });
    expect(report.summary).toMatch(/^lab: nothing answers.*in the network of 10.1.10.0\/24\?/);
    expect(exitCode(report.findings)).toBe(1);
  });

  test("it is over by the deadline although every probe hangs, with a line for each check", async () => {
    const never = () => new Promise<never>(() => {});
    const hanging = { run: never, head: never, certificate: never, connect: never, ...buckets(never) };
    vi.useFakeTimers();
    const examined = examine(world(hanging), environment);
    await vi.advanceTimersByTimeAsync(11_000);
    const { findings } = await examined;
    vi.useRealTimers();
    expect(findings.filter(({ says }) => says === "no answer within 11 s").length).toBe(17);
  });

  test("a probe that throws at once is a line, too", async () => {
    const broken = (): never => {
      throw new Error(SECRET);
    };
    const probes = {
      run: broken,
      head: broken,
      certificate: broken,
      connect: broken,
      readFile: broken,
      variable: broken,
      ...buckets(broken),
      machinePatches: broken,
    };
    const { findings } = await look(probes);
    expect(findings.filter(({ status }) => status === "ok").map(({ check }) => check)).toEqual(["node"]);
    expect(JSON.stringify(findings)).not.toContain(SECRET);
  });
});

test("no secret is shown, whatever is read and whatever fails", async () => {
  const broken = { ...nothing, commands: { kubectl: failure(`x509 ${SECRET}`), talosctl: failure(SECRET) } };
  const unreadable = { readFile: () => `{ ${SECRET}` };
  for (const change of [{}, broken, unreadable, { ...broken, ...unreadable }]) {
    const report = await look(change);
    expect(`${JSON.stringify(report)}${showReport(report).join("\n")}`).not.toContain(SECRET);
  }
});
