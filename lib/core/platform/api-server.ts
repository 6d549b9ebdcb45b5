/** Port on which control planes, and the one that holds the virtual IP, answer for the Kubernetes API. */
export const API_SERVER_PORT = 6443;
