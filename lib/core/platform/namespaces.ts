/** Namespaces that the layers agree on. */
import { etcdBackupAccess } from "./etcd-backup-access.ts";

/** ArgoCD and the bootstrap secret of Infisical. */
export const ARGOCD_NAMESPACE = "argocd";

/** The one namespace whose pods may ask Talos for a snapshot of etcd. */
export const ETCD_BACKUP_NAMESPACE = etcdBackupAccess.namespace;
