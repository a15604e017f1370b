// Security keys (WebAuthn): a form that a key answers asks the browser for it when it is sent, and goes with the answer.
// Where a browser knows no keys the form stays as it is: at sign-in hidden, so that one types a code.

/** @param {HTMLFormElement} form @returns {Promise<Credential | null>} */
function ask(form) {
  const { keyAdd, keySignIn } = form.dataset;
  if (keyAdd) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(keyAdd));
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(keySignIn ?? "{}"));
  return navigator.credentials.get({ publicKey });
}

/** @param {HTMLFormElement} form */
function offer(form) {
  const answer = form.elements.namedItem("answer");
  const trouble = form.querySelector("[data-key-trouble]");
  if (!(answer instanceof HTMLInputElement) || !(trouble instanceof HTMLElement)) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (answer.value) return;
    event.preventDefault();
    trouble.hidden = true;
    try {
      answer.value = JSON.stringify(await ask(form));
      form.requestSubmit();
    } catch {
      trouble.hidden = false;
    }
  });
}

if ("PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential) {
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("form[data-key-add], form[data-key-sign-in]");
  forms.forEach(offer);
}
