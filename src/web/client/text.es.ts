/** What the script in the browser says. */
export const SCRIPT = {
  copy: (code: string) => `Copiar el código ${code}`,
  copied: '¡Copiado!',
  yourTime: (time: string) => `Tu hora: ${time}`,
  signedOut: 'No estás autorizado. Inicia sesión.',
  joinFailed: 'No pudimos abrir la clase. Probá de nuevo.',
}
