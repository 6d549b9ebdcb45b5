/** The one Application that GitOps starts from. */
export const ROOT_APP_NAME = "vixens-app-of-apps";
