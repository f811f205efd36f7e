import { BlobServiceClient } from "@azure/storage-blob";
import { makeCredential } from "./script.ts";

/** What the script needs to know of the storage. */
export interface StorageHandover {
  readonly storage: { readonly url: string; readonly certificate: string };
}

const { storage }: StorageHandover = JSON.parse(process.argv[2] ?? "");
const credential = makeCredential();

// A client each, since a client keeps its token and asks no second time.
await things().create();
await things().getBlockBlobClient("greeting.txt").upload("hello", 5);

function things() {
  // The pipeline takes `tlsOptions`, though the storage client's own type does not name them.
  const options = { retryOptions: { maxTries: 1 }, tlsOptions: { ca: storage.certificate } };
  return new BlobServiceClient(storage.url, credential, options).getContainerClient("things");
}
