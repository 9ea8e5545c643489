/** The ASCII bytes that the scanners compare with. */
export const TAB = 9;
export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const PLUS = 43;
export const COMMA = 44;
export const MINUS = 45;
export const PERIOD = 46;
export const SLASH = 47;
export const ZERO = 48;
export const NINE = 57;
export const COLON = 58;
export const UPPER_E = 69;
export const OPENING_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSING_BRACKET = 93;
export const LOWER_A = 97;
export const LOWER_B = 98;
export const LOWER_E = 101;
export const LOWER_F = 102;
export const LOWER_N = 110;
export const LOWER_R = 114;
export const LOWER_T = 116;
export const LOWER_U = 117;
export const OPENING_BRACE = 123;
export const CLOSING_BRACE = 125;

/** True for the four bytes that JSON allows between its tokens (RFC 8259 §2). */
export const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;

export const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/** The bit 0x20 turns an upper-case letter into its lower-case one. */
export const isHex = (byte: number): boolean =>
  isDigit(byte) || ((byte | 0x20) >= LOWER_A && (byte | 0x20) <= LOWER_F);
