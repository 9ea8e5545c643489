export { Infrastructure, Policies, Costs, Questions } from "./deployment";
export { Trust, SignIn, Analytics, Payments, Deletion, Assistant } from "./people";
export { Path, Row, Never, Encryption, Keys } from "./requests";
