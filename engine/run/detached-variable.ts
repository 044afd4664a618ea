/** In the environment of a driver that works in a job of a cluster: the run that it is to drive. */
export const detachedRunVariable = 'SWEETSPOT_DETACHED_RUN';
