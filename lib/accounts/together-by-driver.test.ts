// The same by the driver: as with MongoDB, and as with the embedded database while no other way to it is open.
import { vi } from "vitest";
import "./together.test";

vi.mock("@/lib/db/client", async (original) => ({
  ...(await original<object>()),
  directly: async () => null,
}));
