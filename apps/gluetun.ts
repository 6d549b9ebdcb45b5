import { app, egressToInternet, Port } from "../lib/app/index.ts";

/** Capabilities that the runtime leaves to root, and the one that sets up the tunnel. */
const CAPABILITIES = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"],
  ...["NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "NET_ADMIN"],
];

/** A tunnel to a VPN, as an HTTP and a SOCKS5 proxy for downloads. It sleeps as long as they do. */
export const gluetun = app("gluetun", {
  image: "ghcr.io/qdm12/gluetun:v3.41.1",
  port: 8888,
  ports: { socks5: Port.tcp(1080) },
  env: {
    VPN_SERVICE_PROVIDER: "nordvpn",
    VPN_TYPE: "wireguard",
    SERVER_COUNTRIES: "Switzerland",
    TZ: "Etc/UTC",
    DNS_KEEP_NAMESERVER: "on",
    FIREWALL_INPUT_PORTS: "8888,1080,9999",
    FIREWALL_OUTBOUND_SUBNETS: "10.244.0.0/16,10.96.0.0/12",
    HTTP_PROXY_LISTENING_ADDRESS: ":8888",
    SOCKS5_PROXY_LISTENING_ADDRESS: ":1080",
    HEALTH_SERVER_ADDRESS: ":9999",
    HTTPPROXY: "on",
    SOCKS5PROXY: "on",
    VPN_IPV6_ENABLED: "off",
  },
  environments: ["prod"],
  namespace: "services",
  size: "xs",
  hibernate: true,
  privileges: { why: "sets up the tunnel and its firewall", root: true, capabilities: CAPABILITIES },
  // WireGuard of the provider, on its port.
  network: [egressToInternet(Port.udp(51820), Port.tcp(443))],
  secrets: ["/apps/60-services/gluetun"],
});
