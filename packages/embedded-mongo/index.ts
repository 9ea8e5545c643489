export { startEmbedded, type EmbeddedServer } from "./embedded-server";
