// What a client of the server needs. It loads neither the server nor LMDB.
export { openDirect, ResponseLostError, type DirectConnection } from "./direct-connection";
export { embeddedUri, socketPathOf } from "./location";
