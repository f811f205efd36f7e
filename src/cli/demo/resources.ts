/** What the story asks tokens for: a resource for each chapter that needs a new one. */
export const VAULT = "https://vault.azure.net/.default";
export const STORAGE = "https://storage.azure.com/.default";
export const GRAPH = "https://graph.microsoft.com/.default";
export const MANAGEMENT = "https://management.azure.com/.default";
export const SERVICE_BUS = "https://servicebus.azure.net/.default";
