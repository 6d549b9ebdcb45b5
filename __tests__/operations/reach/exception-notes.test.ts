import { expect, test } from "vitest";
import { Subnet } from "../../../lib/core/values/subnet.ts";
import { exceptionAllowance } from "../../../lib/network/exceptions.ts";
import { compareNetworks } from "../../../operations/reach/changes.ts";
import { exceptionNotes } from "../../../operations/reach/exception-notes.ts";
import { matrixData } from "../../../operations/reach/matrix-data.ts";
import { answer } from "../../../operations/reach/question.ts";
import { ccnp, defaultDeny, networkOf } from "./lab.ts";

const policy = exceptionAllowance({
  name: "printer",
  reason: "The printer has no other way in.",
  reviewBy: "2027-01-31",
  from: { namespace: "tools" },
  to: { cidr: Subnet.parse("192.0.2.9/32") },
  ports: [{ protocol: "TCP", port: 631 }],
}).policy();
const LINE = "exception-printer: Exception until 2027-01-31: The printer has no other way in.";
const network = networkOf({ policies: [defaultDeny, policy] });

test("an exception is listed by every report, whatever is asked", () => {
  const asked = { from: "tools/any-app", to: "internet", port: { protocol: "TCP", port: 80 } } as const;
  expect(answer({ network, ...asked }).notes).toContain(LINE);
  expect(matrixData(network).notes).toContain(LINE);
  const same = new Map([["lab", network]]);
  expect(compareNetworks(same, same)[0]?.notes).toEqual([LINE]);
  expect(compareNetworks(new Map(), same)[0]?.notes).toEqual([LINE]);
});

test("other policies are none; one without a reason says so", () => {
  expect(exceptionNotes([defaultDeny, null, ccnp("no-exception", {})])).toEqual([]);
  expect(exceptionNotes([ccnp("exception-old", {})])).toEqual(["exception-old: nothing says why"]);
});
