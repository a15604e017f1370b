// The device's own signature: ECDSA on P-256 with SHA-256. The private key cannot be read out of this browser, not even
// by this page; the server holds only the public one, so nothing that is stored there can sign in this device's name.

const KEYS = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

/** @returns {Promise<CryptoKeyPair>} */
export function newKeys() {
  return crypto.subtle.generateKey(KEYS, false, ['sign', 'verify']);
}

/** The public key (SubjectPublicKeyInfo) in base64.
 *  @param {CryptoKeyPair} keys */
export async function publicText({ publicKey }) {
  const bytes = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  return btoa(String.fromCharCode(...bytes));
}

/** The signature of a text in hex: r and s, 32 bytes each.
 *  @param {CryptoKeyPair} keys @param {string} text */
export async function signature({ privateKey }, text) {
  return hex(await crypto.subtle.sign(SIGNATURE, privateKey, new TextEncoder().encode(text)));
}

/** @param {ArrayBuffer} buffer */
function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
