import type { Examples } from "./examples.ts";

const DAY = 24 * 3600;
const labels = 'job="cert-manager",namespace="traefik",name="wildcard"';
const expiring = (seconds: number) => ({
  [`certmanager_certificate_expiration_timestamp_seconds{${labels}}`]: `${seconds}x240`,
});
const at = { job: "cert-manager", namespace: "traefik", name: "wildcard" };

export const certificatesExamples: Examples = {
  CertificateExpiresSoon: {
    fires: [{ series: expiring(13 * DAY), at: "2h", labels: [at] }],
    quiet: [{ series: expiring(20 * DAY), at: "2h", because: "20 days are left" }],
  },
  CertificateAboutToExpire: {
    fires: [{ series: expiring(DAY), at: "1h", labels: [at] }],
    quiet: [{ series: expiring(10 * DAY), at: "1h", because: "that is only soon" }],
  },
  CertificateNotReady: {
    fires: [
      {
        series: { [`certmanager_certificate_ready_status{${labels},condition="True"}`]: "0x240" },
        at: "2h",
        labels: [{ ...at, condition: "True" }],
      },
    ],
    quiet: [
      {
        series: { [`certmanager_certificate_ready_status{${labels},condition="True"}`]: "0x30 1x210" },
        at: "2h",
        because: "issuing takes minutes",
      },
      {
        series: { [`certmanager_certificate_ready_status{${labels},condition="False"}`]: "0x240" },
        at: "2h",
        because: "not being false is well",
      },
    ],
  },
};
