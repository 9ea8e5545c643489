export { startEmbedded, type EmbeddedServer, type ServerOptions } from "./embedded-server";
export { DamagedDataError } from "./storage/damaged-data-error";
export { MovedDirectoryError } from "./storage/moved-directory-error";
export { checkStopped, salvageStopped } from "./stopped-directory";
export type { DirectoryReport } from "./storage/check-directory";
