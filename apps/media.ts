import { group, nfs } from "../lib/app/index.ts";

/** The directory of the NAS that downloads and libraries share. */
export const downloads = nfs("192.168.111.69", "/volume3/Downloads");

/** A directory of the NAS with what is to be seen or heard. */
export const content = (subPath: string) => nfs("192.168.111.69", "/volume3/Content", { subPath });

/** Images by hotio: they start as root, and go on as the user of `PUID`. With one node lost prod has no room for them. */
export const media = group({
  namespace: "media",
  env: { PUID: "1000", PGID: "1000", TZ: "Europe/Paris" },
  hibernate: true,
  privileges: {
    why: "its image starts as root and goes on as another user",
    root: true,
    capabilities: ["SETGID", "SETUID", "CHOWN", "DAC_OVERRIDE"],
  },
});
