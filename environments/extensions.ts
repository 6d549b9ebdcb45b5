/**
 * Official system extensions by the minor version of Talos that the Image Factory builds them for: the targets of
 * siderolabs/extensions at v1.10.9, v1.11.6, v1.12.11, v1.13.9 and, before its release, the branch release-1.14 at 5732907.
 * Another minor takes an entry here.
 */
const words = (text: string): string[] => text.trim().split(/\s+/);

/** Extensions that every minor below has. */
const COMMON = words(`
  amazon-ena amd-ucode amdgpu binfmt-misc bnx2-bnx2x btrfs chelsio-drivers chelsio-firmware cloudflared crun
  ctr drbd dvb-cx23885 ecr-credential-provider fuse3 gasket-driver glibc gvisor gvisor-debug
  hello-world-service i915 intel-ice-firmware intel-ucode iscsi-tools kata-containers lldpd mdadm mei
  metal-agent nebula nfsd nut-client nvidia-container-toolkit-lts nvidia-container-toolkit-production
  nvidia-fabricmanager-lts nvidia-fabricmanager-production nvidia-open-gpu-kernel-modules-lts
  nvidia-open-gpu-kernel-modules-production nvme-cli panfrost qemu-guest-agent qlogic-firmware
  realtek-firmware revpi-firmware spin stargz-snapshotter tailscale thunderbolt uinput usb-modem-drivers
  util-linux-tools v4l-uvc-drivers vc4 vmtoolsd-guest-agent wasmedge xdma-driver xen-guest-agent youki
  zerotier zfs
`);

const ONLY: Readonly<Record<string, readonly string[]>> = {
  "1.10": words(`
  
  `),
  "1.11": words(`
    dvb-m88ds3103 hailort newt nfsrahead tenstorrent
  `),
  "1.12": words(`
    bird2 dvb-m88ds3103 gpio-pinctrl hailort mellanox-mstflint multipath-tools netbird newt nfs-utils
    nfsrahead nvidia-gdrdrv-device soci-snapshotter tenstorrent trident-iscsi-tools usb-audio-drivers xe
  `),
  "1.13": words(`
    bird2 dvb-m88ds3103 gpio-pinctrl hailort intel-npu joydev mellanox-mstflint multipath-tools netbird newt
    nfs-utils nfsrahead nvidia-gdrdrv-device px-fuse rockchip-rknn soci-snapshotter tenstorrent
    trident-iscsi-tools uhid usb-audio-drivers xe
  `),
  "1.14": words(`
    bird2 dvb-m88ds3103 gpio-pinctrl hailort harbor-credential-provider hyperv-guest-agent intel-npu
    joydev kata-containers-snp mellanox-mstflint multipath-tools netbird newt nfs-utils nfsrahead
    nvidia-gdrdrv-device px-fuse rockchip-rknn soci-snapshotter tenstorrent trident-iscsi-tools uhid
    usb-audio-drivers xe
  `),
};

/** Names as the factory lists them, e.g. `siderolabs/iscsi-tools`; undefined for a minor that nobody has looked at. */
export const extensionsOf = (talosMinor: string): readonly string[] | undefined => {
  const only = ONLY[talosMinor];
  return only && [...COMMON, ...only].map((name) => `siderolabs/${name}`);
};
