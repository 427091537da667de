/** Words of the page that moves a class. */
export const RESCHEDULE = {
  title: 'Reprogramar clase',
  /** "Grupal, ahora el **jueves 26 de noviembre** de 18:00 a 19:00 hs." */
  now: { with: (name: string) => ` con ${name}`, on: ', ahora el ', from: ' de ' },
  leave: 'Dejarla como está',
  policy: {
    title: 'Antes de cambiarla',
    movesLeft: (moves: number, untilHours: number) => `${movesLeft(moves)}, hasta ${untilHours} horas antes de que empiece.`,
    refundKept: (hours: number) =>
      `Si después la cancelás, te devolvemos el total hasta ${hours} horas antes del horario nuevo. Si el horario nuevo empieza en menos de ${hours} horas, cancelarla no tiene reembolso.`,
    slotTooSoon: (hours: number) =>
      `Este horario empieza en menos de ${hours} horas: si la pasás y después la cancelás, no tiene reembolso.`,
    refundLapses: (hours: number) => `Faltan menos de ${hours} horas: si la reprogramás y después la cancelás, no corresponde reembolso.`,
    refundLapsed: 'Si después la cancelás, no corresponde reembolso.',
    told: 'Le avisamos por mail al anfitrión, con el código nuevo, y a los invitados.',
    notCounted: 'No le descuenta al anfitrión ninguna de sus reprogramaciones.',
    same: 'El precio, el enlace de la clase y quienes ya se unieron no cambian.',
    /** Nobody joins an individual class: its code concerns nobody. */
    sameAlone: 'El precio y el enlace de la clase no cambian.',
    code: 'El código cambia: el anterior deja de funcionar.',
  },
  change: { title: 'El cambio', from: 'Ahora', to: 'Pasa al', time: 'Horario nuevo' },
  submit: 'Pasar a este horario',
  missing: 'Elegí un horario para seguir.',
}

function movesLeft(moves: number): string {
  if (moves === 1) return 'Es la última vez que podés reprogramar esta clase'
  return `Podés reprogramar esta clase ${moves === 2 ? 'dos' : moves} veces más`
}
