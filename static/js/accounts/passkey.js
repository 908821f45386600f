// Between the browser's passkeys and a form: the form is sent once the device has answered.

const asBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const asText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (credential) => ({ ...credential, id: asBytes(credential.id) });

const ask = {
  create: (options) =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: asBytes(options.challenge),
        user: { ...options.user, id: asBytes(options.user.id) },
        excludeCredentials: (options.excludeCredentials ?? []).map(withBytes),
      },
    }),
  get: (options) =>
    navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: asBytes(options.challenge),
        allowCredentials: (options.allowCredentials ?? []).map(withBytes),
      },
    }),
};

function written(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: asText(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) answer[part] = asText(response[part]);
  }
  return {
    id: credential.id,
    rawId: asText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const field = form.elements.credential;
  const problem = form.querySelector("[data-passkey-problem]");
  const options = JSON.parse(document.getElementById(form.dataset.options).textContent).publicKey;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      field.value = JSON.stringify(written(await ask[form.dataset.passkey](options)));
    } catch {
      problem.textContent = form.dataset.refused; // called off by the user, or nothing here that fits
      return;
    }
    form.submit();
  });
}
