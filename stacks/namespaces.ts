/** Namespaces that the layers agree on. */

/** ArgoCD and the bootstrap secret of Infisical. */
export const ARGOCD_NAMESPACE = "argocd";

/** The one namespace whose pods may ask Talos for a snapshot of etcd. */
export const ETCD_BACKUP_NAMESPACE = "etcd-backup";
