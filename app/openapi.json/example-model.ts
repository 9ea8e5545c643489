import { listModels } from "@/lib/catalog/queries";
import type { EndpointName } from "@/lib/catalog/schema";

/** The newest model that is offered at an endpoint; undefined where the last one has ended. */
export const exampleModel = (endpoint: EndpointName): string | undefined =>
  listModels().find(({ endpoints }) => endpoints.includes(endpoint))?.id;
