// The code by which somebody reads the reply to what they wrote here. It is drawn on this device, which may be without a
// network; only its mark is kept and sent, so neither this disk nor the server's can open the page it leads to.

const SYMBOLS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 16;

/** A new code, 79 bits of chance. Bytes that would favour some symbols are thrown away. */
export function newCode() {
  const limit = 256 - (256 % SYMBOLS.length);
  let code = '';
  while (code.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      if (byte < limit && code.length < LENGTH) code += SYMBOLS[byte % SYMBOLS.length];
    }
  }
  return code;
}

/** As people read it aloud: ABCD-EFGH-JKMN-PQRS.
 *  @param {string} code */
export function grouped(code) {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** What the server learns of a code: SHA-256 in hex, as survey/feedback/codes.py makes it.
 *  @param {string} code */
export async function markOf(code) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`kiosk reply ${code}`));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
