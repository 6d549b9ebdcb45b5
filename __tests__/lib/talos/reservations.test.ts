import { expect, test } from "vitest";
import { Quantity } from "../../../lib/core/values/quantity.ts";
import { kubeletReservation, staticPodRequests } from "../../../lib/talos/reservations.ts";

const memory = (reservation: ReturnType<typeof kubeletReservation>): Quantity =>
  Quantity.sum(
    [reservation.systemReserved.memory, reservation.kubeReserved.memory, reservation.evictionMemory].map(
      Quantity.parse,
    ),
  );

test("a converged control plane keeps 2Gi of memory and 700m of CPU back", () => {
  const reservation = kubeletReservation("controlplane", "converged");
  expect(memory(reservation).toString()).toBe("2Gi");
  expect([reservation.systemReserved.cpu, reservation.kubeReserved.cpu]).toEqual(["500m", "200m"]);
});

test("a converged control plane keeps more back than a dedicated one, and that more than a worker", () => {
  const converged = memory(kubeletReservation("controlplane", "converged"));
  const dedicated = memory(kubeletReservation("controlplane", "dedicated"));
  const worker = memory(kubeletReservation("worker", "converged"));
  expect(converged.isMoreThan(dedicated)).toBe(true);
  expect(dedicated.isMoreThan(worker)).toBe(true);
});

test("the mode of the control plane changes nothing for a worker", () => {
  expect(kubeletReservation("worker", "converged")).toEqual(kubeletReservation("worker", "dedicated"));
});

test("only the API server asks for more beside workloads", () => {
  const converged = staticPodRequests("converged");
  const dedicated = staticPodRequests("dedicated");
  expect(converged.apiServer).toEqual({ cpu: "500m", memory: "1Gi" });
  expect(dedicated.apiServer).toEqual({ cpu: "200m", memory: "512Mi" });
  expect({ ...converged, apiServer: null }).toEqual({ ...dedicated, apiServer: null });
});
