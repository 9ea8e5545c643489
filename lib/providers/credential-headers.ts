/** A credential as a bearer token: https://datatracker.ietf.org/doc/html/rfc6750 */
export const bearer = (credential: string): Record<string, string> => ({
  authorization: `Bearer ${credential}`,
});
